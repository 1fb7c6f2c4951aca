/**
 * The arrays of a recorded trace. Confidences are float32, or uint16 on a scale of their own at each exit: half the
 * bytes, 65,536 levels between the exit's least and greatest confidence, so that their order is kept but for ties.
 */
import { numbers, record, show, whole } from './read.ts';
import { classIndices, type ClassIndices } from './trace.ts';

export type ConfidenceType = 'float32' | 'uint16';

export interface ArrayEntry {
  readonly dtype: 'uint8' | 'uint16' | 'float16' | 'float32';
  /** In bytes. */
  readonly offset: number;
  /** In numbers, not bytes. */
  readonly length: number;
}

/** Scale of uint16 confidences: the value q at exit j stands for minimum[j] + q·step[j]. */
export interface Scale {
  readonly minimum: readonly number[];
  /** 0 where all confidences of an exit are equal. */
  readonly step: readonly number[];
}

export type ConfidenceEntry = ArrayEntry & Partial<Scale>;

const BYTES = { uint8: 1, uint16: 2, float16: 2, float32: 4 } as const;
const LEVELS = 65_535;

/**
 * Writes confidences [M·N, exit-major] at the beginning of a trace file.
 * @throws Error when uint16 is asked for and a confidence is infinite.
 */
export function encodeConfidence(
  confidence: Float32Array,
  exits: number,
  dtype: ConfidenceType,
): { entry: ConfidenceEntry; bytes: Uint8Array } {
  const { length } = confidence;
  const bytes = new Uint8Array(length * BYTES[dtype]);
  const view = new DataView(bytes.buffer);
  const entry: ConfidenceEntry = { dtype, offset: 0, length };
  if (dtype === 'float32') {
    confidence.forEach((value, i) => view.setFloat32(4 * i, value, true));
    return { entry, bytes };
  }
  const scale = scaleOf(confidence, exits);
  const count = length / exits;
  for (let j = 0; j < exits; j++) {
    const [minimum, step] = [scale.minimum[j]!, scale.step[j]!];
    for (let at = j * count; at < (j + 1) * count; at++) {
      const level = step === 0 ? 0 : Math.round((confidence[at]! - minimum) / step);
      view.setUint16(2 * at, Math.min(LEVELS, level), true);
    }
  }
  return { entry: { ...entry, ...scale }, bytes };
}

function scaleOf(confidence: Float32Array, exits: number): Scale {
  const count = confidence.length / exits;
  const minimum: number[] = [];
  const step: number[] = [];
  for (let j = 0; j < exits; j++) {
    let [least, greatest] = [Infinity, -Infinity];
    for (const value of confidence.subarray(j * count, (j + 1) * count)) {
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
    if (count > 0 && !(greatest - least < Infinity))
      throw new Error(
        `A confidence at exit ${j} is infinite; uint16 needs finite ones. Write this trace as float32.`,
      );
    minimum.push(count > 0 ? least : 0);
    step.push(count > 0 ? (greatest - least) / LEVELS : 0);
  }
  return { minimum, step };
}

/** Reads confidences of either type. `length` is what the trace's images and exits ask for. */
export function readConfidence(
  arrays: Record<string, unknown>,
  length: number,
  exits: number,
  bytes: Uint8Array,
  name: 'confidence' | 'secondConfidence' = 'confidence',
): Float32Array {
  const { entry, values } = readArray(arrays, name, ['float32', 'uint16'], length, bytes);
  if (entry.dtype === 'float32') return values;
  const count = length / exits;
  const minimum = numbers(entry.minimum, exits, `arrays.${name}.minimum`);
  const step = numbers(entry.step, exits, `arrays.${name}.step`);
  const negative = step.findIndex((size) => size < 0);
  if (negative >= 0)
    throw new Error(`arrays.${name}.step[${negative}] is ${step[negative]}; expected 0 or more.`);
  for (let j = 0; j < exits; j++)
    for (let at = j * count; at < (j + 1) * count; at++)
      values[at] = minimum[j]! + values[at]! * step[j]!;
  return values;
}

/** Class indices as a file holds them, little-endian. */
export function encodeClassIndices(indices: ClassIndices): Uint8Array {
  if (indices instanceof Uint8Array) return indices;
  const bytes = new Uint8Array(2 * indices.length);
  const view = new DataView(bytes.buffer);
  indices.forEach((value, i) => view.setUint16(2 * i, value, true));
  return bytes;
}

/** The type under which those bytes are listed. */
export const dtypeOf = (indices: ClassIndices): 'uint8' | 'uint16' =>
  indices instanceof Uint8Array ? 'uint8' : 'uint16';

/** Reads class indices; checked here because what is too large would wrap. */
export function readClassIndices(
  arrays: Record<string, unknown>,
  name: 'label' | 'prediction' | 'secondPrediction',
  length: number,
  { bytes, classes }: { readonly bytes: Uint8Array; readonly classes: number },
): ClassIndices {
  const { values } = readArray(arrays, name, ['uint8', 'uint16'], length, bytes);
  const large = classes > 256 ? undefined : values.find((value) => value > 255);
  if (large !== undefined)
    throw new Error(
      `The array ${name} holds class ${large}, but there are only ${classes} classes.`,
    );
  const indices = classIndices(length, classes);
  indices.set(values);
  return indices;
}

function readArray(
  arrays: Record<string, unknown>,
  name: string,
  allowed: readonly ArrayEntry['dtype'][],
  length: number,
  bytes: Uint8Array,
): { entry: Record<string, unknown>; values: Float32Array } {
  const { entry, dtype, view } = viewOf(arrays, name, allowed, length, bytes, 'images × exits');
  const values = new Float32Array(length);
  if (dtype === 'float32')
    for (let i = 0; i < length; i++) values[i] = view.getFloat32(4 * i, true);
  else if (dtype === 'uint16')
    for (let i = 0; i < length; i++) values[i] = view.getUint16(2 * i, true);
  else for (let i = 0; i < length; i++) values[i] = view.getUint8(i);
  return { entry, values };
}

/**
 * Where an array lies in the file, when it is there whole: nothing is made room for before that is known.
 * @param axes what its length is made of, in words.
 * @throws Error with a sentence that names the field.
 */
export function viewOf(
  arrays: Record<string, unknown>,
  name: string,
  allowed: readonly ArrayEntry['dtype'][],
  length: number,
  bytes: Uint8Array,
  axes: string,
): { entry: Record<string, unknown>; dtype: ArrayEntry['dtype']; view: DataView } {
  const entry = record(arrays[name], `arrays.${name}`);
  const dtype = allowed.find((type) => type === entry.dtype);
  if (!dtype)
    throw new Error(
      `arrays.${name}.dtype is ${show(entry.dtype)}; expected ${allowed.join(' or ')}.`,
    );
  const offset = whole(entry.offset, `arrays.${name}.offset`);
  const stated = whole(entry.length, `arrays.${name}.length`);
  if (stated !== length)
    throw new Error(`arrays.${name}.length is ${stated}; expected ${length} (${axes}).`);
  const end = offset + length * BYTES[dtype];
  if (end > bytes.byteLength)
    throw new Error(
      `The array ${name} ends at byte ${end}, but the trace file has only ${bytes.byteLength}. ` +
        'It is truncated or belongs to another trace.',
    );
  return {
    entry,
    dtype,
    view: new DataView(bytes.buffer, bytes.byteOffset + offset, end - offset),
  };
}
