import { stopRace } from '../../state/try/drive.ts';
import { race, raceLength } from '../../state/try/race.ts';
import { useTry, type Raced } from '../../state/try/store.ts';
import { count, percent } from '../shared/format.ts';
import { Panel } from '../shared/Panel.tsx';
import { useRun } from '../shared/scene.ts';
import { ratio } from './words.ts';

/** A thousand images in batches that grow smaller at every exit, beside the plain network: images a second. */
export function BatchPanel() {
  const raced = useTry((state) => state.raced);
  const racing = useTry((state) => state.racing);
  const tried = useTry((state) => state.tried);
  const dataset = useRun((state) => state.dataset);
  const all = raceLength(dataset?.test.count ?? 0);
  return (
    <Panel
      title="A thousand images"
      why="batch"
      help="In batches of 128: whoever leaves is dropped from the batch, so that later stages run for the others alone. Real images a second, not FLOPs."
    >
      <p>
        {racing === null ? (
          <button
            type="button"
            className="button small"
            disabled={!tried || !dataset}
            onClick={() => void race()}
          >
            Drive the test images
          </button>
        ) : (
          <>
            <button type="button" className="button small" onClick={stopRace}>
              Stop
            </button>{' '}
            <span role="status">
              {count(racing)} of {count(all)} both ways
            </span>
          </>
        )}
      </p>
      {raced && <Rates raced={raced} />}
    </Panel>
  );
}

function Rates({ raced }: { readonly raced: Raced }) {
  const { rates, accuracy, cost, unit, images, batch, asReplayed } = raced;
  const gains = rates.staged > rates.plain;
  return (
    <>
      <table className="clock">
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Way</span>
            </th>
            <th scope="col">images/s</th>
            <th scope="col">right</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">stops</th>
            <td>{count(Math.round(rates.staged))}</td>
            <td>{percent(accuracy.staged)}</td>
          </tr>
          <tr>
            <th scope="row">plain</th>
            <td>{count(Math.round(rates.plain))}</td>
            <td>{percent(accuracy.plain)}</td>
          </tr>
        </tbody>
      </table>
      <p className="panel-help">
        {count(images)} test images in batches of {batch}, on one worker, the median of three
        rounds: {ratio(rates.staged, rates.plain)} as many images a second at {cost.toFixed(2)} of
        the {unit}
        {gains
          ? '.'
          : '. Here asking the exits and making batches smaller costs more than the stages that are not run.'}
        {asReplayed !== null &&
          ` ${count(asReplayed)} of them left where the replay of the trace says, with its label.`}
      </p>
    </>
  );
}
