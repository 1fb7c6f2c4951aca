import { catalogue, datasetIds, isDatasetId, type DatasetId } from '../../data/catalogue.ts';
import { trainedFor } from '../../network/catalogue.ts';
import { titleOf, useImages } from '../../state/lease/images.ts';
import { useRuns } from '../../state/lease/runs.ts';
import { chooseAndRun } from '../../state/explore/run.ts';
import { useSettings } from '../../state/settings.ts';
import { clearSelection } from '../../state/scene/selection.ts';
import { count } from '../shared/format.ts';
import { Popover } from '../shared/Popover.tsx';
import { later } from '../shared/later.tsx';
import { OpenTrace } from '../traces/OpenTrace.tsx';
import { useOpenedHead, useScene } from '../shared/scene.ts';
import { ownImages, using } from '../shared/takeAway.ts';

const KeptTraces = later(0, async () => (await import('../traces/KeptTraces.tsx')).KeptTraces);

const KeptImages = later(0, async () => (await import('./KeptImages.tsx')).KeptImages);

/** Comes with the menu: it knows the formats of files and what becomes of them. */
const OpenFiles = later<object>(
  60,
  () => import('./OpenFiles.tsx').then((module) => module.OpenFiles),
  'This part of the menu',
);

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

/** Which images: what is here, and how to bring what is not. */
export function ImagesMenu() {
  const scene = useScene();
  const chosen = useSettings((settings) => settings.dataset);
  const available = useImages((images) => images.available);
  const index = useRuns((runs) => runs.index);
  const opened = useOpenedHead();
  const shown = opened?.dataset ?? chosen;
  const title = opened && !isDatasetId(shown) ? shown : titleOf(shown);
  return (
    <Popover
      label={
        <>
          <span className="choice-name">Images</span> <b>{title}</b>{' '}
          <span aria-hidden="true">▾</span>
        </>
      }
      title="Images"
      className="images-menu"
    >
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
                  useImages.setState({ singles: [] });
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
    </Popover>
  );
}
