import { later } from '../shared/later.tsx';
import { OnDemand } from '../shared/OnDemand.tsx';
import './room.css';

/** Fetched when it is opened. */
const Room = later<object>(220, () => import('./Room.tsx').then((module) => module.Room));
const ClassEffects = later<object>(220, () =>
  import('./ClassEffects.tsx').then((module) => module.ClassEffects),
);

const Trust = later<object>(420, () => import('./Trust.tsx').then((module) => module.Trust));

/** Looks at what is on screen that most visitors do not need at once: what a policy could still gain, who pays, what to trust. */
export function RoomPanel() {
  return (
    <div>
      <OnDemand className="looks" title="The room that is left" Body={Room} />
      <OnDemand className="looks" title="What it does to each class" Body={ClassEffects} />
      <OnDemand className="looks" title="How far to trust a confidence" Body={Trust} />
    </div>
  );
}
