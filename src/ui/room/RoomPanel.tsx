import { useState } from 'react';
import { later } from '../shared/later.tsx';
import './room.css';

/** Fetched when it is opened. */
const Room = later<object>(220, () => import('./Room.tsx').then((module) => module.Room));
const ClassEffects = later<object>(220, () =>
  import('./ClassEffects.tsx').then((module) => module.ClassEffects),
);

/** Two looks at the policy on screen that most visitors do not need at once: what it could still gain, and who pays. */
export function RoomPanel() {
  const [opened, setOpened] = useState({ room: false, classes: false });
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
    </div>
  );
}
