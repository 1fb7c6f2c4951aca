import { useEffect } from 'react';
import { titleOf } from '../../state/lease/images.ts';
import { chooseSearch, usePaperChoices } from '../../state/paper/choices.ts';
import { loadAllRuns } from '../../state/lease/runs.ts';
import { Panel } from '../shared/Panel.tsx';
import { Figure3Graph } from './Figure3Graph.tsx';

/** Figure 3 of the images on this page. */
export function Figure3Panel({ dataset }: { readonly dataset: string }) {
  const search = usePaperChoices((state) => state.search);
  useEffect(() => void loadAllRuns(), []);
  return (
    <Panel
      title="Figure 3: all recorded runs"
      why="figure-3"
      note={
        <label className="field small">
          thresholds by
          <select
            value={search}
            onChange={({ target }) => chooseSearch(target.value as typeof search)}
          >
            <option value="paper">paper’s search</option>
            <option value="frontier">frontier search</option>
          </select>
        </label>
      }
      help={`Figure 3 of the paper for ${titleOf(dataset)}: each thin curve is a run with another seed, the thick one their mean.`}
    >
      <Figure3Graph dataset={dataset} />
    </Panel>
  );
}
