/** The idx format of the MNIST family: a big-endian header, then unsigned bytes; images and labels in a file each. */
import { catalogue, type CatalogueEntry } from '../catalogue.ts';
import { DataError, grouped } from '../errors.ts';
import { FINGERPRINT_BYTES, identify, type Published } from '../fingerprints.ts';
import { ByteReader, type ByteSource, type Bytes, type ReadOptions } from './bytes.ts';
import { fileAt, splitByName, type Chosen, type Format, type Part } from './format.ts';
import type { SplitName } from '../../core/dataset.ts';

export const idx: Format = {
  headBytes: 16 + FINGERPRINT_BYTES,

  recognise({ bytes, name }) {
    const header = parseIdxHeader(bytes, name);
    if (!header) return null;
    const published = identify(bytes.subarray(headerBytes[header.kind]), header.kind);
    return {
      dataset: published?.id ?? null,
      split: published?.split ?? splitByName(name),
      role: header.kind,
      count: header.count,
      shape: header.kind === 'images' ? [header.height, header.width, 1] : null,
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
    return { files: [images.source, labels.source] };
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
      if (header.height !== height || header.width !== width) {
        throw new DataError(
          `${imageFile.name} holds images of ${header.height} × ${header.width} pixels; ` +
            `${entry?.title} has ${height} × ${width}. Choose the dataset that they belong to.`,
        );
      }
    });
    const found = identify(read.images, 'images');
    const knownImages = checkIdentity(entry, split, imageFile.name, found);
    return {
      images: read.images,
      labels: read.count < labels.length ? labels.slice(0, read.count) : labels,
      count: read.count,
      total: read.total,
      shape: [read.height, read.width, 1],
      // A few images are too few to recognise; their labels are always read whole.
      published: knownLabels && (knownImages || read.images.length < 65_536),
      labelFile: labelFile.name,
    };
  },
};

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

export interface IdxImagesHeader {
  readonly kind: 'images';
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

export interface IdxLabelsHeader {
  readonly kind: 'labels';
  readonly count: number;
}

export type IdxHeader = IdxImagesHeader | IdxLabelsHeader;

const IDX_IMAGES = 0x00000803;
const IDX_LABELS = 0x00000801;

/** Bytes of the header of each kind. */
const headerBytes = { images: 16, labels: 8 } as const;

const MAX_BYTES = 2 ** 31 - 1;

/**
 * Reads a header from the first bytes of a file; null when they do not start like idx at all.
 * @throws DataError for an idx file of another element type or number of dimensions, or without sensible sizes.
 */
function parseIdxHeader(start: Uint8Array, name: string): IdxHeader | null {
  if (start.length < 4 || start[0] !== 0 || start[1] !== 0) return null;
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const magic = view.getUint32(0);
  if (magic !== IDX_IMAGES && magic !== IDX_LABELS) {
    const types = [0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x0e];
    if (!types.includes(start[2]!) || start[3]! < 1 || start[3]! > 8) return null;
    throw new DataError(
      `${name} has the idx magic number ${hex(magic)}; expected ${hex(IDX_IMAGES)} (grey images as bytes) or ` +
        `${hex(IDX_LABELS)} (labels as bytes).`,
    );
  }
  const kind = magic === IDX_IMAGES ? 'images' : 'labels';
  if (start.length < headerBytes[kind])
    throw cutOff(name, `${headerBytes[kind]} bytes of header`, start.length);
  const count = view.getUint32(4);
  if (kind === 'labels') {
    if (count === 0) throw new DataError(`${name} says in its header that it holds no labels.`);
    return { kind, count };
  }
  const height = view.getUint32(8);
  const width = view.getUint32(12);
  if (count * height * width === 0 || count * height * width > MAX_BYTES) {
    throw new DataError(
      `${name} says in its header that it holds ${grouped(count)} images of ${height} × ${width} pixels; ` +
        'that cannot be right. Download it again.',
    );
  }
  return { kind, count, height, width };
}

/** Images [count, height, width] of one file; at most `limit` of them. `total` is the number in the header. */
export interface IdxImages {
  readonly images: Bytes;
  readonly count: number;
  readonly total: number;
  readonly height: number;
  readonly width: number;
}

/**
 * Reads an image file.
 * @param expected checks the header before anything large is allocated or read.
 * @throws DataError for wrong magic, a truncated file, bytes after the last image.
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
    const { count: total, height, width } = header;
    const what = `${grouped(total)} images of ${height} × ${width}`;
    checkSize(reader, source, 16 + total * height * width, what);
    const count = Math.min(total, options.limit ?? total);
    const images = new Uint8Array(count * height * width);
    const got = await reader.readInto(images, 0, images.length);
    if (got < images.length) throw cutOff(source.name, what, 16 + got);
    if (count === total) await checkEnd(reader, what);
    return { images, count, total, height, width };
  } finally {
    await reader.close();
  }
}

/**
 * Reads a label file whole.
 * @throws DataError as `readIdxImages`.
 */
export async function readIdxLabels(source: ByteSource, options: ReadOptions = {}): Promise<Bytes> {
  const reader = await ByteReader.open(source, options);
  try {
    const { count } = await readHeader(reader, 'labels');
    const what = `${grouped(count)} labels`;
    checkSize(reader, source, 8 + count, what);
    const labels = new Uint8Array(count);
    const got = await reader.readInto(labels, 0, count);
    if (got < count) throw cutOff(source.name, what, 8 + got);
    await checkEnd(reader, what);
    return labels;
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
  const start = await reader.peek(16);
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
  await reader.readInto(new Uint8Array(16), 0, headerBytes[kind]);
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
