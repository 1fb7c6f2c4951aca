import { useEffect, useMemo, useRef } from 'react';
import { cellAt } from '../../core/leaving.ts';
import { cellOf, leaves, thresholdsOf, type Cell, type Policy } from '../../core/policy.ts';
import type { Outcome } from '../../core/replay.ts';
import type { Trace } from '../../core/trace.ts';
import { setCellLeavingCount } from '../../state/scene/shown.ts';
import { count, percent, threshold as inWords } from '../shared/format.ts';
import { cellNames } from '../shared/methods.ts';
import { useScene, useShown } from '../shared/scene.ts';
import { useClusterNames } from '../shared/useClusterNames.ts';
import { byKeys } from './ThresholdSlider.tsx';

export interface CellThresholdsProps {
  /** The exit whose thresholds are shown; null for none. */
  readonly exit: number | null;
  readonly onClose: () => void;
}

/** The thresholds of one exit, where it has several, each with a slider that counts images as the exit's own does. */
export function CellThresholds({ exit, onClose }: CellThresholdsProps) {
  const trace = useShown((state) => state.trace);
  const outcome = useShown((state) => state.outcome);
  const policy = useShown((state) => state.policy);
  const dialog = useRef<HTMLDialogElement>(null);
  const cell = trace && policy && cellOf(policy.thresholds, trace);
  const isOpen =
    exit !== null &&
    trace !== null &&
    outcome !== null &&
    policy !== null &&
    cell &&
    cell !== 'exit';
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
              <h2 id="class-thresholds-title">
                Thresholds of {trace.exits[exit]!.name} by {cell}
              </h2>
              <p className="panel-note">{HELP[cell]}</p>
            </div>
            <button type="button" className="button" onClick={onClose}>
              Close
            </button>
          </div>
          <Rows exit={exit} trace={trace} outcome={outcome} policy={policy} cell={cell} />
        </>
      )}
    </dialog>
  );
}

const HELP: Readonly<Record<Several, string>> = {
  class:
    'An image is held against the threshold of the class that it is predicted to be of here. Images that leave, of those that arrive.',
  label:
    'An image is held against one threshold where the class means name the same class as the first judge, and another where they do not. Images that leave, of those that arrive.',
  judge:
    'Each judge has a threshold of its own, in its own unit. Images that arrive and meet it, whatever the other says.',
};

type Several = Exclude<Cell, 'exit'>;

interface RowsProps {
  readonly exit: number;
  readonly trace: Trace;
  readonly outcome: Outcome;
  readonly policy: Policy;
  readonly cell: Several;
}

function Rows({ exit, trace, outcome, policy, cell }: RowsProps) {
  const scene = useScene();
  const names = cellNames(trace, policy, useClusterNames(trace)) ?? [];
  const own = thresholdsOf(policy, trace, exit);
  const counts = useMemo(
    () => countsOf(trace, outcome, policy, cell, exit),
    [trace, outcome, policy, cell, exit],
  );
  const [what, does] = cell === 'judge' ? ['judge', 'meet it'] : ['predicted as', 'leave'];
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{cell === 'label' ? 'labels' : what}</th>
          <th scope="col">{does}</th>
          <th scope="col">
            <span className="visually-hidden">slider</span>
          </th>
          <th scope="col">T</th>
        </tr>
      </thead>
      <tbody>
        {names.map((name, c) => {
          const [arriving, leaving] = [counts.arriving[c]!, counts.leaving[c]!];
          const set = (images: number): void => setCellLeavingCount(scene, exit, c, images);
          return (
            <tr key={name}>
              <th scope="row">{name}</th>
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
                  aria-label={LABELS[cell](name)}
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

const LABELS: Readonly<Record<Several, (name: string) => string>> = {
  class: (name) => `Images predicted as ${name} that leave`,
  label: (name) => `Images that leave: ${name}`,
  judge: (name) => `Images that meet the threshold of the ${name}`,
};

/** Images that arrive at an exit and that leave there, by the threshold that they are held against; of judges, that meet it. */
function countsOf(
  trace: Trace,
  { exitOf }: Outcome,
  policy: Policy,
  cell: Several,
  exit: number,
): { arriving: Uint32Array; leaving: Uint32Array } {
  const { count: n, confidence, second } = trace;
  const own = thresholdsOf(policy, trace, exit);
  const arriving = new Uint32Array(own.length);
  const leaving = new Uint32Array(own.length);
  for (let i = 0; i < n; i++) {
    if (exitOf[i]! < exit) continue;
    const at = exit * n + i;
    if (cell === 'judge') {
      for (const [c, of] of [confidence, second!.confidence].entries()) {
        arriving[c]!++;
        if (leaves(policy.rule, of[at]!, own[c]!)) leaving[c]!++;
      }
      continue;
    }
    const c = cellAt(trace, cell, at);
    arriving[c]!++;
    if (exitOf[i] === exit) leaving[c]!++;
  }
  return { arriving, leaving };
}
