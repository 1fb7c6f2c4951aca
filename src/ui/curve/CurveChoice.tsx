import type { CurveId } from '../../state/scene/curve.ts';
import { useExplore } from '../../state/scene/shown.ts';
import { chooseAndSearch, useSearches } from '../../state/scene/searches.ts';
import { count, duration } from '../shared/format.ts';
import { CURVES, wordsOf } from './curves.ts';

/** Who chooses the thresholds, with one line of help and how far the search is. */
export function CurveChoice() {
  const { chosen, curves } = useExplore();
  const running = useSearches((state) => state.running);
  const curve = curves[chosen];
  const { help, citation } = wordsOf(chosen);
  return (
    <div className="curve-choice">
      <label className="field small">
        Thresholds by
        <select
          value={chosen}
          onChange={(event) => void chooseAndSearch(event.target.value as CurveId)}
        >
          {CURVES.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <span className="curve-progress" role="status">
        {curve
          ? `${count(curve.tried)} policies, ${curve.stops.length} undominated${curve.done < 1 ? `, ${Math.round(curve.done * 100)} %` : `, ${seconds(curve.seconds)}`}`
          : running === chosen
            ? 'searching …'
            : 'waits for the training images'}
      </span>
      <p className="panel-help" title={citation}>
        {help}
      </p>
    </div>
  );
}

function seconds(value: number): string {
  return value < 10 ? `${value.toFixed(1)} s` : duration(value);
}
