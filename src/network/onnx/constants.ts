/** Numbers that a file gives: its tensors, and what can be computed of them before there is any image. */
import { product } from '../cost.ts';
import type { TensorBytes } from './model.ts';

/** Numbers in row-major order. */
export interface Constant {
  readonly dims: readonly number[];
  readonly values: Float32Array | readonly number[];
}

/** Reads the file that holds a tensor's numbers, by its name. */
export type ReadExternal = (location: string) => Uint8Array;

const NAMES: Readonly<Record<number, string>> = {
  ...{ 2: 'uint8', 3: 'int8', 4: 'uint16', 5: 'int16', 8: 'string', 12: 'uint32', 13: 'uint64' },
  ...{ 14: 'complex64', 15: 'complex128', 16: 'bfloat16', 17: 'float8', 21: 'uint4', 22: 'int4' },
};

/** Bytes of one number, by its type. */
const BYTES: Readonly<Record<number, number>> = {
  ...{ 1: 4, 2: 1, 3: 1, 6: 4, 7: 8, 9: 1, 10: 2, 11: 8, 16: 2 },
};

/**
 * A tensor's numbers; floats of any width become 32-bit ones.
 * @throws Error with a sentence when numbers are missing or of a type that is not read here.
 */
export function constantOf(tensor: TensorBytes, read: ReadExternal): Constant {
  const { name, dims, type, numbers } = tensor;
  const size = BYTES[type];
  if (size === undefined || dims.some((dim) => !Number.isInteger(dim) || dim < 0))
    throw new Error(
      `The tensor ${name} is of type ${NAMES[type] ?? type} with the shape [${dims.join(', ')}]; float32 and float16 ` +
        'are read here. Export the network in float32, not quantised.',
    );
  const count = product(dims);
  const raw = rawOf(tensor, count * size, read);
  if (raw.length === 0 && count > 0) {
    if (numbers.length !== count)
      throw new Error(
        `The tensor ${name} has ${numbers.length} numbers; its shape [${dims.join(', ')}] takes ${count}. ` +
          'The file is cut off, or its weights lie in another one.',
      );
    if (type === 10 || type === 16)
      return { dims, values: Float32Array.from(numbers, type === 10 ? halfOf : brainOf) };
    return { dims, values: isFloat(type) ? Float32Array.from(numbers) : numbers };
  }
  if (raw.length !== count * size)
    throw new Error(
      `The tensor ${name} has ${raw.length} bytes; its shape [${dims.join(', ')}] takes ${count * size}. ` +
        'The file is cut off or damaged.',
    );
  return { dims, values: decoded(raw, type, count) };
}

const isFloat = (type: number): boolean => [1, 10, 11, 16].includes(type);

function rawOf(
  { name, raw, external }: TensorBytes,
  bytes: number,
  read: ReadExternal,
): Uint8Array {
  if (!external) return raw;
  const file = read(external.location);
  const { offset, length } = external;
  const end = offset + (length ?? bytes);
  if (!(offset >= 0 && end <= file.length))
    throw new Error(
      `The weights ${name} lie at ${offset} … ${end} of ${external.location}, which has ${file.length} bytes. ` +
        'It is cut off, or belongs to another network.',
    );
  return file.subarray(offset, end);
}

function decoded(raw: Uint8Array, type: number, count: number): Constant['values'] {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  if (type === 1) {
    if (raw.byteOffset % 4 === 0) return new Float32Array(raw.buffer, raw.byteOffset, count);
    return new Float32Array(raw.slice().buffer);
  }
  if (type === 10)
    return Float32Array.from({ length: count }, (_, i) => halfOf(view.getUint16(2 * i, true)));
  if (type === 16)
    return Float32Array.from({ length: count }, (_, i) => brainOf(view.getUint16(2 * i, true)));
  if (type === 11)
    return Float32Array.from({ length: count }, (_, i) => view.getFloat64(8 * i, true));
  const read: (i: number) => number =
    type === 7
      ? (i) => Number(view.getBigInt64(8 * i, true))
      : type === 6
        ? (i) => view.getInt32(4 * i, true)
        : type === 3
          ? (i) => view.getInt8(i)
          : (i) => raw[i]!;
  return Array.from({ length: count }, (_, i) => read(i));
}

