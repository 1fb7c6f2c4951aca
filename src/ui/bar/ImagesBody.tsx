import { catalogue, datasetIds, type DatasetId } from '../../data/catalogue.ts';
import { trainedFor } from '../../network/catalogue.ts';
import { NO_SINGLES, useImages } from '../../state/lease/images.ts';
import { useRuns } from '../../state/lease/runs.ts';
import { chooseAndRun } from '../../state/explore/run.ts';
import { useSettings } from '../../state/settings.ts';
import { clearSelection } from '../../state/scene/selection.ts';
import { count } from '../shared/format.ts';
import { OpenTrace } from '../traces/OpenTrace.tsx';
import { KeptTraces } from '../traces/KeptTraces.tsx';
import { KeptImages } from './KeptImages.tsx';
import { OpenFiles } from './OpenFiles.tsx';
import { useOpenedHead, useScene } from '../shared/scene.ts';
import { ownImages, using } from '../shared/takeAway.ts';

type Counts = { readonly train: number; readonly test: number };

/** Whether a dataset can be run or replayed, or what is missing. */
function availability(
  id: DatasetId,
  counts: Counts | null,
  hasNetwork: boolean,
  recorded: boolean,
) {
  const all = id === 'strokes' ? null : catalogue[id].counts;
  const of = (split: 'train' | 'test') =>
    all && counts && counts[split] !== all[split] ? ` of ${count(all[split])}` : '';
  const images = counts
    ? `${count(counts.train)}${of('train')} training, ${count(counts.test)}${of('test')} test images${id === 'strokes' ? ', drawn here' : ''}`
    : 'images not here: open its published files below';
  if (!hasNetwork)
    return `${images}; no network here was trained on them yet: class means of theirs label on another`;
  return recorded && id !== 'strokes' ? `recorded run; ${images}` : images;
}

/** What the menu of images holds: comes with it, as it knows the formats of files and what becomes of them. */
export function ImagesBody() {
  const scene = useScene();
  const chosen = useSettings((settings) => settings.dataset);
  const available = useImages((images) => images.available);
  const index = useRuns((runs) => runs.index);
  const opened = useOpenedHead();
  return (
    <>
      <ul className="datasets">
        {datasetIds.map((id) => {
          const entry = catalogue[id];
          const counts = available.get(id);
          const hasNetwork = trainedFor(id).length > 0;
          const recorded = index?.runs.some((run) => run.dataset === id) ?? false;
          return (
            <li key={id}>
              <button
                type="button"
                className="dataset"
                disabled={!(counts || recorded)}
                aria-pressed={id === chosen && !opened}
                onClick={() => {
                  clearSelection(scene);
                  useImages.setState({ singles: NO_SINGLES });
                  if (hasNetwork) chooseAndRun({ dataset: id, network: null, source: 'auto' });
                  else void using(ownImages, ({ openUntrained }) => openUntrained(id));
                }}
              >
                <b>{entry.title}</b>
                <span>{entry.about}</span>
                <span>{availability(id, counts ?? null, hasNetwork, recorded)}</span>
              </button>
            </li>
          );
        })}
      </ul>
      <OpenFiles />
      <KeptImages />
      <OpenTrace />
      <KeptTraces />
    </>
  );
}
