/** From files whose roles are known to a checked dataset. */
import { catalogue, isFileDatasetId, type FileDatasetId } from './catalogue.ts';
import { DataError, grouped } from './errors.ts';
import { identify } from './fingerprints.ts';
import { checkLabels, readIdxImages, readIdxLabels } from './formats/idx.ts';
import { readCifar } from './formats/cifar.ts';
import type { Dataset, ImageShape, Split, SplitName } from '../core/dataset.ts';
import type { ByteSource, ReadOptions } from './formats/bytes.ts';

/** The files of one split and how to read them. */
export type SplitFiles =
  | { readonly layout: 'idx'; readonly images: ByteSource; readonly labels: ByteSource }
  | { readonly layout: 'cifar'; readonly batches: readonly ByteSource[] };

/** A dataset that is all there, not read yet. `files` is the id of idx files of no known dataset. */
export interface Plan {
  readonly id: FileDatasetId | 'files';
  readonly train: SplitFiles;
  readonly test: SplitFiles;
  /** `Dataset.source`. */
  readonly source: string;
}

/** Use only the first images of a split. */
export type Limit = Readonly<Partial<Record<SplitName, number>>>;

export interface LoadProgress {
  /** `bytes` as stored while files are read; `images` while they are drawn. */
  readonly unit: 'bytes' | 'images';
  readonly done: number;
  /** Null when it is not known beforehand. */
  readonly total: number | null;
  /** What is being read or drawn now ("train-images-idx3-ubyte.gz", "training images"). */
  readonly what: string;
}

export interface LoadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

interface ReadSplit extends Split {
  /** Images that the files hold. */
  readonly total: number;
  readonly shape: ImageShape;
  /** True when the content is that of a published file, or its beginning. */
  readonly published: boolean;
  readonly labelFile: string;
}

/**
 * Reads a plan.
 * @throws DataError for anything wrong with a file; AbortError.
 */
export async function assemble(
  plan: Plan,
  limit: Limit = {},
  options: LoadOptions = {},
): Promise<Dataset> {
  const meter = new Meter(plan, limit, options.onProgress);
  const train = await readSplit(plan, 'train', limit.train, meter, options.signal);
  const test = await readSplit(plan, 'test', limit.test, meter, options.signal);
  const entry = isFileDatasetId(plan.id) ? catalogue[plan.id] : null;
  if (train.shape.join() !== test.shape.join()) {
    throw new DataError(
      `The training images are ${size(train.shape)} pixels, the test images ${size(test.shape)}: ` +
        'they belong to different datasets.',
    );
  }
  const classes = entry?.classes ?? numbered(train.labels);
  if (!entry) checkLabels(test.labels, classes.length, test.labelFile);
  const notes = [partial('training', train, limit.train, entry?.counts.train)];
  notes.push(partial('test', test, limit.test, entry?.counts.test));
  if (entry?.layout === 'idx' && !(train.published && test.published)) {
    notes.push(`the files are not (all) the published ${entry.title} files`);
  }
  const note = notes.filter((text) => text !== null).join('; ');
  return {
    id: plan.id,
    title: entry?.title ?? 'Your files',
    classes,
    shape: train.shape,
    train: bare(train),
    test: bare(test),
    source: plan.source,
    ...(note && { note }),
  };
}

async function readSplit(
  plan: Plan,
  split: SplitName,
  limit: number | undefined,
  meter: Meter,
  signal: AbortSignal | undefined,
): Promise<ReadSplit> {
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) {
    throw new DataError(
      `The number of ${split} images to use must be a whole number above 0; got ${limit}.`,
    );
  }
  const files = plan[split];
  if (files.layout === 'idx') return readIdxSplit(plan.id, split, files, limit, meter, signal);
  const kind = plan.id === 'cifar-100' ? 'cifar-100' : 'cifar-10';
  const sources = files.batches.map((batch) => meter.watch(batch));
  const guess = catalogue[kind].counts[split];
  const read = await readCifar(sources, kind, { signal, limit, guess, onBytes: meter.onBytes });
  const labelFile = files.batches[0]!.name;
  const total = limit === undefined ? read.count : guess;
  return { ...read, total, shape: catalogue[kind].shape, published: true, labelFile };
}

