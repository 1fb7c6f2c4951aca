import { catalogue, datasetIds } from '../../data/catalogue.ts';
import { clustererFor } from '../../network/catalogue.ts';
import { titleOf, useImages } from '../../state/lease/images.ts';
import { useRuns } from '../../state/lease/runs.ts';
import { useClusters } from '../../state/unsupervised/choices.ts';
import { recordedDatasets } from '../../state/unsupervised/recorded.ts';
import { startClusters } from '../../state/unsupervised/run.ts';
import { OpenFiles } from '../bar/OpenFiles.tsx';
import { plural } from '../shared/format.ts';
import { Popover } from '../shared/Popover.tsx';
import { useOpenedHead } from '../shared/scene.ts';

/** Which images are clustered: a recorded clustering is shown at once, others are trained here. */
export function ClusterImages() {
  const chosen = useClusters((choices) => choices.dataset);
  const opened = useOpenedHead();
  const available = useImages((images) => images.available);
  const recorded = recordedDatasets(useRuns((runs) => runs.index));
  const comesTrained = (id: string): boolean => recorded.includes(id) || clustererFor(id) !== null;
  const words = (id: string): string => {
    const counts = available.get(id);
    const images = counts
      ? `${plural(counts.train + counts.test, 'image')}${id === 'strokes' ? ', drawn here' : ''}`
      : 'images not here: open its published files below';
    if (recorded.includes(id)) return `recorded clustering; ${images}`;
    if (comesTrained(id)) return `trained encoders; ${images}`;
    return counts ? `${images}; trained here` : images;
  };
  return (
    <Popover
      label={
        <>
          <span className="choice-name">Images</span> <b>{opened?.dataset ?? titleOf(chosen)}</b>{' '}
          <span aria-hidden="true">▾</span>
        </>
      }
      title="Images"
      className="images-menu"
    >
      <ul className="datasets">
        {datasetIds.map((id) => (
          <li key={id}>
            <button
              type="button"
              className="dataset"
              disabled={!available.has(id) && !recorded.includes(id)}
              aria-pressed={id === chosen && !opened}
              onClick={() =>
                startClusters(
                  comesTrained(id)
                    ? { dataset: id, start: 'trained', source: 'auto' }
                    : { dataset: id, start: 'fresh', source: 'live' },
                )
              }
            >
              <b>{catalogue[id].title}</b>
              <span>{catalogue[id].about}</span>
              <span>{words(id)}</span>
            </button>
          </li>
        ))}
      </ul>
      <OpenFiles />
    </Popover>
  );
}
