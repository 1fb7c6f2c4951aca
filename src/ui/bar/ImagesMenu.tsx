import { useRef } from 'react';
import {
  catalogue,
  datasetIds,
  fileDatasetIds,
  isFileDatasetId,
  type DatasetId,
} from '../../data/catalogue.ts';
import { trainedFor } from '../../network/catalogue.ts';
import { useImages } from '../../state/images.ts';
import { openFiles } from '../../state/open.ts';
import { useRuns } from '../../state/runs.ts';
import { chooseAndRun } from '../../state/session.ts';
import { useSettings } from '../../state/settings.ts';
import { clearSelection } from '../../state/view.ts';
import { count } from '../shared/format.ts';
import { Popover } from '../shared/Popover.tsx';

type Counts = { readonly train: number; readonly test: number };

/** Whether a dataset can be run or replayed, or what is missing. */
function availability(
  id: DatasetId,
  counts: Counts | null,
  hasNetwork: boolean,
  recorded: boolean,
) {
  const images = counts
    ? `${count(counts.train)} training, ${count(counts.test)} test images${id === 'strokes' ? ', drawn here' : ''}`
    : 'images not here: open its published files below';
  if (!hasNetwork) return `${images}; no network here was trained on them yet`;
  return recorded && id !== 'strokes' ? `recorded run; ${images}` : images;
}

const idxDatasets = fileDatasetIds.filter((id) => catalogue[id].layout === 'idx');

/** Which images: what is here, and how to bring what is not. */
export function ImagesMenu() {
  const chosen = useSettings((settings) => settings.dataset);
  const { available, files } = useImages();
  const index = useRuns((runs) => runs.index);
  const picker = useRef<HTMLInputElement>(null);
  const title = chosen in catalogue ? catalogue[chosen as DatasetId].title : chosen;
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
                disabled={!(counts || recorded) || !hasNetwork}
                aria-pressed={id === chosen}
                onClick={() => {
                  clearSelection();
                  chooseAndRun({ dataset: id, network: null, source: 'auto' });
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
      <div className="open-files">
        <button type="button" className="button" onClick={() => picker.current!.click()}>
          Open files …
        </button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label="Dataset files"
          onChange={(event) => {
            const given = [...(event.target.files ?? [])];
            event.target.value = '';
            if (given.length > 0)
              void openFiles(given, isFileDatasetId(chosen) ? chosen : undefined);
          }}
        />
        <p className="panel-help">
          Published idx or CIFAR binary files, gzipped or not; or drop them anywhere on the page.
          They are read here and go nowhere.
        </p>
      </div>
      {files && !files.complete && files.missing.length > 0 && (
        <p className="panel-help" role="status">
          {files.title} so far: {files.files.filter(({ ok }) => ok).length} usable files. Still
          missing: {files.missing.join(', ')}.
        </p>
      )}
      {files?.complete && files.id === 'files' && (
        <p className="panel-help" role="status">
          The opened idx files are none of the published ones. Take them for{' '}
          {idxDatasets.map((id) => (
            <button
              key={id}
              type="button"
              className="button small"
              onClick={() => void openFiles([], id)}
            >
              {catalogue[id].title}
            </button>
          ))}
        </p>
      )}
    </Popover>
  );
}
