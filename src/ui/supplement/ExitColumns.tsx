import { useMemo } from 'react';
import { drawnMatrix } from '../../core/confusion.ts';
import { thresholdsOf, type Policy } from '../../core/policy.ts';
import { arrivingCounts } from '../../core/quantile.ts';
import type { Outcome } from '../../core/replay.ts';
import { accuracyAt, relativeCost, type Trace } from '../../core/trace.ts';
import { MatrixCanvas } from '../rail/MatrixCanvas.tsx';
import { Road } from '../rail/Road.tsx';
import { depthColour } from '../shared/colours.ts';
import { count, percent, threshold as inWords } from '../shared/format.ts';
import '../rail/rail.css';

interface ExitColumnsProps {
  readonly trace: Trace;
  readonly outcome: Outcome;
  readonly policy: Policy;
  /** CSS pixels that there are. */
  readonly width: number;
  readonly onMove: (exit: number, count: number) => void;
}

/** Narrowest column, and side of a matrix, CSS pixels. */
const NARROWEST = 84;
const SIDE = 76;

/** The exits side by side: what each knows, who drives on, and its threshold. */
export function ExitColumns({ trace, outcome, policy, width, onMove }: ExitColumnsProps) {
  const { exits } = trace;
  const last = exits.length - 1;
  const column = Math.max(NARROWEST, Math.floor(width / exits.length));
  const arriving = arrivingCounts(outcome);
  return (
    <div className="columns-box" role="group" aria-label="Exits" tabIndex={0}>
      <div
        className="columns"
        style={{
          width: column * exits.length,
          gridTemplateColumns: `repeat(${exits.length}, ${column}px)`,
        }}
      >
        {exits.map((_, j) => (
          <Head key={j} trace={trace} exit={j} />
        ))}
        {arriving.map((here, j) => (
          <div key={j} className="arriving">
            {percent(trace.count === 0 ? 0 : here / trace.count, 0)}
          </div>
        ))}
        <div className="road-row">
          <Road outcome={outcome} column={column} />
        </div>
        {exits.map(({ name }, j) => {
          if (j === last)
            return (
              <div key={j} className="threshold last">
                everyone left
              </div>
            );
          const own = thresholdsOf(policy, trace, j);
          const [least, most] = [Math.min(...own), Math.max(...own)];
          const [here, left] = [arriving[j]!, outcome.leaving[j]!];
          return (
            <div key={j} className="threshold">
              <input
                type="range"
                min={0}
                max={Math.max(1, here)}
                step={1}
                value={left}
                disabled={here === 0}
                aria-label={`Images that leave at ${name}`}
                aria-valuetext={`${count(left)} of ${count(here)} arriving images`}
                onChange={({ target }) => onMove(j, Number(target.value))}
                style={
                  { '--fill': depthColour(j, exits.length), width: '100%' } as React.CSSProperties
                }
              />
              <span>{percent(here === 0 ? 0 : left / here, 1)}</span>
              <span className="threshold-t">
                T {inWords(least, policy.rule)}
                {most !== least && ` … ${inWords(most, policy.rule)}`}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Head({ trace, exit }: { readonly trace: Trace; readonly exit: number }) {
  const { name } = trace.exits[exit]!;
  const { counts, k } = useMemo(() => drawnMatrix(trace, exit, 'all'), [trace, exit]);
  const accuracy = useMemo(() => accuracyAt(trace, exit), [trace, exit]);
  return (
    <div className="exit-head" style={{ borderTopColor: depthColour(exit, trace.exits.length) }}>
      <h2 title={name}>{name}</h2>
      <MatrixCanvas counts={counts} k={k} side={SIDE} />
      <div className="exit-accuracy">{percent(accuracy)}</div>
      <div className="exit-cost">cost {relativeCost(trace, exit).toFixed(2)}</div>
    </div>
  );
}
