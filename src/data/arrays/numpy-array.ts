/** Arrays by NumPy's names of their types. */
import { DataError } from '../errors.ts';
import type { Content, DType } from './array.ts';
import { arrayOver, countOf, fortranStrides } from './numbers.ts';

const KINDS: Readonly<Record<string, DType>> = {
  ...{ b1: 'bool', i1: 'int8', i2: 'int16', i4: 'int32', i8: 'int64' },
  ...{ u1: 'uint8', u2: 'uint16', u4: 'uint32', u8: 'uint64' },
  ...{ f2: 'float16', f4: 'float32', f8: 'float64' },
};

/**
 * An array by NumPy's name of its type ("<f4"), or a list of text.
 * @throws DataError with a sentence without the file's name.
 */
export function numpyArray(
  descr: string,
  shape: readonly number[],
  isFortran: boolean,
  data: Uint8Array,
): Content {
  const match = /^([<>|=]?)([a-zA-Z?])(\d*)$/.exec(descr);
  const [, order, kind, size] = match ?? [];
  if (kind === 'U' || kind === 'S' || kind === 'a')
    return texts(data, countOf(shape), Number(size), kind === 'U', order !== '>');
  const dtype = kind === '?' ? 'bool' : KINDS[`${kind}${size}`];
  if (!dtype)
    throw new DataError(
      `the array is of the type ${descr.slice(0, 40)}; expected whole numbers, floats of 16 to 64 bits, yes/no or text.`,
    );
  const strides = isFortran ? { strides: fortranStrides(shape) } : {};
  return arrayOver({ dtype, isLittle: order !== '>', shape, ...strides }, data.length, () => data);
}

/** Longest text and most of them: names of classes and exits. */
const MOST_TEXT = 4_000_000;

function texts(
  data: Uint8Array,
  count: number,
  size: number,
  isWide: boolean,
  isLittle: boolean,
): Content {
  const width = size * (isWide ? 4 : 1);
  if (!Number.isSafeInteger(count) || count * width > Math.min(data.length, MOST_TEXT))
    throw new DataError('an array of text is longer than its file, or too long to be names.');
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  return Array.from({ length: count }, (_, i) => {
    const cell = data.subarray(i * width, (i + 1) * width);
    if (!isWide) return new TextDecoder().decode(cell).replace(/\0+$/, '');
    const points = Array.from({ length: size }, (_unused, n) =>
      view.getUint32(i * width + 4 * n, isLittle),
    );
    const valid = points.map((point) => (point > 0x10ffff ? 0xfffd : point));
    return String.fromCodePoint(...valid).replace(/\0+$/, '');
  });
}
