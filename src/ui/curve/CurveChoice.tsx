import type { CurveId } from '../../state/scene/curve.ts';
import { tuningTrace } from '../../state/scene/derive.ts';
import { chooseAndSearch } from '../../state/scene/searches.ts';
import { count, duration } from '../shared/format.ts';
import { AgreementChoice } from './AgreementChoice.tsx';
import { offeredOn, wordsOf } from './curves.ts';
import { useRun, useScene, useShown, useSearches } from '../shared/scene.ts';

/** Who chooses the thresholds, with one line of help and how far the search is. */
export function CurveChoice() {
  const scene = useScene();
  const chosen = useShown((state) => state.chosen);
  const curves = useShown((state) => state.curves);
  const running = useSearches((state) => state.running);
  const opened = useRun((state) => state.opened);
  const tuning = useShown(tuningTrace);
  // The one that a link names is in the list, whatever it is.
  const those = offeredOn(useShown((state) => state.trace));
  const offered = those.some(({ id }) => id === chosen) ? those : [...those, wordsOf(chosen)];
  const isUntuned = opened !== null && tuning === null;
  const curve = curves[chosen];
  const { help, citation } = wordsOf(chosen);
  return (
    <div className="curve-choice">
      <AgreementChoice />
      <label className="field small">
        Thresholds by
        <select
          value={chosen}
          onChange={(event) => void chooseAndSearch(scene, event.target.value as CurveId)}
        >
          {offered.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <span className="curve-progress" role="status">
        {curve
          ? `${count(curve.tried)} policies, ${curve.stops.length} undominated${curve.done < 1 ? `, ${Math.round(curve.done * 100)} %` : `, ${seconds(curve.seconds)}`}`
          : running.some((search) => search === chosen)
            ? 'searching …'
            : isUntuned
              ? 'no images to choose them on'
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
