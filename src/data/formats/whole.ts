/** Files that are read whole: what their arrays hold as a split of images. */
import type { ImageShape } from '../../core/dataset.ts';
import { joined } from '../../fetch/body.ts';
import { NdArray, isDict, isList, type Content, type NumberArray } from '../arrays/array.ts';
import { DataError, grouped } from '../errors.ts';
import { ByteReader, type Bytes, type ByteSource } from './bytes.ts';
import type { ReadSplit, Wanted } from './format.ts';

/** All bytes of a source, unpacked where it is gzip. */
export async function wholeOf(
  source: ByteSource,
  { signal, onBytes }: Pick<Wanted, 'signal' | 'onBytes'>,
): Promise<Bytes> {
  const reader = await ByteReader.open(source, { signal, onBytes });
  try {
    const parts: Bytes[] = [];
    for (;;) {
      const part = new Uint8Array(1 << 20);
      const got = await reader.readInto(part, 0, part.length);
      parts.push(part.subarray(0, got));
      if (got < part.length) break;
    }
    return joined(parts);
  } finally {
    await reader.close();
  }
}

/** An entry of a dict of arrays. @throws DataError with a sentence when it is not there. */
export function entryOf(content: Content, names: readonly string[], file: string): Content {
  if (!isDict(content)) throw new DataError(`${file} holds no named arrays.`);
  const name = names.find((one) => content.has(one));
  if (name !== undefined) return content.get(name)!;
  throw new DataError(
    `${file} lacks ${names.join(' or ')}; it holds ${[...content.keys()].slice(0, 8).join(', ')}.`,
  );
}

/** Labels as bytes. @throws DataError with a sentence where they are no classes. */
export function labelsOf(content: Content, file: string): Bytes {
  const values: ArrayLike<unknown> =
    content instanceof NdArray ? content.values() : isList(content) ? content : [];
  return Uint8Array.from({ length: values.length }, (_, i) => {
    const label = values[i];
    if (typeof label === 'number' && Number.isInteger(label) && label >= 0 && label <= 255)
      return label;
    throw new DataError(
      `${file} gives image ${grouped(i)} the label ${String(label)}; expected a whole number from 0 to 255.`,
    );
  });
}

export interface Pixels {
  readonly images: Bytes;
  readonly count: number;
  readonly shape: ImageShape;
}

/**
 * Images [N, H, W], [N, H, W, C] or [N, C, H, W] as bytes; floats in 0…1 become 0…255.
 * @throws DataError with a sentence where it holds something else.
 */
export function pixelsOf(content: Content, file: string): Pixels {
  if (!(content instanceof NdArray))
    throw new DataError(`${file} holds no array of images where one is expected.`);
  const { shape } = content;
  const [count, ...rest] = shape as readonly [number, ...number[]];
  const isPlanar = rest.length === 3 && [1, 3].includes(rest[0]!) && ![1, 3].includes(rest[2]!);
  const [height, width, channels] = isPlanar
    ? [rest[1], rest[2], rest[0]]
    : [rest[0], rest[1], rest[2] ?? 1];
  if (!height || !width || !channels || rest.length > 3 || ![1, 3].includes(channels))
    throw new DataError(
      `${file} holds an array of [${shape.join(', ')}]; expected images: count, height, width and perhaps 1 or 3 channels.`,
    );
  const bytes = bytesOf(content.values(), file);
  const images = isPlanar ? interleaved(bytes, height * width, channels) : bytes;
  return { images, count, shape: [height, width, channels] };
}

/** @throws DataError where numbers are no pixels. */
export function bytesOf(values: NumberArray, file: string): Bytes {
  if (values instanceof Uint8Array) return values.slice();
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (!(least >= 0 && most <= 255))
    throw new DataError(
      `${file} holds numbers from ${least} to ${most}; pixels lie in 0…255, or in 0…1 as floats.`,
    );
  const scale =
    most <= 1 && (values instanceof Float32Array || values instanceof Float64Array) ? 255 : 1;
  return Uint8Array.from(values, (value) => Math.round(scale * value));
}

/** [N, C, area] → [N, area, C]. */
export function interleaved(planes: Uint8Array, area: number, channels: number): Bytes {
  const out = new Uint8Array(planes.length);
  for (let from = 0; from < planes.length; from += area * channels)
    for (let c = 0; c < channels; c++)
      for (let p = 0; p < area; p++) out[from + p * channels + c] = planes[from + c * area + p]!;
  return out;
}

/** A split of images and labels, of which only the first may be wanted. @throws DataError where they do not belong together. */
export function splitOf(
  { images, count, shape }: Pixels,
  labels: Bytes,
  file: string,
  { limit, entry }: Pick<Wanted, 'limit' | 'entry'>,
): ReadSplit {
  if (labels.length !== count)
    throw new DataError(
      `${file} holds ${grouped(count)} images and ${grouped(labels.length)} labels: they do not belong together.`,
    );
  if (entry && entry.shape.join() !== shape.join())
    throw new DataError(
      `${file} holds images of ${shape.join(' × ')}; ${entry.title} has ${entry.shape.join(' × ')}.`,
    );
  const used = Math.min(count, limit ?? count);
  const size = images.length / Math.max(1, count);
  return {
    ...{ images: images.slice(0, used * size), labels: labels.slice(0, used), count: used },
    ...{ total: count, shape, published: false, labelFile: file },
  };
}
