import { later } from '../shared/later.tsx';
import { OnDemand, openOnDemand } from '../shared/OnDemand.tsx';
import { useScene } from '../shared/scene.ts';
import './room.css';

/** Fetched when it is opened. */
const Room = later<object>(220, () => import('./Room.tsx').then((module) => module.Room));
const ClassEffects = later<object>(220, () =>
  import('./ClassEffects.tsx').then((module) => module.ClassEffects),
);

const Trust = later<object>(420, () => import('./Trust.tsx').then((module) => module.Trust));

const Shift = later<object>(320, () => import('./Shift.tsx').then((module) => module.Shift));

const CLASSES = 'What it does to each class';

export const openClasses = (): void => openOnDemand(CLASSES);

/** Looks at what is on screen that most visitors do not need at once: what a policy could still gain, who pays, what to trust. */
export function RoomPanel() {
  const { id } = useScene();
  return (
    <div>
      <OnDemand className="looks" title="The room that is left" Body={Room} />
      <OnDemand className="looks" title={CLASSES} Body={ClassEffects} />
      <OnDemand className="looks" title="How far to trust a confidence" Body={Trust} />
      {id === 'explore' && <OnDemand className="looks" title="When images change" Body={Shift} />}
    </div>
  );
}
