/** The idx format of the MNIST family: a big-endian header, then numbers; images and labels in a file each. */
import { catalogue, type CatalogueEntry } from '../catalogue.ts';
import { DataError, grouped } from '../errors.ts';
import { FINGERPRINT_BYTES, identify, type Published } from '../fingerprints.ts';
import { ByteReader, type ByteSource, type Bytes, type ReadOptions } from './bytes.ts';
import { fileAt, splitByName, type Chosen, type Format, type Part } from './format.ts';
import type { SplitName } from '../../core/dataset.ts';

/** Bytes of the longest header that is read: four dimensions. */
const LONGEST_HEADER = 20;

export const idx: Format = {
  headBytes: LONGEST_HEADER + FINGERPRINT_BYTES,

  recognise({ bytes, name }) {
    const names = namesOf(bytes, name);
    if (names) return { ...NAMES, count: names.length };
    const header = parseIdxHeader(bytes, name);
    if (!header) return null;
    const published = identify(bytes.subarray(header.headerBytes), header.kind);
    return {
      dataset: published?.id ?? null,
      split: published?.split ?? splitByName(name),
      role: header.kind,
      count: header.count,
      shape: header.kind === 'images' ? [header.height, header.width, header.channels] : null,
    };
  },

  choose(split, parts): Chosen {
    const images = parts.findLast(({ role }) => role === 'images');
    const allLabels = parts.filter(({ role }) => role === 'labels');
    // KMNIST's training labels may be there twice: for all images, and for the first of them.
    const labels = allLabels.findLast(({ count }) => count === images?.count) ?? allLabels.at(-1);
    if (!images || !labels) {
      const name = split === 'train' ? 'training' : 'test';
      const prefix = split === 'train' ? 'train' : 't10k';
      const missing = [
        ...(images ? [] : [`the ${name} images (${prefix}-images-idx3-ubyte.gz)`]),
        ...(labels ? [] : [`the ${name} labels (${prefix}-labels-idx1-ubyte.gz)`]),
      ];
      return { files: null, missing, conflicts: [] };
    }
    if (images.count !== labels.count)
      return { files: null, missing: [], conflicts: [unlike(images, labels)] };
    const names = parts.findLast(({ role }) => role === 'names');
    return { files: [images.source, labels.source, ...(names ? [names.source] : [])] };
  },

  async read(files, { split, entry, limit, ...options }) {
    const imageFile = fileAt(files, 0, 'images');
    const labelFile = fileAt(files, 1, 'labels');
    // Labels first: they are small, and their number is known before the images are read.
    const labels = await readIdxLabels(labelFile, options);
    const knownLabels = checkIdentity(entry, split, labelFile.name, identify(labels, 'labels'));
    if (entry) checkLabels(labels, entry.classes.length, labelFile.name);
    const read = await readIdxImages(imageFile, { ...options, limit }, (header) => {
      if (header.count !== labels.length) {
        throw new DataError(
          `${imageFile.name} holds ${grouped(header.count)} images, ${labelFile.name} holds ` +
            `${grouped(labels.length)} labels: they do not belong together.`,
        );
      }
      const [height, width] = entry?.shape ?? [header.height, header.width];
      if (entry && header.channels !== entry.shape[2])
        throw new DataError(
          `${imageFile.name} holds images of ${header.channels} channels; ${entry.title} has ${entry.shape[2]}.`,
        );
      if (header.height !== height || header.width !== width) {
        throw new DataError(
          `${imageFile.name} holds images of ${header.height} × ${header.width} pixels; ` +
            `${entry?.title} has ${height} × ${width}. Choose the dataset that they belong to.`,
        );
      }
    });
    const found = identify(read.images, 'images');
    const knownImages = checkIdentity(entry, split, imageFile.name, found);
    const own = entry === null;
    // EMNIST's files hold every image with rows and columns exchanged.
    const isTurned = own && /emnist/i.test(imageFile.name) && !/qmnist/i.test(imageFile.name);
    if (isTurned) exchange(read);
    const names = own && files[2] ? await readNames(files[2], options) : null;
    return {
      ...(names && { classes: names.map(({ title }) => title), firstLabel: names[0]!.label }),
      ...(isTurned && { remark: 'EMNIST’s images are turned upright' }),
      images: read.images,
      labels: read.count < labels.length ? labels.slice(0, read.count) : labels,
      count: read.count,
      total: read.total,
      shape: [read.height, read.width, read.channels],
      // A few images are too few to recognise; their labels are always read whole.
      published: knownLabels && (knownImages || read.images.length < 65_536),
      labelFile: labelFile.name,
    };
  },
};

