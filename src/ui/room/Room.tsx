import { useMemo } from 'react';
import { turns } from '../../core/room.ts';
import { countTurns } from '../../core/turn-counts.ts';
import { idealsNow } from '../../state/scene/ideals.ts';
import { filterByVerdict } from '../../state/scene/selection.ts';
import { costWords } from '../shared/costWords.ts';
import { count, percent } from '../shared/format.ts';
import { rightWords } from '../shared/rightWords.ts';
import { useScene, useSelection, useShown } from '../shared/scene.ts';
import { TURNS } from './turns.ts';

/** What a rule that knew more than confidences would reach, and what going on has done to images. */
export function Room() {
  const scene = useScene();
  const trace = useShown((state) => state.trace);
  const outcome = useShown((state) => state.outcome);
  const verdict = useSelection((state) => state.verdict);
  const ideals = useMemo(() => trace && idealsNow(trace), [trace]);
  const counts = useMemo(
    () => (trace && outcome ? countTurns(trace, outcome) : null),
    [trace, outcome],
  );
  if (!trace || !outcome || !ideals || !counts) return null;
  const words = rightWords(trace);
  const now = { cost: outcome.meanFlops / trace.networkFlops, accuracy: outcome.accuracy };
  const rows = [
    { name: 'this policy', ...now },
    { name: 'leaves at the first exit that is right', ...ideals.first },
    { name: 'leaves once its label stays the same', ...ideals.stable },
  ];
  return (
    <div className="room">
      <table>
        <thead>
          <tr>
            <th scope="col">an image …</th>
            <th scope="col">{words.right}</th>
            <th scope="col">{costWords(trace).of}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, accuracy, cost }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{percent(accuracy)}</td>
              <td>{cost.toFixed(3)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="panel-help">
        The second row knows the truth, the third all exits to come: no rule can, and what lies
        between is what a better sign of when to leave could win. {trace.split},{' '}
        {count(trace.count)} images.
      </p>
      <ul className="turns">
        {turns.map((turn) => (
          <li key={turn}>
            <button
              type="button"
              className="link"
              aria-pressed={verdict === turn}
              onClick={() => filterByVerdict(scene, verdict === turn ? 'all' : turn)}
            >
              {count(counts[turn])} {TURNS[turn].name}
            </button>{' '}
            {TURNS[turn].meaning}
          </li>
        ))}
      </ul>
    </div>
  );
}
