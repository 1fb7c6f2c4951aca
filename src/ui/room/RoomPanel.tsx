import { useState } from 'react';
import { later } from '../shared/later.tsx';
import './room.css';

/** Fetched when it is opened. */
const Room = later<object>(220, () => import('./Room.tsx').then((module) => module.Room));
const ClassEffects = later<object>(220, () =>
  import('./ClassEffects.tsx').then((module) => module.ClassEffects),
);

const Trust = later<object>(420, () => import('./Trust.tsx').then((module) => module.Trust));

/** Looks at what is on screen that most visitors do not need at once: what a policy could still gain, who pays, what to trust. */
export function RoomPanel() {
  const [opened, setOpened] = useState({ room: false, classes: false, trust: false });
  return (
    <div>
      <details
        className="looks"
        onToggle={({ currentTarget: { open } }) => setOpened((was) => ({ ...was, room: open }))}
      >
        <summary>The room that is left</summary>
        {opened.room && <Room />}
      </details>
      <details
        className="looks"
        onToggle={({ currentTarget: { open } }) => setOpened((was) => ({ ...was, classes: open }))}
      >
        <summary>What it does to each class</summary>
        {opened.classes && <ClassEffects />}
      </details>
      <details
        className="looks"
        onToggle={({ currentTarget: { open } }) => setOpened((was) => ({ ...was, trust: open }))}
      >
        <summary>How far to trust a confidence</summary>
        {opened.trust && <Trust />}
      </details>
    </div>
  );
}
