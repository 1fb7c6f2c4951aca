import { useRef } from 'react';
import { catalogue, fileDatasetIds, type FileDatasetId } from '../../data/catalogue.ts';
import { formatNames } from '../../data/formats/index.ts';
import { useImages } from '../../state/lease/images.ts';
import { openOwnFiles } from '../../state/images/open.ts';
import { notify, sentenceOf } from '../../state/notices.ts';
import { opening, using } from '../shared/takeAway.ts';
import { folderFiles, picksFolders } from './chooseFolder.ts';
import { FromHub } from './FromHub.tsx';
import { OwnImages, SinglePictures } from './OwnImages.tsx';

/** What goes wrong with them is told in a message. */
const open = (files: readonly File[], as?: FileDatasetId): void =>
  void using(opening, ({ openFiles }) => openFiles(files, as));

/** How to bring published files of a dataset, and what is still missing of them. */
export function OpenFiles() {
  const files = useImages((images) => images.files);
  const picker = useRef<HTMLInputElement>(null);
  const folderPicker = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement): void => {
    const given = [...(input.files ?? [])];
    input.value = '';
    if (given.length > 0) open(given);
  };
  const pickFolder = async (): Promise<void> => {
    if (!picksFolders(window)) folderPicker.current!.click();
    else {
      const given = await folderFiles(window);
      if (given.length > 0) open(given);
    }
  };
  return (
    <>
      <OwnImages />
      <SinglePictures />
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
          onChange={(event) => take(event.target)}
        />{' '}
        <button
          type="button"
          className="button"
          onClick={() =>
            void pickFolder().catch((error: unknown) => notify('error', sentenceOf(error)))
          }
        >
          Open a folder …
        </button>
        <input
          ref={(input) => {
            folderPicker.current = input;
            // React knows no such property.
            input?.setAttribute('webkitdirectory', '');
          }}
          type="file"
          hidden
          aria-label="Folder of pictures"
          onChange={(event) => take(event.target)}
        />
        <p className="panel-help">
          Your own classes: a folder of class folders of pictures, a .zip or .tar of them, or
          .parquet files. Or published {formatNames()} files, gzipped or not. Drop them anywhere on
          the page, or paste a picture. They are read here and go nowhere.
        </p>
      </div>
      <FromHub />
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
            <button key={id} type="button" className="button small" onClick={() => open([], id)}>
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