const NAMES = { dataset: null, split: 'train', role: 'names', shape: null } as const;

interface ClassName {
  readonly label: number;
  readonly title: string;
}

/** The lines of EMNIST's mapping file: a label, and the character codes that it stands for; null for any other file. */
function namesOf(bytes: Uint8Array, name: string): ClassName[] | null {
  if (!/mapping\.txt$/i.test(name)) return null;
  const lines = new TextDecoder().decode(bytes).trim().split(/\r?\n/);
  const names = lines.map((line) => {
    const [label, ...codes] = line.trim().split(/\s+/).map(Number);
    return { label: label!, title: String.fromCharCode(codes[0] ?? NaN) };
  });
  const first = names[0]!.label;
  const isWhole = names.every(({ label, title }, i) => label === first + i && title > ' ');
  return isWhole && first >= 0 && names.length <= 256 ? names : null;
}

async function readNames(source: ByteSource, options: ReadOptions): Promise<ClassName[] | null> {
  const reader = await ByteReader.open(source, options);
  try {
    return namesOf(await reader.peek(100_000), source.name);
  } finally {
    await reader.close();
  }
}

/** Exchanges rows and columns of every image, in place, where images are square. */
function exchange({ images, height, width, channels }: IdxImages): void {
  if (height !== width) return;
  const size = height * width * channels;
  const pixel = new Uint8Array(channels);
  for (let from = 0; from < images.length; from += size)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < y; x++) {
        const [a, b] = [from + (y * width + x) * channels, from + (x * width + y) * channels];
        pixel.set(images.subarray(a, a + channels));
        images.copyWithin(a, b, b + channels);
        images.set(pixel, b);
      }
}

function unlike(images: Part, labels: Part): string {
  return (
    `${images.source.name} holds ${grouped(images.count ?? 0)} images, but ${labels.source.name} holds ` +
    `${grouped(labels.count ?? 0)} labels: give the files that belong together.`
  );
}

/** @throws DataError when the content is known and is another dataset's, or the other split's. */
function checkIdentity(
  entry: CatalogueEntry | null,
  split: SplitName,
  name: string,
  found: Published | null,
): boolean {
  if (found && entry && (found.id !== entry.id || found.split !== split)) {
    throw new DataError(
      `${name} holds the ${found.split} ${found.kind} of ${catalogue[found.id].title}; expected the ${split} ` +
        `${found.kind} of ${entry.title}. Put the right file in its place.`,
    );
  }
  return found !== null;
}

interface Stored {
  /** Of one number. */
  readonly type: NumberType;
  /** Bytes of the header. */
  readonly headerBytes: number;
  readonly count: number;
}

export interface IdxImagesHeader extends Stored {
  readonly kind: 'images';
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Whether colours stand before rows: [count, channels, height, width]. */
  readonly isPlanar: boolean;
}

export interface IdxLabelsHeader extends Stored {
  readonly kind: 'labels';
  /** Numbers a label; the first one counts (QMNIST has eight). */
  readonly columns: number;
}

export type IdxHeader = IdxImagesHeader | IdxLabelsHeader;

interface NumberType {
  readonly bytes: number;
  readonly read: (view: DataView, at: number) => number;
  /** Whether pixels may lie in 0…1. */
  readonly isFloat: boolean;
}

/** By the third byte of the magic number; all are big-endian. */
const TYPES: Readonly<Record<number, NumberType>> = {
  0x08: { bytes: 1, isFloat: false, read: (view, at) => view.getUint8(at) },
  0x09: { bytes: 1, isFloat: false, read: (view, at) => view.getInt8(at) },
  0x0b: { bytes: 2, isFloat: false, read: (view, at) => view.getInt16(at) },
  0x0c: { bytes: 4, isFloat: false, read: (view, at) => view.getInt32(at) },
  0x0d: { bytes: 4, isFloat: true, read: (view, at) => view.getFloat32(at) },
  0x0e: { bytes: 8, isFloat: true, read: (view, at) => view.getFloat64(at) },
};

const IDX_IMAGES = 0x00000803;
const IDX_LABELS = 0x00000801;

const MAX_BYTES = 2 ** 31 - 1;

