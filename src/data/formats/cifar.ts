/** The "binary version" of CIFAR-10 and CIFAR-100: records of label bytes and three 32 × 32 colour planes. */
import { publishedAs, type FileDatasetId } from '../catalogue.ts';
import { DataError, grouped } from '../errors.ts';
import { ByteReader, type ByteSource, type Bytes, type ReadOptions } from './bytes.ts';
import { splitByName, type Chosen, type Format } from './format.ts';

type CifarKind = 'cifar-10' | 'cifar-100';

const PIXELS = 1024;
const IMAGE = 3 * PIXELS;

/** Bytes at the start of a file that tell the two kinds apart: the labels of the first twenty records. */
export const CIFAR_PREFIX = 20 * (IMAGE + 2);

export const cifar: Format = {
  headBytes: CIFAR_PREFIX,

  recognise({ bytes, name, size }) {
    const dataset = recogniseCifar(bytes, size);
    // Zeros would be black images of the first class: rather a file whose content never came.
    if (!dataset || !bytes.some((byte) => byte !== 0)) return null;
    const batch = batchName(name);
    const split = splitByName(batch.replace(/^data_batch/i, 'train'));
    return {
      ...{ dataset, split, role: split === 'test' ? 'test' : batch },
      count: size === undefined ? null : Math.floor(size / recordBytes(dataset)),
      shape: [32, 32, 3],
    };
  },

  choose(split, parts, entry): Chosen {
    const byRole = new Map(parts.map((part) => [part.role, part.source]));
    const whole = byRole.get(split);
    if (whole) return { files: [whole] };
    const expected = entry?.files[split][0]?.files ?? [];
    const missing = expected.filter((file) => !byRole.has(batchName(file)));
    if (missing.length > 0 || expected.length === 0) return { files: null, missing, conflicts: [] };
    return { files: expected.map((file) => byRole.get(batchName(file))!) };
  },

  async read(files, { split, entry, ...options }) {
    const kind = entry && publishedAs(entry.id as FileDatasetId);
    if (!entry || (kind !== 'cifar-10' && kind !== 'cifar-100'))
      throw new DataError(
        `Records of CIFAR cannot be read as ${entry?.title ?? 'files of your own'}: they are CIFAR-10's or CIFAR-100's.`,
      );
    const guess = entry.counts[split];
    const isCoarse = entry.id !== kind;
    const read = await readCifar(files, kind, { ...options, guess, isCoarse });
    const total = options.limit === undefined ? read.count : (storedIn(files, kind) ?? guess);
    // Copies differ in the order of their records, so that no beginning is known; a whole split has so many.
    const published = total === guess;
    return { ...read, total, shape: entry.shape, published, labelFile: files[0]!.name };
  },
};