/** An IEEE 754 half in its 16 bits → a number. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * 2 ** -24 * fraction;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * 2 ** (exponent - 25) * (1024 + fraction);
}

const word = new DataView(new ArrayBuffer(4));

/** A bfloat16 in its 16 bits → a number. */
function brainOf(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}

export const scalar = (value: number): Constant => ({ dims: [], values: [value] });
export const vector = (values: readonly number[]): Constant => ({ dims: [values.length], values });
export const listOf = ({ values }: Constant): number[] => Array.from(values);

/** Row-major steps of a shape. */
function stridesOf(dims: readonly number[]): number[] {
  const strides = new Array<number>(dims.length).fill(1);
  for (let i = dims.length - 2; i >= 0; i--) strides[i] = strides[i + 1]! * dims[i + 1]!;
  return strides;
}

/** The shape that two shapes broadcast to; null where they do not fit. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] | null {
  const rank = Math.max(a.length, b.length);
  const at = (dims: readonly number[], i: number): number => dims[i - rank + dims.length] ?? 1;
  const shape = Array.from({ length: rank }, (_, i) => {
    const [one, other] = [at(a, i), at(b, i)];
    return one === other || other === 1 ? one : one === 1 ? other : NaN;
  });
  return shape.some(Number.isNaN) ? null : shape;
}

/** Places of a broadcast constant's numbers for every place of `shape`. */
export function broadcastPlaces(dims: readonly number[], shape: readonly number[]): Int32Array {
  const strides = stridesOf(dims);
  const offset = shape.length - dims.length;
  const places = new Int32Array(product(shape));
  const steps = shape.map((_, i) =>
    i < offset || dims[i - offset] === 1 ? 0 : strides[i - offset]!,
  );
  const index = new Array<number>(shape.length).fill(0);
  let place = 0;
  for (let at = 0; at < places.length; at++) {
    places[at] = place;
    for (let i = shape.length - 1; i >= 0; i--) {
      index[i]!++;
      place += steps[i]!;
      if (index[i]! < shape[i]!) break;
      place -= steps[i]! * shape[i]!;
      index[i] = 0;
    }
  }
  return places;
}

/** For every place of a transposed tensor the place in the original. */
export function transposedPlaces(dims: readonly number[], axes: readonly number[]): Int32Array {
  const strides = stridesOf(dims);
  const shape = axes.map((axis) => dims[axis]!);
  const steps = axes.map((axis) => strides[axis]!);
  const places = new Int32Array(product(shape));
  const index = new Array<number>(shape.length).fill(0);
  let place = 0;
  for (let at = 0; at < places.length; at++) {
    places[at] = place;
    for (let i = shape.length - 1; i >= 0; i--) {
      index[i]!++;
      place += steps[i]!;
      if (index[i]! < shape[i]!) break;
      place -= steps[i]! * shape[i]!;
      index[i] = 0;
    }
  }
  return places;
}

/** Places of a slice: along every axis `size` numbers from `begin` in steps. */
export function slicedPlaces(
  dims: readonly number[],
  begin: readonly number[],
  size: readonly number[],
  step: readonly number[],
): Int32Array {
  const strides = stridesOf(dims);
  const places = new Int32Array(product(size));
  for (let at = 0; at < places.length; at++) {
    let rest = at;
    let place = 0;
    for (let i = size.length - 1; i >= 0; i--) {
      const of = rest % size[i]!;
      rest = (rest - of) / size[i]!;
      place += (begin[i]! + of * step[i]!) * strides[i]!;
    }
    places[at] = place;
  }
  return places;
}

/** The numbers at some places of a constant. */
export function picked(
  { values }: Constant,
  places: Int32Array,
  dims: readonly number[],
): Constant {
  if (values instanceof Float32Array)
    return { dims, values: Float32Array.from(places, (i) => values[i]!) };
  return { dims, values: Array.from(places, (i) => values[i]!) };
}