async function readIdxSplit(
  id: Plan['id'],
  split: SplitName,
  files: Extract<SplitFiles, { layout: 'idx' }>,
  limit: number | undefined,
  meter: Meter,
  signal: AbortSignal | undefined,
): Promise<ReadSplit> {
  const options: ReadOptions = { signal, onBytes: meter.onBytes };
  const entry = isFileDatasetId(id) ? catalogue[id] : null;
  // Labels first: they are small, and their number is known before the images are read.
  const labels = await readIdxLabels(meter.watch(files.labels), options);
  const knownLabels = checkIdentity(id, split, files.labels.name, identify(labels, 'labels'));
  if (entry) checkLabels(labels, entry.classes.length, files.labels.name);
  const read = await readIdxImages(meter.watch(files.images), { ...options, limit }, (header) => {
    if (header.count !== labels.length) {
      throw new DataError(
        `${files.images.name} holds ${grouped(header.count)} images, ${files.labels.name} holds ` +
          `${grouped(labels.length)} labels: they do not belong together.`,
      );
    }
    const [height, width] = entry?.shape ?? [header.height, header.width];
    if (header.height !== height || header.width !== width) {
      throw new DataError(
        `${files.images.name} holds images of ${header.height} × ${header.width} pixels; ` +
          `${entry?.title} has ${height} × ${width}. Choose the dataset that they belong to.`,
      );
    }
  });
  const knownImages = checkIdentity(id, split, files.images.name, identify(read.images, 'images'));
  return {
    images: read.images,
    labels: read.count < labels.length ? labels.slice(0, read.count) : labels,
    count: read.count,
    total: read.total,
    shape: [read.height, read.width, 1],
    // A few images are too few to recognise; their labels are always read whole.
    published: knownLabels && (knownImages || read.images.length < 65_536),
    labelFile: files.labels.name,
  };
}

/** @throws DataError when the content is known and is another dataset's, or the other split's. */
function checkIdentity(
  id: Plan['id'],
  split: SplitName,
  name: string,
  found: ReturnType<typeof identify>,
): boolean {
  if (found && id !== 'files' && (found.id !== id || found.split !== split)) {
    throw new DataError(
      `${name} holds the ${found.split} ${found.kind} of ${catalogue[found.id].title}; expected the ${split} ` +
        `${found.kind} of ${catalogue[id].title}. Put the right file in its place.`,
    );
  }
  return found !== null;
}

/** What a reader of the numbers must know about a split that is not whole. */
function partial(
  name: string,
  split: ReadSplit,
  limit: number | undefined,
  complete: number | undefined,
): string | null {
  const whole = complete ?? split.total;
  if (split.count === whole) return null;
  const first = limit !== undefined || split.published;
  if (first && split.count < whole) {
    return `${name} images: the first ${grouped(split.count)} of ${grouped(whole)}`;
  }
  return `${name} images: ${grouped(split.count)} instead of ${grouped(whole)}`;
}

function bare({ images, labels, count }: Split): Split {
  return { images, labels, count };
}

function numbered(labels: Uint8Array): string[] {
  let top = 0;
  for (const label of labels) if (label > top) top = label;
  return Array.from({ length: top + 1 }, (_, k) => String(k));
}

function size([height, width]: ImageShape): string {
  return `${height} × ${width}`;
}

/** Adds up the bytes of all files of a plan. */
class Meter {
  #done = 0;
  #what = '';
  readonly #total: number | null;
  readonly #report: LoadOptions['onProgress'];

  constructor(plan: Plan, limit: Limit, report: LoadOptions['onProgress']) {
    const sum = [plan.train, plan.test]
      .flatMap((files) => (files.layout === 'idx' ? [files.images, files.labels] : files.batches))
      .reduce((total, source) => total + (source.size ?? NaN), 0);
    const isLimited = limit.train !== undefined || limit.test !== undefined;
    this.#total = Number.isNaN(sum) || isLimited ? null : sum;
    this.#report = report;
  }

  /** The same source, but its name is what progress names from the moment that it is opened. */
  watch(source: ByteSource): ByteSource {
    return {
      name: source.name,
      ...(source.size !== undefined && { size: source.size }),
      stream: () => {
        this.#what = source.name;
        return source.stream();
      },
    };
  }

  readonly onBytes = (bytes: number): void => {
    this.#done += bytes;
    this.#report?.({ unit: 'bytes', done: this.#done, total: this.#total, what: this.#what });
  };
}
