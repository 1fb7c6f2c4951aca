import { useEffect, useRef } from 'react';
import { enlarge } from '../../state/scene/selection.ts';
import { later } from '../shared/later.tsx';
import { useScene, useSelection } from '../shared/scene.ts';

const MatrixDialogBody = later<{ readonly exit: number }>(
  200,
  () => import('./MatrixDialogBody.tsx').then((module) => module.MatrixDialogBody),
  'The enlarged matrix',
);

/** One exit's confusion matrix, large, with a button a cell. */
export function MatrixDialog() {
  const scene = useScene();
  const exit = useSelection((state) => state.enlarged);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (exit !== null && !dialog.current!.open) dialog.current!.showModal();
    if (exit === null && dialog.current!.open) dialog.current!.close();
  }, [exit]);
  return (
    <dialog
      ref={dialog}
      onClose={() => enlarge(scene, null)}
      aria-labelledby="matrix-title"
      className="matrix-dialog"
    >
      {exit !== null && <MatrixDialogBody exit={exit} />}
    </dialog>
  );
}
