import { useEffect, useMemo, useRef } from 'react';
import { thresholdsOf, type Policy } from '../../core/policy.ts';
import type { Outcome } from '../../core/replay.ts';
import type { Trace } from '../../core/trace.ts';
import { setClassLeavingCount } from '../../state/scene/shown.ts';
import { count, percent, threshold as inWords } from '../shared/format.ts';
import { useScene, useShown } from '../shared/scene.ts';
import { useClusterNames } from '../shared/useClusterNames.ts';
import { byKeys } from './ThresholdSlider.tsx';

export interface ClassThresholdsProps {
  /** The exit whose classes are shown; null for none. */
  readonly exit: number | null;
  readonly onClose: () => void;
}

/** The thresholds of one exit class by class, each with a slider that counts images as the exit's own does. */
export function ClassThresholds({ exit, onClose }: ClassThresholdsProps) {
  const trace = useShown((state) => state.trace);
  const outcome = useShown((state) => state.outcome);
  const policy = useShown((state) => state.policy);
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = exit !== null && trace !== null && outcome !== null && policy !== null;
  useEffect(() => {
    if (isOpen && !dialog.current!.open) dialog.current!.showModal();
    if (!isOpen && dialog.current!.open) dialog.current!.close();
  }, [isOpen]);
  return (
    <dialog
      ref={dialog}
      onClose={onClose}
      aria-labelledby="class-thresholds-title"
      className="class-thresholds"
    >
      {isOpen && (
        <>
          <div className="dialog-head">
            <div>
              <h2 id="class-thresholds-title">Thresholds of {trace.exits[exit]!.name} by class</h2>
              <p className="panel-note">
                An image is held against the threshold of the class that it is predicted to be of
                here. Images that leave, of those that arrive.
              </p>
            </div>
            <button type="button" className="button" onClick={onClose}>
              Close
            </button>
          </div>
          <ClassRows exit={exit} trace={trace} outcome={outcome} policy={policy} />
        </>
      )}
    </dialog>
  );
}

interface ClassRowsProps {
  readonly exit: number;
  readonly trace: Trace;
  readonly outcome: Outcome;
  readonly policy: Policy;
}

function ClassRows({ exit, trace, outcome, policy }: ClassRowsProps) {
  const scene = useScene();
  const names = useClusterNames(trace);
  const counts = useMemo(() => countsByClass(trace, outcome, exit), [trace, outcome, exit]);
  const own = thresholdsOf(policy, trace, exit);
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">predicted as</th>
          <th scope="col">leave</th>
          <th scope="col">
            <span className="visually-hidden">slider</span>
          </th>
          <th scope="col">T</th>
        </tr>
      </thead>
      <tbody>
        {trace.classes.map((name, c) => {
          const [arriving, leaving] = [counts.arriving[c]!, counts.leaving[c]!];
          const set = (images: number): void => setClassLeavingCount(scene, exit, c, images);
          return (
            <tr key={name}>
              <th scope="row">{names[c]}</th>
              <td>
                {count(leaving)} of {count(arriving)}
              </td>
              <td>
                <input
                  type="range"
                  min={0}
                  max={Math.max(1, arriving)}
                  value={leaving}
                  disabled={arriving === 0}
                  aria-label={`Images predicted as ${names[c]} that leave`}
                  aria-valuetext={`${count(leaving)} of ${count(arriving)}, top ${percent(arriving === 0 ? 0 : leaving / arriving)}, threshold ${inWords(own[c]!, policy.rule)}`}
                  onChange={(event) => set(Number(event.target.value))}
                  onKeyDown={byKeys(arriving, leaving, set)}
                />
              </td>
              <td title={`T = ${own[c]!}`}>{inWords(own[c]!, policy.rule)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Images that arrive at an exit and that leave there, by the class that it predicts. */
function countsByClass(
  { count: n, classes, prediction }: Trace,
  { exitOf }: Outcome,
  exit: number,
): { arriving: Uint32Array; leaving: Uint32Array } {
  const arriving = new Uint32Array(classes.length);
  const leaving = new Uint32Array(classes.length);
  for (let i = 0; i < n; i++) {
    if (exitOf[i]! < exit) continue;
    const predicted = prediction[exit * n + i]!;
    arriving[predicted]!++;
    if (exitOf[i] === exit) leaving[predicted]!++;
  }
  return { arriving, leaving };
}
