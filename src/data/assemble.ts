/** From files whose roles are known to a checked dataset. */
import { catalogue, type FileDatasetId } from './catalogue.ts';
import { duplicatesNote } from './duplicates.ts';
import { DataError, grouped } from './errors.ts';
import { checkLabels } from './formats/idx.ts';
import type { Dataset, ImageShape, Split, SplitName } from '../core/dataset.ts';
import type { ByteSource } from './formats/bytes.ts';
import type { ReadSplit } from './formats/format.ts';
import type { ListedFormat } from './formats/index.ts';

/** A dataset that is all there, not read yet. `files` is the id of files of no known dataset. */
export interface Plan {
  readonly id: FileDatasetId | 'files';
  readonly format: ListedFormat;
  /** The files of each split as the format reads them. */
  readonly train: readonly ByteSource[];
  readonly test: readonly ByteSource[];
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
  const entry = plan.id === 'files' ? null : catalogue[plan.id];
  if (train.shape.join() !== test.shape.join()) {
    throw new DataError(
      `The training images are ${size(train.shape)} pixels, the test images ${size(test.shape)}: ` +
        'they belong to different datasets.',
    );
  }
  const first = entry ? 0 : firstLabel(train, test);
  if (first > 0) for (const { labels } of [train, test]) shift(labels, first);
  const classes = entry?.classes ?? train.classes ?? numbered(train.labels);
  if (!entry) checkLabels(test.labels, classes.length, test.labelFile);
  const notes = [partial('training', train, entry?.counts.train)];
  notes.push(partial('test', test, entry?.counts.test));
  if (entry && !(train.published && test.published)) {
    notes.push(`the files are not (all) the published ${entry.title} files`);
  }
  if (first > 0) notes.push(`labels are counted from ${first} in the files`);
  notes.push(train.remark ?? null);
  // What is published is known for what it is.
  const isPublished = entry && train.published && test.published;
  notes.push(isPublished ? null : duplicatesNote(train, test, train.shape));
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
  const format = await plan.format.load();
  const files = plan[split].map((file) => meter.watch(file));
  const entry = plan.id === 'files' ? null : catalogue[plan.id];
  return format.read(files, { split, entry, limit, signal, onBytes: meter.onBytes });
}

/** What a reader of the numbers must know about a split that is not whole. */
function partial(name: string, split: ReadSplit, complete: number | undefined): string | null {
  const { count, total, published } = split;
  const whole = complete ?? total;
  if (count === whole) return null;
  const first = `${name} images: the first ${grouped(count)} of `;
  if (published && count < whole) return first + grouped(whole);
  // Of files that nobody published, what they hold counts, beside what the published ones would.
  if (count < total)
    return first + grouped(total) + (total === whole ? '' : `, instead of ${grouped(whole)}`);
  return `${name} images: ${grouped(count)} instead of ${grouped(whole)}`;
}

function bare({ images, labels, count }: Split): Split {
  return { images, labels, count };
}

/** The label that files of no known dataset begin at: 1 where they say so, or have no 0 but a 1. */
function firstLabel(train: ReadSplit, test: ReadSplit): number {
  if (train.classes) return train.firstLabel ?? 0;
  const all = [train.labels, test.labels];
  return !all.some((labels) => labels.includes(0)) && all.some((labels) => labels.includes(1))
    ? 1
    : 0;
}

function shift(labels: Uint8Array, by: number): void {
  for (let i = 0; i < labels.length; i++) labels[i] = labels[i]! - by;
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
    const sum = [...plan.train, ...plan.test].reduce(
      (total, source) => total + (source.size ?? NaN),
      0,
    );
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
