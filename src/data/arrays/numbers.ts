/** Bytes as numbers: every type that NumPy and PyTorch write, either byte order, any strides. */
import { halves } from '../../core/half.ts';
import { DataError, grouped } from '../errors.ts';
import { NdArray, type DType, type NumberArray } from './array.ts';

const WIDTHS: Readonly<Record<DType, 1 | 2 | 4 | 8>> = {
  ...{ bool: 1, int8: 1, uint8: 1, int16: 2, uint16: 2, int32: 4, uint32: 4, int64: 8, uint64: 8 },
  ...{ float16: 2, bfloat16: 2, float32: 4, float64: 8 },
};

/** Bytes of one number. */
export const widthOf = (dtype: DType): number => WIDTHS[dtype];

/** Most numbers of one array: forged shapes are refused before there is memory for them. */
const MOST_NUMBERS = 2 ** 29;

/** How an array lies in its bytes. */
export interface Layout {
  readonly dtype: DType;
  readonly isLittle: boolean;
  readonly shape: readonly number[];
  /** In numbers, not bytes; missing where the last axis changes fastest and nothing is left out. */
  readonly strides?: readonly number[];
  /** Of the first number, in numbers. */
  readonly offset?: number;
}

/** Numbers that a shape asks for. */
export const countOf = (shape: readonly number[]): number => shape.reduce((all, n) => all * n, 1);

export const shapeWords = (shape: readonly number[]): string =>
  shape.length === 0 ? 'a single number' : `[${shape.map(grouped).join(', ')}]`;

/**
 * An array over bytes that are asked for when its numbers are.
 * @param room bytes that there are.
 * @throws DataError with a sentence without a file's name when the numbers do not lie within the bytes.
 */
export function arrayOver(layout: Layout, room: number, bytes: () => Uint8Array): NdArray {
  const { dtype, shape } = layout;
  const bad = [...shape, ...(layout.strides ?? []), layout.offset ?? 0].find(
    (n) => !Number.isSafeInteger(n) || n < 0,
  );
  if (bad !== undefined || (layout.strides && layout.strides.length !== shape.length))
    throw new DataError('an array has a shape or stride that is none; the file is damaged.');
  const count = countOf(shape);
  if (count > MOST_NUMBERS)
    throw new DataError(
      `an array of the shape ${shapeWords(shape)} has more than ${grouped(MOST_NUMBERS)} numbers, the most that can be opened.`,
    );
  const have = Math.floor(room / WIDTHS[dtype]);
  if (reachOf(layout) > have)
    throw new DataError(
      `an array of the shape ${shapeWords(shape)} asks for ${grouped(reachOf(layout))} numbers of ${dtype}, but there are ${grouped(have)}. The file is cut off or damaged.`,
    );
  if (count > Math.max(have, 1))
    throw new DataError(
      `an array of the shape ${shapeWords(shape)} claims more numbers than the ${grouped(have)} that are stored.`,
    );
  return new NdArray(dtype, shape, () => gathered(layout, bytes()));
}

/** Numbers from the first of the bytes to the last that the array touches. */
function reachOf({ shape, strides, offset = 0 }: Layout): number {
  if (countOf(shape) === 0) return 0;
  if (!strides) return offset + countOf(shape);
  return offset + shape.reduce((reach, n, axis) => reach + (n - 1) * strides[axis]!, 1);
}

function gathered(layout: Layout, bytes: Uint8Array): NumberArray {
  const { dtype, isLittle, shape, strides, offset = 0 } = layout;
  const count = countOf(shape);
  const width = WIDTHS[dtype];
  const from = offset * width;
  const stored = bytes.subarray(from, from + Math.max(0, reachOf(layout) - offset) * width);
  const numbers = decoded(dtype, isLittle, stored);
  if (!strides || isPlain(shape, strides)) return numbers;
  const target = emptyLike(numbers, count);
  const index = shape.map(() => 0);
  let at = 0;
  for (let n = 0; n < count; n++) {
    target[n] = numbers[at]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      at -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return target;
}

function emptyLike(numbers: NumberArray, count: number): NumberArray {
  if (numbers instanceof Float64Array) return new Float64Array(count);
  if (numbers instanceof Float32Array) return new Float32Array(count);
  if (numbers instanceof Int32Array) return new Int32Array(count);
  if (numbers instanceof Int16Array) return new Int16Array(count);
  if (numbers instanceof Int8Array) return new Int8Array(count);
  if (numbers instanceof Uint32Array) return new Uint32Array(count);
  if (numbers instanceof Uint16Array) return new Uint16Array(count);
  return new Uint8Array(count);
}

/** Whether strides are those of C order; an axis of one image has any. */
function isPlain(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}

/** Strides, in numbers, of an array whose first axis changes fastest. */
export function fortranStrides(shape: readonly number[]): number[] {
  let stride = 1;
  return shape.map((n) => {
    const own = stride;
    stride *= n;
    return own;
  });
}

function decoded(dtype: DType, isLittle: boolean, bytes: Uint8Array): NumberArray {
  const width = WIDTHS[dtype];
  const count = Math.floor(bytes.length / width);
  if (dtype === 'bool') return Uint8Array.from(bytes, (byte) => (byte ? 1 : 0));
  if (dtype === 'uint8') return bytes.slice();
  // A copy of its own: aligned, in the byte order of this machine, and the file's bytes can go.
  const copy = bytes.slice(0, count * width);
  if (isLittle !== MACHINE_IS_LITTLE) swap(copy, width);
  const { buffer } = copy;
  switch (dtype) {
    case 'int8':
      return new Int8Array(buffer);
    case 'int16':
      return new Int16Array(buffer);
    case 'uint16':
      return new Uint16Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'uint32':
      return new Uint32Array(buffer);
    case 'float32':
      return new Float32Array(buffer);
    case 'float64':
      return new Float64Array(buffer);
    case 'float16':
      return ofHalves(new Uint16Array(buffer));
    case 'bfloat16':
      return brains(new Uint16Array(buffer));
    case 'int64':
      return longs(new Uint32Array(buffer), new Int32Array(buffer));
    case 'uint64':
      return longs(new Uint32Array(buffer), new Uint32Array(buffer));
  }
}

const MACHINE_IS_LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function swap(bytes: Uint8Array, width: number): void {
  for (let at = 0; at + width <= bytes.length; at += width)
    bytes.subarray(at, at + width).reverse();
}

/** Numbers beyond 2⁵³ lose their last digits; none that counts classes or FLOPs is. */
function longs(low: Uint32Array, high: Int32Array | Uint32Array): Float64Array {
  const first = MACHINE_IS_LITTLE ? 0 : 1;
  return Float64Array.from(
    { length: low.length / 2 },
    (_, i) => high[2 * i + 1 - first]! * 2 ** 32 + low[2 * i + first]!,
  );
}

/** bfloat16 is the upper half of a float32. */
function brains(stored: Uint16Array): Float32Array {
  const bits = new Uint32Array(stored.length);
  for (let i = 0; i < stored.length; i++) bits[i] = stored[i]! * 65_536;
  return new Float32Array(bits.buffer);
}

/** IEEE 754 binary16, by a table of all 65,536. */
function ofHalves(stored: Uint16Array): Float32Array {
  const table = halves();
  const values = new Float32Array(stored.length);
  for (let i = 0; i < stored.length; i++) values[i] = table[stored[i]!]!;
  return values;
}
