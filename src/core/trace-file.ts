/**
 * A recorded trace is two files: NAME.trace.json says what is in NAME.trace.bin, little-endian arrays at byte
 * offsets. Read files are untrusted: every field is checked before it is used.
 */
import { checkTrace, type Exit, type Provenance, type Trace, type TraceSplit } from './trace.ts';

export const TRACE_FORMAT = 'offramp-trace/1';

/** Training budget of a method that trains something. */
export interface Budget {
  readonly epochs: number;
}

type ArrayName = 'label' | 'prediction' | 'confidence';

interface ArrayEntry {
  readonly dtype: 'uint8' | 'uint16' | 'float32';
  /** In bytes. */
  readonly offset: number;
  /** In numbers, not bytes. */
  readonly length: number;
}

/** The content of NAME.trace.json. */
export interface TraceHeader {
  readonly format: typeof TRACE_FORMAT;
  readonly dataset: string;
  readonly network: string;
  readonly method: string;
  readonly split: TraceSplit;
  readonly budget: Budget | null;
  readonly classes: readonly string[];
  readonly count: number;
  /** Images the run set out to trace; more than `count` when it was cancelled. */
  readonly total: number;
  readonly exits: readonly Exit[];
  readonly networkFlops: number;
  readonly arrays: Readonly<Record<ArrayName, ArrayEntry>>;
  readonly provenance: Provenance;
}

const BYTES = { uint8: 1, uint16: 2, float32: 4 } as const;
/** A billion cells is far above any real trace and far below what would exhaust a machine by a forged header. */
const MOST_CELLS = 1e9;

/** Writes a trace; confidences first, so that every array is aligned. */
export function encodeTrace(
  trace: Trace,
  budget: Budget | null = null,
): { header: TraceHeader; bytes: Uint8Array } {
  checkTrace(trace);
  const { label, prediction, confidence, ...head } = trace;
  const bytes = new Uint8Array(confidence.byteLength + prediction.length + label.length);
  const view = new DataView(bytes.buffer);
  confidence.forEach((value, i) => view.setFloat32(4 * i, value, true));
  bytes.set(prediction, confidence.byteLength);
  bytes.set(label, confidence.byteLength + prediction.length);
  const header: TraceHeader = {
    format: TRACE_FORMAT,
    ...head,
    budget,
    arrays: {
      confidence: { dtype: 'float32', offset: 0, length: confidence.length },
      prediction: { dtype: 'uint8', offset: confidence.byteLength, length: prediction.length },
      label: {
        dtype: 'uint8',
        offset: confidence.byteLength + prediction.length,
        length: label.length,
      },
    },
  };
  return { header, bytes };
}

/**
 * Reads a trace.
 * @param json the parsed content of NAME.trace.json, whatever it is.
 * @param bytes the content of NAME.trace.bin.
 * @throws Error with a sentence that names the field that is wrong, what was expected and what came.
 */
export function decodeTrace(
  json: unknown,
  bytes: Uint8Array,
): { trace: Trace; budget: Budget | null } {
  const header = record(json, 'the trace header');
  if (header.format !== TRACE_FORMAT)
    throw new Error(`The trace has the format ${show(header.format)}; expected "${TRACE_FORMAT}".`);
  const count = whole(header.count, 'count');
  const total = header.total === undefined ? count : whole(header.total, 'total');
  if (total < count) throw new Error(`total is ${total}, less than count (${count}).`);
  const split = header.split;
  if (split !== 'train' && split !== 'test' && split !== 'holdout')
    throw new Error(`split is ${show(split)}; expected "train", "holdout" or "test".`);
  const exits = list(header.exits, 'exits').map(readExit);
  if (count * exits.length > MOST_CELLS)
    throw new Error(
      `The trace claims ${count} images at ${exits.length} exits; that is too large.`,
    );
  const arrays = record(header.arrays, 'arrays');
  const cells = count * exits.length;
  const trace: Trace = {
    dataset: text(header.dataset, 'dataset'),
    network: text(header.network, 'network'),
    method: text(header.method, 'method'),
    split,
    classes: list(header.classes, 'classes').map((name, k) => text(name, `classes[${k}]`)),
    count,
    total,
    exits,
    networkFlops: number(header.networkFlops, 'networkFlops'),
    label: bytesOf(readArray(arrays, 'label', count, bytes), 'label'),
    prediction: bytesOf(readArray(arrays, 'prediction', cells, bytes), 'prediction'),
    confidence: readArray(arrays, 'confidence', cells, bytes),
    provenance: readProvenance(header.provenance),
  };
  checkTrace(trace);
  const budget =
    header.budget === undefined || header.budget === null ? null : readBudget(header.budget);
  return { trace, budget };
}