/** "data_batch_1" of "folder/data_batch_1.bin.gz", whatever a browser puts behind a second copy. */
function batchName(file: string): string {
  return file.replace(/^.*\//, '').replace(/( \(\d+\))?(\.bin)?(\.gz)?$/i, '');
}

/** CIFAR-100 records start with a coarse and a fine label; the fine one counts unless the coarse one is asked for. */
const layouts = {
  'cifar-10': { title: 'CIFAR-10', labelBytes: 1, classes: 10, coarse: 10 },
  'cifar-100': { title: 'CIFAR-100', labelBytes: 2, classes: 100, coarse: 20 },
} as const;

/** Records that files hold, by their sizes; null where these do not tell. */
function storedIn(files: readonly ByteSource[], kind: CifarKind): number | null {
  const bytes = files.reduce(
    (sum, { name, size }) => sum + (/\.gz$/i.test(name) ? NaN : (size ?? NaN)),
    0,
  );
  return Number.isNaN(bytes) ? null : Math.floor(bytes / recordBytes(kind));
}

/** Bytes of one record. */
function recordBytes(kind: CifarKind): number {
  return IMAGE + layouts[kind].labelBytes;
}

/**
 * Which of the two a file is, by the labels at the start of its records in its first bytes and, where it is known,
 * by its length; null when neither fits.
 */
export function recogniseCifar(start: Uint8Array, size?: number): CifarKind | null {
  const length = start.length < CIFAR_PREFIX ? start.length : size;
  const kinds = (['cifar-10', 'cifar-100'] as const).filter((kind) => labelsFit(start, kind));
  if (kinds.length === 2 && length !== undefined) {
    const whole = kinds.filter((kind) => length % recordBytes(kind) === 0);
    return whole[0] ?? kinds[0]!;
  }
  return kinds[0] ?? null;
}

function labelsFit(start: Uint8Array, kind: CifarKind): boolean {
  const { labelBytes, classes, coarse } = layouts[kind];
  if (start.length < recordBytes(kind)) return false;
  for (let at = 0; at + labelBytes <= start.length; at += recordBytes(kind)) {
    if (start[at]! >= coarse || start[at + labelBytes - 1]! >= classes) return false;
  }
  return true;
}

export interface CifarImages {
  /** NHWC [count, 32, 32, 3]. */
  readonly images: Bytes;
  readonly labels: Bytes;
  readonly count: number;
}

export interface CifarOptions extends ReadOptions {
  /** Stops after so many images. */
  readonly limit?: number | undefined;
  /** Images to make room for when file sizes do not tell (packed files). */
  readonly guess?: number | undefined;
  /** Take the coarse labels of CIFAR-100. */
  readonly isCoarse?: boolean;
}

/**
 * Reads files one after the other into one split. The number of images comes from the files' length.
 * @throws DataError for a label out of range, a cut file, a file of the other CIFAR.
 */
export async function readCifar(
  sources: readonly ByteSource[],
  kind: CifarKind,
  options: CifarOptions = {},
): Promise<CifarImages> {
  const limit = options.limit ?? Infinity;
  const stored = sources.reduce((sum, { size }) => sum + (size ?? NaN), 0) / recordBytes(kind);
  const room = Math.min(limit, Math.ceil(Math.max(stored || 0, options.guess ?? 0)));
  const sink = new Sink(room);
  for (const source of sources) {
    if (sink.count >= limit) break;
    await readFile(source, kind, sink, limit, options);
  }
  return sink.finish();
}

async function readFile(
  source: ByteSource,
  kind: CifarKind,
  sink: Sink,
  limit: number,
  options: CifarOptions,
): Promise<void> {
  const { labelBytes, classes, coarse, title } = layouts[kind];
  const length = recordBytes(kind);
  const reader = await ByteReader.open(source, options);
  try {
    const other = kind === 'cifar-10' ? 'cifar-100' : 'cifar-10';
    const size = reader.packed ? undefined : source.size;
    if (recogniseCifar(await reader.peek(CIFAR_PREFIX), size) === other) {
      throw new DataError(
        `${source.name} holds ${layouts[other].title} records (${recordBytes(other)} bytes each); expected ` +
          `${title} records of ${length} bytes. Choose ${layouts[other].title} for it.`,
      );
    }
    const record = new Uint8Array(length);
    for (let index = 0; sink.count < limit; index++) {
      const got = await reader.readInto(record, 0, length);
      if (got === 0 && index > 0) break;
      if (got < length) {
        throw new DataError(
          `${source.name} is cut off or no ${title} file: after ${grouped(index)} records of ${length} bytes come ` +
            `${grouped(got)} more bytes. Download it again.`,
        );
      }
      const label = record[labelBytes - 1]!;
      if (record[0]! >= coarse || label >= classes) {
        const wrong = label >= classes ? label : record[0]!;
        const top = label >= classes ? classes : coarse;
        throw new DataError(
          `${source.name} gives record ${grouped(index)} the label ${wrong}; ${title} has 0 … ${top - 1}. ` +
            `It is damaged or no ${title} file.`,
        );
      }
      sink.add(record, labelBytes, options.isCoarse ? record[0]! : label);
    }
  } finally {
    await reader.close();
  }
}

/** Arrays that grow only when the sizes were not known beforehand. */
class Sink {
  count = 0;
  #images: Bytes;
  #labels: Bytes;

  constructor(room: number) {
    this.#images = new Uint8Array(room * IMAGE);
    this.#labels = new Uint8Array(room);
  }

  /** Interleaves the red, green and blue planes that follow the labels. */
  add(record: Uint8Array, from: number, label: number): void {
    if (this.count === this.#labels.length) this.#resize(Math.max(1000, 2 * this.count));
    const images = this.#images;
    let to = this.count * IMAGE;
    for (let pixel = from; pixel < from + PIXELS; pixel++) {
      images[to++] = record[pixel]!;
      images[to++] = record[pixel + PIXELS]!;
      images[to++] = record[pixel + 2 * PIXELS]!;
    }
    this.#labels[this.count++] = label;
  }

  finish(): CifarImages {
    if (this.count < this.#labels.length) this.#resize(this.count);
    return { images: this.#images, labels: this.#labels, count: this.count };
  }

  #resize(room: number): void {
    const images = new Uint8Array(room * IMAGE);
    const labels = new Uint8Array(room);
    images.set(this.#images.subarray(0, room * IMAGE));
    labels.set(this.#labels.subarray(0, room));
    this.#images = images;
    this.#labels = labels;
  }
}