/**
 * Reads a header from the first bytes of a file; null when they do not start like idx at all. One dimension are labels,
 * two are labels with further columns, three grey images, four images with channels.
 * @throws DataError for an idx file of another number of dimensions, or without sensible sizes.
 */
function parseIdxHeader(start: Uint8Array, name: string): IdxHeader | null {
  if (start.length < 4 || start[0] !== 0 || start[1] !== 0) return null;
  const type = TYPES[start[2]!];
  const rank = start[3]!;
  if (!type || rank < 1 || rank > 8) return null;
  if (rank > 4)
    throw new DataError(
      `${name} is an idx file of ${rank} dimensions; expected 1 or 2 (labels), 3 (grey images) or 4 (colour images).`,
    );
  const headerBytes = 4 + 4 * rank;
  if (start.length < headerBytes)
    throw cutOff(name, `${headerBytes} bytes of header`, start.length);
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const dims = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const [count, ...sizes] = dims as [number, ...number[]];
  const stored = { type, headerBytes, count };
  if (rank < 3) {
    if (count === 0) throw new DataError(`${name} says in its header that it holds no labels.`);
    const columns = sizes[0] ?? 1;
    if (columns < 1 || columns > 64)
      throw new DataError(
        `${name} has ${columns} numbers a label; expected one, or a few of which the first is the class.`,
      );
    return { ...stored, kind: 'labels', columns };
  }
  const isPlanar = rank === 4 && [1, 3].includes(sizes[0]!) && ![1, 3].includes(sizes[2]!);
  const [height, width, channels] = isPlanar
    ? [sizes[1]!, sizes[2]!, sizes[0]!]
    : [sizes[0]!, sizes[1]!, sizes[2] ?? 1];
  if (![1, 3].includes(channels))
    throw new DataError(
      `${name} holds images of ${channels} channels; expected 1 (grey) or 3 (colour).`,
    );
  const numbers = count * height * width * channels;
  if (numbers === 0 || numbers * type.bytes > MAX_BYTES) {
    throw new DataError(
      `${name} says in its header that it holds ${grouped(count)} images of ${height} × ${width} pixels; ` +
        'that cannot be right. Download it again.',
    );
  }
  return { ...stored, kind: 'images', height, width, channels, isPlanar };
}

