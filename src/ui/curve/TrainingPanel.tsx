import { type TrainingState } from '../../state/scene/run.ts';
import { count, percent, plural } from '../shared/format.ts';
import { Panel } from '../shared/Panel.tsx';
import { useRun, useShown } from '../shared/scene.ts';

/** How the classifiers of a method that trains some are doing, while they train and afterwards. */
export function TrainingPanel() {
  const training = useRun((state) => state.training);
  const cutShort = useRun((state) => state.cutShort);
  const exits = useShown((state) => state.trace?.exits);
  if (training.length === 0) return null;
  const place = ({ exit }: TrainingState): number =>
    exits?.findIndex(({ name }) => name === exit) ?? 0;
  const sorted = [...training].sort((a, b) => place(a) - place(b));
  const { epochs, total } = training[0]!;
  return (
    <Panel
      title="Training"
      why="training"
      note={`${cutShort ? 'stopped · ' : ''}${count(total)} training images, ${plural(epochs, 'epoch')}; loss and labels before each step`}
    >
      <div className="table-scroll" tabIndex={0} role="group" aria-label="Loss and accuracy">
        <table className="training-table">
          <thead>
            <tr>
              <th scope="col">exit</th>
              <th scope="col">epoch</th>
              <th scope="col">loss, nats</th>
              <th scope="col">right</th>
              <th scope="col">loss by epoch</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((state) => (
              <tr key={state.exit}>
                <th scope="row">{state.exit}</th>
                <td>
                  {state.epoch}
                  {state.done < state.total && ` · ${percent(state.done / state.total, 0)}`}
                </td>
                <td>{Number.isFinite(state.loss) ? state.loss.toFixed(3) : 'not a number'}</td>
                <td>{percent(state.accuracy)}</td>
                <td>
                  <Sparkline values={state.history.map(({ loss }) => loss)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

const WIDTH = 80;
const HEIGHT = 18;

/** Values from left to right, the largest at the top; the numbers beside it say the rest. */
function Sparkline({ values: given }: { readonly values: readonly number[] }) {
  const values = given.filter(Number.isFinite);
  if (values.length < 2) return null;
  const most = Math.max(...values);
  const least = Math.min(...values);
  const points = values.map((value, i) => {
    const x = (i / (values.length - 1)) * (WIDTH - 2) + 1;
    const y = HEIGHT - 1 - ((value - least) / (most - least || 1)) * (HEIGHT - 2);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <svg width={WIDTH} height={HEIGHT} aria-hidden="true">
      <polyline points={points.join(' ')} fill="none" stroke="var(--ink)" />
    </svg>
  );
}
