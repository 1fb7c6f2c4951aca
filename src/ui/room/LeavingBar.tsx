import type { Exit } from '../../core/trace.ts';
import { depthColour } from '../shared/colours.ts';
import { percent } from '../shared/format.ts';

interface LeavingBarProps {
  /** Share that leaves at each exit. */
  readonly leaving: readonly number[];
  readonly exits: readonly Pick<Exit, 'name'>[];
}

/** The shares that leave at each exit, side by side. */
export function LeavingBar({ leaving, exits }: LeavingBarProps) {
  const words = leaving
    .flatMap((share, j) => (share > 0.005 ? [`${exits[j]!.name} ${percent(share, 0)}`] : []))
    .join(', ');
  const starts = leaving.map((_, j) => leaving.slice(0, j).reduce((sum, share) => sum + share, 0));
  return (
    <svg className="leaving-bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img">
      <title>{words}</title>
      {leaving.map((share, j) => (
        <rect
          key={exits[j]!.name}
          x={100 * starts[j]!}
          width={100 * share}
          height="10"
          fill={depthColour(j, exits.length)}
        />
      ))}
    </svg>
  );
}