/** Images [count, height, width, channels] of one file; at most `limit` of them. `total` is the number in the header. */
export interface IdxImages {
  readonly images: Bytes;
  readonly count: number;
  readonly total: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * Reads an image file.
 * @param expected checks the header before anything large is allocated or read.
 * @throws DataError for wrong magic, a truncated file, bytes after the last image, numbers that are no pixels.
 */
export async function readIdxImages(
  source: ByteSource,
  options: ReadOptions & { readonly limit?: number | undefined } = {},
  expected?: (header: IdxImagesHeader) => void,
): Promise<IdxImages> {
  const reader = await ByteReader.open(source, options);
  try {
    const header = await readHeader(reader, 'images');
    expected?.(header);
    const { count: total, height, width, channels, type, headerBytes } = header;
    const what = `${grouped(total)} images of ${height} × ${width}`;
    const size = height * width * channels;
    checkSize(reader, source, headerBytes + total * size * type.bytes, what);
    const count = Math.min(total, options.limit ?? total);
    const stored = new Uint8Array(count * size * type.bytes);
    const got = await reader.readInto(stored, 0, stored.length);
    if (got < stored.length) throw cutOff(source.name, what, headerBytes + got);
    if (count === total) await checkEnd(reader, what);
    const pixels = type === TYPES[0x08] ? stored : pixelsOf(stored, type, source.name);
    const images = header.isPlanar ? interleaved(pixels, header) : pixels;
    return { images, count, total, height, width, channels };
  } finally {
    await reader.close();
  }
}

/** Numbers as pixels: floats in 0…1 become 0…255, all others are rounded. @throws DataError where they are neither. */
function pixelsOf(stored: Uint8Array, { bytes, read, isFloat }: NumberType, name: string): Bytes {
  const view = new DataView(stored.buffer, stored.byteOffset, stored.byteLength);
  const count = stored.length / bytes;
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < count; i++) {
    const value = read(view, i * bytes);
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (!(least >= 0 && most <= 255))
    throw new DataError(
      `${name} holds numbers from ${least} to ${most}; pixels lie in 0…255, or in 0…1 as floats.`,
    );
  const scale = isFloat && most <= 1 ? 255 : 1;
  return Uint8Array.from({ length: count }, (_, i) => Math.round(scale * read(view, i * bytes)));
}

/** [count, channels, height, width] → [count, height, width, channels]. */
function interleaved(planes: Uint8Array, { height, width, channels }: IdxImagesHeader): Bytes {
  const out = new Uint8Array(planes.length);
  const area = height * width;
  for (let from = 0; from < planes.length; from += area * channels)
    for (let c = 0; c < channels; c++)
      for (let p = 0; p < area; p++) out[from + p * channels + c] = planes[from + c * area + p]!;
  return out;
}

/**
 * Reads a label file whole; of several numbers a label the first.
 * @throws DataError as `readIdxImages`, and for labels that are no classes.
 */
export async function readIdxLabels(source: ByteSource, options: ReadOptions = {}): Promise<Bytes> {
  const reader = await ByteReader.open(source, options);
  try {
    const { count, columns, type, headerBytes } = await readHeader(reader, 'labels');
    const what = `${grouped(count)} labels`;
    const row = columns * type.bytes;
    checkSize(reader, source, headerBytes + count * row, what);
    const stored = new Uint8Array(count * row);
    const got = await reader.readInto(stored, 0, stored.length);
    if (got < stored.length) throw cutOff(source.name, what, headerBytes + got);
    await checkEnd(reader, what);
    if (row === 1 && type === TYPES[0x08]) return stored;
    const view = new DataView(stored.buffer);
    return Uint8Array.from({ length: count }, (_, i) => {
      const label = type.read(view, i * row);
      if (Number.isInteger(label) && label >= 0 && label <= 255) return label;
      throw new DataError(
        `${source.name} gives image ${grouped(i)} the label ${label}; expected a whole number from 0 to 255.`,
      );
    });
  } finally {
    await reader.close();
  }
}

/** @throws DataError naming the first label that is not below `classes`. */
export function checkLabels(labels: Uint8Array, classes: number, name: string): void {
  const at = labels.findIndex((label) => label >= classes);
  if (at < 0) return;
  throw new DataError(
    `${name} gives image ${grouped(at)} the label ${labels[at]}; expected 0 … ${classes - 1}. ` +
      'It may belong to another dataset.',
  );
}

async function readHeader<Kind extends IdxHeader['kind']>(
  reader: ByteReader,
  kind: Kind,
): Promise<Extract<IdxHeader, { kind: Kind }>> {
  const start = await reader.peek(LONGEST_HEADER);
  const header = parseIdxHeader(start, reader.name);
  const magic = kind === 'images' ? IDX_IMAGES : IDX_LABELS;
  if (!header) {
    throw new DataError(
      `${reader.name} is no idx file of ${kind}: it starts with ${hexOf(start)}; expected ${hex(magic)}.`,
    );
  }
  if (header.kind !== kind) {
    throw new DataError(`${reader.name} holds ${header.kind}; expected the file of ${kind}.`);
  }
  await reader.readInto(new Uint8Array(LONGEST_HEADER), 0, header.headerBytes);
  return header as Extract<IdxHeader, { kind: Kind }>;
}

/** Finds a cut or overlong file before reading it, when the size is known and is the content's. */
function checkSize(reader: ByteReader, source: ByteSource, expected: number, what: string): void {
  // A .gz that arrives unpacked was unpacked on its way, and its size is still that of the packed file.
  if (reader.packed || /\.gz$/i.test(source.name)) return;
  if (source.size === undefined || source.size === expected) return;
  if (source.size < expected) throw cutOff(source.name, what, source.size, expected);
  throw overlong(source.name, what);
}

async function checkEnd(reader: ByteReader, what: string): Promise<void> {
  if (!(await reader.atEnd())) throw overlong(reader.name, what);
}

function overlong(name: string, what: string): DataError {
  return new DataError(
    `${name} goes on after the ${what} that its header promises: header and content do not agree. Download it again.`,
  );
}

function cutOff(name: string, what: string, got: number, expected?: number): DataError {
  const size = expected === undefined ? '' : ` (${grouped(expected)} bytes)`;
  return new DataError(
    `${name} is cut off: expected ${what}${size}, but it ends after ${grouped(got)} bytes. Download it again.`,
  );
}

function hex(magic: number): string {
  return `0x${magic.toString(16).padStart(8, '0')}`;
}

function hexOf(start: Uint8Array): string {
  if (start.length === 0) return 'nothing (it is empty)';
  return `0x${[...start.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
