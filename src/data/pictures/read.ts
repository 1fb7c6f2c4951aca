/** Picture files → a dataset: decoded one by one, brought to one size as they come, so that memory holds what is used. */
import type { Dataset, ImageShape, Split, SplitName } from '../../core/dataset.ts';
import type { PlacedSource } from '../archives/placed.ts';
import type { Limit, LoadOptions } from '../assemble.ts';
import { duplicatesNote } from '../duplicates.ts';
import { DataError, grouped } from '../errors.ts';
import type { Bytes } from '../formats/bytes.ts';
import { decodePicture } from './decode.ts';
import { withChannels, type Raster } from './raster.ts';
import { FITS, type Fit } from './options.ts';
import { fitted } from './resize.ts';
import type { Labelled, Sharing, Tree } from './tree.ts';

/** How pictures are made images of a dataset. */
export interface Reading extends Sharing {
  readonly fit: Fit;
  readonly target: Target;
}

/** What the network takes. */
export interface Target {
  /** Height = width of what pictures are resized to. */
  readonly size: number;
  /** Square pictures that are all of one size up to this stay as they are: the network pads or resizes them itself. */
  readonly most: number;
  readonly channels: 1 | 3;
}

const MOST_BYTES = 2 ** 31 - 1;

/**
 * Decodes the pictures of a tree. One that cannot be decoded is left out and named in `leftOut`.
 * @throws DataError with a sentence when too few are left, or memory would not hold them; AbortError.
 */
export async function readPictures(
  tree: Tree<PlacedSource>,
  reading: Reading,
  limit: Limit,
  options: LoadOptions,
): Promise<Dataset> {
  const parts = (['train', 'test'] as const).map((name) => {
    const all = tree[name];
    return { name, files: all.slice(0, limit[name] ?? all.length), total: all.length };
  });
  const files = parts.flatMap(({ name, files: some }) => some.map((one) => ({ ...one, name })));
  const gatherer = new Gatherer(files.length, reading);
  const { kept, leftOut } = await gathered(files, gatherer, options);
  const { shape, images } = gatherer.finish();
  const bytes = shape[0] * shape[1] * shape[2];
  let from = 0;
  const splitOf = (name: SplitName): Split => {
    const mine = kept.filter((one) => one.name === name);
    const start = from;
    from += mine.length;
    return {
      images: images.slice(start * bytes, from * bytes),
      labels: Uint8Array.from(mine, ({ label }) => label),
      count: mine.length,
    };
  };
  const [train, test] = [splitOf('train'), splitOf('test')];
  for (const [what, { count }] of [
    ['training', train],
    ['test', test],
  ] as const)
    if (count === 0)
      throw new DataError(
        `None of the ${what} pictures can be used. ${leftOut[0] ?? 'There is none.'}`,
      );
  const notes = [
    ...parts.map(({ name, files: some, total }) =>
      some.length < total
        ? `${name === 'train' ? 'training' : 'test'} images: the first ${grouped(some.length)} of ${grouped(total)}`
        : null,
    ),
    ...gatherer.notes(),
    ...tree.notes,
    leftOut.length > 0
      ? `${grouped(leftOut.length)} ${leftOut.length === 1 ? 'picture is' : 'pictures are'} left out`
      : null,
    duplicatesNote(train, test, shape),
  ].filter((note) => note !== null);
  return {
    ...{ id: 'files', title: 'Your files', classes: tree.classes, shape, train, test },
    source: 'pictures opened here',
    ...(tree.isShared && { seed: reading.seed }),
    ...(notes.length > 0 && { note: notes.join('; ') }),
    ...(leftOut.length + tree.faults.length > 0 && { leftOut: [...tree.faults, ...leftOut] }),
  };
}

/**
 * Pictures of which nobody says what they show, as the test images of a dataset whose training images are at hand.
 * @throws DataError with a sentence when none can be decoded; AbortError.
 */
export async function besideTraining(
  dataset: Dataset,
  pictures: readonly PlacedSource[],
  fit: Fit,
  options: LoadOptions,
): Promise<Dataset> {
  const [height, width, channels] = dataset.shape;
  const size = Math.max(height, width);
  const target = { size, most: 0, channels: channels === 1 ? 1 : 3 } as const;
  const files = pictures.map((file) => ({ file, label: 0 }));
  const gatherer = new Gatherer(files.length, { fit, target, share: 0, seed: 0 });
  const { kept, leftOut } = await gathered(files, gatherer, options);
  if (kept.length === 0) throw new DataError(leftOut[0] ?? 'There is no picture to look at.');
  if (height !== width)
    throw new DataError(
      `Single pictures are shown beside square images; those at hand are ${height} × ${width}.`,
    );
  const { images } = gatherer.finish();
  const { note: before, leftOut: already = [], ...rest } = dataset;
  const note = [
    before,
    `${kept.length === 1 ? 'one picture' : `${grouped(kept.length)} pictures`} of unknown class ${kept.length === 1 ? 'is' : 'are'} the test images`,
    ...gatherer.notes(),
  ];
  return {
    ...rest,
    test: { images, labels: new Uint8Array(kept.length), count: kept.length, labelled: false },
    note: note.filter((text) => text !== undefined).join('; '),
    ...(already.length + leftOut.length > 0 && { leftOut: [...already, ...leftOut] }),
  };
}

