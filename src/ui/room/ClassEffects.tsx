import { useMemo } from 'react';
import { classEffects, type ClassEffect } from '../../core/class-table.ts';
import { filterByTruth } from '../../state/scene/selection.ts';
import { count, percent, points } from '../shared/format.ts';
import { rightWords } from '../shared/rightWords.ts';
import { useScene, useSelection, useShown } from '../shared/scene.ts';
import { LeavingBar } from './LeavingBar.tsx';

/** What the policy on screen does to each class, what loses most first. */
export function ClassEffects() {
  const scene = useScene();
  const trace = useShown((state) => state.trace);
  const outcome = useShown((state) => state.outcome);
  const truth = useSelection((state) => state.truth);
  const effects = useMemo(
    () => (trace && outcome ? classEffects(trace, outcome) : null),
    [trace, outcome],
  );
  if (!trace || !effects) return null;
  const words = rightWords(trace);
  return (
    <div className="room">
      <div className="table-scroll" tabIndex={0} role="group" aria-label="Effects by class">
        <table>
          <thead>
            <tr>
              <th scope="col">{words.kind}</th>
              <th scope="col" title={`against ${words.thePlain}, in points`}>
                change
              </th>
              <th scope="col">{words.right}</th>
              <th scope="col" title={`${words.wrong} where they leave, ${words.right} at the end`}>
                lost
              </th>
              <th scope="col">cost</th>
              <th scope="col">leave at</th>
            </tr>
          </thead>
          <tbody>
            {effects.map((effect) => (
              <tr key={effect.label} className={truth === effect.label ? 'here' : ''}>
                <th scope="row">
                  <button
                    type="button"
                    className="link"
                    title={`${count(effect.images)} images`}
                    onClick={() =>
                      filterByTruth(scene, truth === effect.label ? null : effect.label)
                    }
                  >
                    {trace.classes[effect.label]}
                  </button>
                </th>
                <td>{points(100 * (effect.accuracy - effect.plain))}</td>
                <td>
                  {percent(effect.accuracy)}
                  <small>{interval(effect.interval)}</small>
                </td>
                <td>
                  {percent(effect.lost)}
                  <small>{interval(effect.lostInterval)}</small>
                </td>
                <td>{effect.cost.toFixed(2)}</td>
                <td>
                  <LeavingBar leaving={effect.leaving} exits={trace.exits} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="panel-help">
        Change of accuracy against {words.thePlain}, in points; {trace.split}, {count(trace.count)}{' '}
        images. Intervals are exact (Clopper–Pearson, 95 %) and for one class looked at alone.
      </p>
    </div>
  );
}

const interval = ([low, high]: ClassEffect['interval']): string =>
  `${(100 * low).toFixed(1)} – ${(100 * high).toFixed(1)}`;
