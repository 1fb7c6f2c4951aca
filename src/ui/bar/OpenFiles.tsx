import { useRef } from 'react';
import { catalogue, fileDatasetIds } from '../../data/catalogue.ts';
import { formatNames } from '../../data/formats/index.ts';
import { useImages } from '../../state/lease/images.ts';
import { openFiles, openOwnFiles } from '../../state/open.ts';

/** How to bring published files of a dataset, and what is still missing of them. */
export function OpenFiles() {
  const files = useImages((images) => images.files);
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
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
            if (given.length > 0) void openFiles(given);
          }}
        />
        <p className="panel-help">
          Published {formatNames()} files, gzipped or not; or drop them anywhere on the page. They
          are read here and go nowhere.
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
          The opened {files.format} files are none of the published ones.{' '}
          <button type="button" className="button small" onClick={openOwnFiles}>
            Open them as your own
          </button>{' '}
          or take them for{' '}
          {datasetsOf(files.format).map((id) => (
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
    </>
  );
}

/** Datasets that files of a format may be taken for. */
function datasetsOf(format: string | null) {
  return fileDatasetIds.filter((id) => catalogue[id].layout === format);
}
