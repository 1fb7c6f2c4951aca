/** What a file of arrays holds: arrays, and lists and dicts of them. Numbers are read when they are asked for. */

export type DType =
  | 'bool'
  | `int${8 | 16 | 32 | 64}`
  | `uint${8 | 16 | 32 | 64}`
  | `float${16 | 32 | 64}`
  | 'bfloat16';

export type NumberArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array;

export class NdArray {
  readonly dtype: DType;
  readonly shape: readonly number[];
  private readonly read: () => NumberArray;

  /** @param read gives the numbers in C order, as many as the shape asks for, or throws a DataError. */
  constructor(dtype: DType, shape: readonly number[], read: () => NumberArray) {
    this.dtype = dtype;
    this.shape = shape;
    this.read = read;
  }

  /** The numbers, the last axis changing fastest. 64-bit integers come as float64, 16-bit floats as float32. */
  values(): NumberArray {
    return this.read();
  }
}

/** A file's content. Text and numbers stand for themselves; bytes and whatever else is no array are null. */
export type Content = NdArray | string | number | boolean | null | readonly Content[] | Dict;

export type Dict = ReadonlyMap<string, Content>;

export const isDict = (value: Content): value is Dict => value instanceof Map;

export const isList = (value: Content): value is readonly Content[] => Array.isArray(value);
