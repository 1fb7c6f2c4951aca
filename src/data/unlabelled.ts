/** Images of which nobody says what they show: idx image files or pictures alone, for what needs no classes. */
import { imageBytes, sliceImages, type Dataset, type Split } from '../core/dataset.ts';
import { DataError, grouped } from './errors.ts';
import type { PlacedSource } from './archives/placed.ts';
import { readIdxImages } from './formats/idx.ts';
import type { ByteSource } from './formats/bytes.ts';
import { readAlone, type PicturesAlone, type Reading } from './pictures/read.ts';
import { inspectFiles } from './sources/files.ts';
import type { Limit, LoadOptions } from './assemble.ts';
import { UNLABELLED } from './catalogue.ts';

/** Share of the images that make up the test split: the last ones. */
const TEST_SHARE = 0.2;
/** Names of the clusters that are taken for want of classes. */
const CLUSTERS = 10;

/**
 * Reads idx images or pictures, one file after the other; the last fifth of all images is the test split.
 * @param reading how pictures are read.
 * @throws DataError with a sentence when they do not belong together or are too few.
 */
export async function readUnlabelled(
  files: readonly ByteSource[],
  reading: Reading,
  limit: Limit,
  options: LoadOptions,
): Promise<Dataset> {
  const wanted = (limit.train ?? Infinity) + (limit.test ?? Infinity);
  const classless = await classlessAmong(files, options.signal);
  const { shape, images, count, notes, leftOut } =
    classless === null
      ? await idxAlone(files, wanted, options)
      : await readAlone(classless.slice(0, wanted), reading, options);
  if (count < 2)
    throw new DataError(
      `There ${count === 1 ? 'is 1 image' : 'are no images'} in ${files.map(({ name }) => name).join(', ')}; expected more.`,
    );
  const all: Split = { images, labels: new Uint8Array(count), count };
  const share = Math.max(1, Math.round(TEST_SHARE * count));
  // Where there are fewer than were asked for, the test images do not take those of training.
  const test = count >= wanted ? (limit.test ?? share) : Math.min(limit.test ?? share, share);
  const train = Math.min(limit.train ?? Infinity, Math.max(1, count - test));
  const own = ({ images: of, labels, count: n }: Split): Split => ({
    images: of.slice(),
    labels: labels.slice(),
    count: n,
  });
  return {
    id: UNLABELLED,
    title: 'Your images',
    classes: Array.from({ length: CLUSTERS }, (_, c) => `cluster ${c + 1}`),
    shape,
    train: own(sliceImages(all, shape, 0, train)),
    test: own(sliceImages(all, shape, train, Math.min(count, train + test))),
    source: 'files opened here, without classes',
    labelled: false,
    note: [
      `${grouped(count)} images without classes: the last ${grouped(Math.min(test, count - train))} are the test split`,
      ...notes,
      ...(leftOut.length > 0
        ? [
            `${grouped(leftOut.length)} ${leftOut.length === 1 ? 'picture is' : 'pictures are'} left out`,
          ]
        : []),
    ].join('; '),
    ...(leftOut.length > 0 && { leftOut }),
  };
}

/** Idx image files, one after the other. */
async function idxAlone(
  files: readonly ByteSource[],
  wanted: number,
  { signal, onProgress }: LoadOptions,
): Promise<PicturesAlone> {
  const parts: { readonly name: string; readonly images: Uint8Array; readonly count: number }[] =
    [];
  let [height, width, channels, count] = [0, 0, 1, 0];
  for (const file of files) {
    if (count >= wanted) break;
    const read = await readIdxImages(file, { signal, limit: wanted - count });
    if (
      parts.length > 0 &&
      [read.height, read.width, read.channels].join() !== [height, width, channels].join()
    )
      throw new DataError(
        `${file.name} holds images of ${read.height} × ${read.width} pixels, ${parts[0]!.name} of ${height} × ${width}: ` +
          'images that are clustered together are of one size.',
      );
    [height, width, channels] = [read.height, read.width, read.channels];
    parts.push({ name: file.name, images: read.images, count: read.count });
    count += read.count;
    onProgress?.({ unit: 'images', done: count, total: null, what: file.name });
  }
  const shape = [height, width, channels] as const;
  const images = new Uint8Array(count * imageBytes(shape));
  let at = 0;
  for (const part of parts) {
    images.set(part.images, at);
    at += part.images.length;
  }
  return { shape, images, count, notes: [], leftOut: [] };
}

/** The pictures of files that are no idx files; null where they are. */
async function classlessAmong(
  files: readonly ByteSource[],
  signal: AbortSignal | undefined,
): Promise<readonly PlacedSource[] | null> {
  const { tree } = await inspectFiles(files, undefined, signal);
  return tree && tree.classless.length > 0 ? tree.classless : null;
}
