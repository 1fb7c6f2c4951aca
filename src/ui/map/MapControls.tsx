import type { Trace } from '../../core/trace.ts';
import {
  filterByCell,
  filterByTruth,
  filterByVerdict,
  sortBy,
  type Order,
  type Verdict,
} from '../../state/scene/selection.ts';
import { turns } from '../../core/room.ts';
import { TURNS } from '../room/turns.ts';
import { plural } from '../shared/format.ts';
import { hasTruth, isUnlabelled, rightWords } from '../shared/rightWords.ts';
import { useClusterNames } from '../shared/useClusterNames.ts';
import { useScene, useSelection } from '../shared/scene.ts';
import { ClassChoice } from './ClassChoice.tsx';

interface MapControlsProps {
  readonly trace: Trace;
  readonly shown: number;
  readonly knowsDifficulty: boolean;
}

/** What the map shows and in which order. */
export function MapControls({ trace, shown, knowsDifficulty }: MapControlsProps) {
  const scene = useScene();
  const cell = useSelection((state) => state.cell);
  const truth = useSelection((state) => state.truth);
  const verdict = useSelection((state) => state.verdict);
  const order = useSelection((state) => state.order);
  const { exits } = trace;
  const words = rightWords(trace);
  const clusters = useClusterNames(trace);
  const classes = isUnlabelled(trace) ? clusters : trace.classes;
  return (
    <>
      {cell && (
        <button type="button" className="chip" onClick={() => filterByCell(scene, null)}>
          {words.taken(classes[cell.truth]!, clusters[cell.predicted]!)} at {exits[cell.exit]?.name}
          <span aria-hidden="true"> ×</span>
          <span className="visually-hidden">: remove this filter</span>
        </button>
      )}
      <span>
        {shown === trace.count
          ? plural(shown, `${trace.split} image`)
          : `${plural(shown, 'image')} of ${plural(trace.count, `${trace.split} image`)}`}
      </span>
      <ClassChoice
        title={words.kind}
        names={classes}
        chosen={truth}
        onChoose={(chosen) => filterByTruth(scene, chosen)}
      />
      <label className="field small">
        show
        <select
          value={verdict}
          onChange={(event) => filterByVerdict(scene, event.target.value as Verdict)}
        >
          <option value="all">
            {words.right} and {hasTruth(trace) ? words.wrong : 'not'}
          </option>
          <option value="right">{words.right}</option>
          <option value="wrong">{words.wrong}</option>
          {turns.map((turn) => (
            <option key={turn} value={turn}>
              {TURNS[turn].name}
            </option>
          ))}
        </select>
      </label>
      <label className="field small">
        order
        <select
          value={order === 'difficulty' && !knowsDifficulty ? 'index' : order}
          onChange={(event) => sortBy(scene, event.target.value as Order)}
        >
          <option value="index">as in the dataset</option>
          <option value="confidence">surest first</option>
          {knowsDifficulty && <option value="difficulty">easiest first</option>}
        </select>
      </label>
    </>
  );
}