function readArray(
  arrays: Record<string, unknown>,
  name: ArrayName,
  length: number,
  bytes: Uint8Array,
): Float32Array {
  const entry = record(arrays[name], `arrays.${name}`);
  const { dtype } = entry;
  const allowed = name === 'confidence' ? ['float32'] : ['uint8', 'uint16'];
  if (typeof dtype !== 'string' || !allowed.includes(dtype))
    throw new Error(`arrays.${name}.dtype is ${show(dtype)}; expected ${allowed.join(' or ')}.`);
  const offset = whole(entry.offset, `arrays.${name}.offset`);
  const stated = whole(entry.length, `arrays.${name}.length`);
  if (stated !== length)
    throw new Error(`arrays.${name}.length is ${stated}; expected ${length} (images × exits).`);
  const size = BYTES[dtype as keyof typeof BYTES];
  if (offset + length * size > bytes.byteLength)
    throw new Error(
      `The array ${name} ends at byte ${offset + length * size}, but the trace file has only ` +
        `${bytes.byteLength}. It is truncated or belongs to another trace.`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, length * size);
  const values = new Float32Array(length);
  if (dtype === 'float32')
    for (let i = 0; i < length; i++) values[i] = view.getFloat32(4 * i, true);
  else if (dtype === 'uint16')
    for (let i = 0; i < length; i++) values[i] = view.getUint16(2 * i, true);
  else for (let i = 0; i < length; i++) values[i] = view.getUint8(i);
  return values;
}

/** Class indices as bytes; checked here because 256 would wrap to 0. */
function bytesOf(values: Float32Array, name: string): Uint8Array {
  const large = values.find((value) => value > 255);
  if (large !== undefined)
    throw new Error(`The array ${name} holds class ${large}; at most 255 is possible.`);
  return Uint8Array.from(values);
}

function readExit(value: unknown, j: number): Exit {
  const exit = record(value, `exits[${j}]`);
  return {
    name: text(exit.name, `exits[${j}].name`),
    stage: exit.stage === undefined ? j : whole(exit.stage, `exits[${j}].stage`),
    flops: number(exit.flops, `exits[${j}].flops`),
  };
}

function readProvenance(value: unknown): Provenance {
  const provenance = record(value, 'provenance');
  const options = record(provenance.options ?? {}, 'provenance.options');
  for (const [name, option] of Object.entries(options))
    if (!['string', 'number', 'boolean'].includes(typeof option))
      throw new Error(
        `provenance.options.${name} is ${show(option)}; expected text, number or yes/no.`,
      );
  const { seed } = provenance;
  return {
    commit: text(provenance.commit, 'provenance.commit'),
    backend: text(provenance.backend, 'provenance.backend'),
    seed: seed === null || seed === undefined ? null : number(seed, 'provenance.seed'),
    trainImages: whole(provenance.trainImages, 'provenance.trainImages'),
    options: options as Provenance['options'],
  };
}

function readBudget(value: unknown): Budget {
  return { epochs: number(record(value, 'budget').epochs, 'budget.epochs') };
}

function record(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${field} is ${show(value)}; expected an object.`);
  return value as Record<string, unknown>;
}

function list(value: unknown, field: string): unknown[] {
  if (!Array.isArray(value)) throw new Error(`${field} is ${show(value)}; expected a list.`);
  return value;
}

function text(value: unknown, field: string): string {
  if (typeof value !== 'string') throw new Error(`${field} is ${show(value)}; expected text.`);
  return value;
}

function number(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new Error(`${field} is ${show(value)}; expected a finite number.`);
  return value;
}

function whole(value: unknown, field: string): number {
  const result = number(value, field);
  if (!Number.isInteger(result) || result < 0)
    throw new Error(`${field} is ${result}; expected a whole number, 0 or more.`);
  return result;
}

function show(value: unknown): string {
  if (value === undefined) return 'missing';
  const json = JSON.stringify(value);
  return json.length > 60 ? `${json.slice(0, 57)}…` : json;
}