/** Images side by side, of which nobody says what they show. */
export interface PicturesAlone {
  readonly shape: ImageShape;
  /** [count, height, width, channels]. */
  readonly images: Uint8Array;
  readonly count: number;
  /** What was done to them, without a full stop. */
  readonly notes: readonly string[];
  /** Sentences on those that cannot be used. */
  readonly leftOut: readonly string[];
}

/** Decodes pictures of no class. @throws AbortError; RangeError when memory would not hold them. */
export async function readAlone(
  pictures: readonly PlacedSource[],
  reading: Reading,
  options: LoadOptions,
): Promise<PicturesAlone> {
  const files = pictures.map((file) => ({ file, label: 0 }));
  const gatherer = new Gatherer(files.length, reading);
  const { kept, leftOut } = await gathered(files, gatherer, options);
  return { ...gatherer.finish(), count: kept.length, notes: gatherer.notes(), leftOut };
}

async function gathered<File extends Labelled<PlacedSource>>(
  files: readonly File[],
  gatherer: Gatherer,
  { signal, onProgress }: LoadOptions,
): Promise<{ kept: File[]; leftOut: string[] }> {
  const kept: File[] = [];
  const leftOut: string[] = [];
  for (const [i, one] of files.entries()) {
    signal?.throwIfAborted();
    const { file } = one;
    onProgress?.({ unit: 'images', done: i, total: files.length, what: file.name });
    try {
      gatherer.add(await decodePicture(await bytesOf(file), file.path));
      kept.push(one);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof DataError)) throw error;
      leftOut.push(error.message);
    }
  }
  onProgress?.({ unit: 'images', done: files.length, total: files.length, what: 'pictures' });
  return { kept, leftOut };
}

async function bytesOf(source: PlacedSource): Promise<Bytes> {
  try {
    return new Uint8Array(await (source.blob ?? new Response(source.stream())).arrayBuffer());
  } catch (error) {
    if (error instanceof DataError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new DataError(`${source.path} cannot be read (${why}). Copy it anew, or leave it out.`);
  }
}

/**
 * Images side by side. Those that are all square and of one size, which the network takes, stay as they are, byte for byte; with the
 * first other one all are resized.
 */
class Gatherer {
  readonly #room: number;
  readonly #reading: Reading;
  #count = 0;
  #images = new Uint8Array(0);
  /** Of the images so far. */
  #size: { readonly height: number; readonly width: number } | null = null;
  #isResized = false;
  /** Whether any picture is another one than it was. */
  #isChanged = false;
  #madeGrey = false;
  #madeColour = false;

  constructor(room: number, reading: Reading) {
    this.#room = room;
    this.#reading = reading;
  }

  /** @throws DataError when memory would not hold the images. */
  add(decoded: Raster): void {
    const { target } = this.#reading;
    if (decoded.channels !== target.channels) {
      if (target.channels === 1) this.#madeGrey = true;
      else this.#madeColour = true;
    }
    const raster = withChannels(decoded, target.channels);
    const { width, height } = raster;
    if (!this.#size && width === height && width <= target.most) this.#begin(height, width);
    const isAlike = this.#size?.height === height && this.#size.width === width;
    if (!isAlike && !this.#isResized) this.#resizeAll();
    const image = this.#isResized ? this.#fitted(raster) : raster;
    this.#images.set(image.pixels, this.#count++ * image.pixels.length);
  }

  /** [count, height, width, channels]. */
  finish(): { shape: ImageShape; images: Uint8Array } {
    const { size, channels } = this.#reading.target;
    const { height, width } = this.#size ?? { height: size, width: size };
    return {
      shape: [height, width, channels],
      images: this.#images.subarray(0, this.#count * height * width * channels),
    };
  }

  /** What was done to the pictures, in words. */
  notes(): string[] {
    const { fit, target } = this.#reading;
    return [
      ...(this.#isChanged
        ? [
            `pictures are ${FITS[fit]} and resized to ${target.size} × ${target.size} (area average; bilinear where they are smaller)`,
          ]
        : []),
      ...(this.#madeGrey ? ['colour is made grey'] : []),
      ...(this.#madeColour ? ['grey is made colour'] : []),
    ];
  }

  #fitted(raster: Raster): Raster {
    const { target, fit } = this.#reading;
    const image = fitted(raster, target.size, fit);
    if (image !== raster) this.#isChanged = true;
    return image;
  }

  #begin(height: number, width: number): void {
    const { channels } = this.#reading.target;
    const bytes = this.#room * height * width * channels;
    if (bytes > MOST_BYTES)
      throw new RangeError(
        `${grouped(this.#room)} images of ${height} × ${width} are ${grouped(bytes)} bytes`,
      );
    this.#images = new Uint8Array(bytes);
    this.#size = { height, width };
  }

  #resizeAll(): void {
    const { channels, size } = this.#reading.target;
    const [before, old] = [this.#images, this.#size];
    this.#isResized = true;
    this.#begin(size, size);
    if (!old) return;
    const bytes = old.height * old.width * channels;
    for (let i = 0; i < this.#count; i++) {
      const pixels = before.subarray(i * bytes, (i + 1) * bytes);
      const { pixels: resized } = this.#fitted({ ...old, channels, pixels });
      this.#images.set(resized, i * resized.length);
    }
  }
}
