/**
 * A recorded trace is two files: NAME.trace.json says what is in NAME.trace.bin, little-endian arrays at byte
 * offsets. Read files are untrusted: every field is checked before it is used.
 */
import type { SecondJudge } from './pairing.ts';
import type { Rule } from './policy.ts';
import { list, number, record, show, text, whole } from './read.ts';
import {
  dtypeOf,
  encodeClassIndices,
  encodeConfidence,
  readClassIndices,
  readConfidence,
  type ArrayEntry,
  type ConfidenceEntry,
  type ConfidenceType,
} from './trace-arrays.ts';
import { readBudget, readClasses, readExits, readHeld, readProvenance } from './trace-fields.ts';
import {
  checkSizes,
  checkTrace,
  type ClassIndices,
  type Exit,
  type Provenance,
  type Trace,
  type TraceSplit,
} from './trace.ts';

export const TRACE_FORMAT = 'offramp-trace/1';
/** The same, and there may be scores, which `kept-scores.ts` reads, and what a second judge says. */
export const SCORED_FORMAT = 'offramp-trace/2';

/** Training budget of a method that trains something. */
export interface Budget {
  readonly epochs: number;
}

/** The content of NAME.trace.json. */
export interface TraceHeader {
  readonly format: typeof TRACE_FORMAT | typeof SCORED_FORMAT;
  readonly dataset: string;
  readonly network: string;
  readonly method: string;
  readonly rule?: Rule;
  readonly unit?: string;
  readonly split: TraceSplit;
  readonly budget: Budget | null;
  readonly classes: readonly string[];
  readonly count: number;
  /** Images the run set out to trace; more than `count` when it was cancelled. */
  readonly total: number;
  readonly exits: readonly Exit[];
  readonly networkFlops: number;
  readonly arrays: {
    readonly confidence: ConfidenceEntry;
    readonly prediction: ArrayEntry;
    readonly label: ArrayEntry;
    readonly secondConfidence?: ConfidenceEntry;
    readonly secondPrediction?: ArrayEntry;
    readonly scores?: ArrayEntry;
  };
  readonly provenance: Provenance;
}

/** A billion cells is far above any real trace and far below what would exhaust a machine by a forged header. */
export const MOST_CELLS = 1e9;

/**
 * Writes a trace; confidences first, so that every array is aligned.
 * @param confidenceType uint16 halves the confidences, at 65,536 levels an exit; float32 keeps them as they are.
 * @throws Error with a sentence when the trace breaks its invariants, or has infinite confidences as uint16.
 */
export function encodeTrace(
  trace: Trace,
  budget: Budget | null = null,
  confidenceType: ConfidenceType = 'float32',
): { header: TraceHeader; bytes: Uint8Array } {
  checkTrace(trace);
  const { second } = trace;
  const parts: Uint8Array[] = [];
  let end = 0;
  /** Where what is written next begins. */
  const place = (bytes: Uint8Array): number => {
    parts.push(bytes);
    end += bytes.length;
    return end - bytes.length;
  };
  const confidences = (of: Float32Array): ConfidenceEntry => {
    const { entry, bytes } = encodeConfidence(of, trace.exits.length, confidenceType);
    return { ...entry, offset: place(bytes) };
  };
  const indices = (of: ClassIndices): ArrayEntry => ({
    dtype: dtypeOf(of),
    offset: place(encodeClassIndices(of)),
    length: of.length,
  });
  const confidence = confidences(trace.confidence);
  const secondConfidence = second && confidences(second.confidence);
  const arrays = {
    confidence,
    prediction: indices(trace.prediction),
    label: indices(trace.label),
    ...(second && { secondConfidence, secondPrediction: indices(second.prediction) }),
  };
  const bytes = new Uint8Array(end);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  const format = second ? SCORED_FORMAT : TRACE_FORMAT;
  return { header: { format, ...headOf(trace), budget, arrays }, bytes };
}

/** What a header says of a trace, always in the same order: a trace that is read and written again stays the same text. */
function headOf({
  dataset,
  network,
  method,
  rule,
  unit,
  split,
  classes,
  count,
  total,
  exits,
  networkFlops,
  provenance: { commit, backend, day, seed, trainImages, meaning, options },
}: Trace): Omit<TraceHeader, 'format' | 'budget' | 'arrays'> {
  return {
    dataset,
    network,
    method,
    ...(rule && { rule }),
    ...(unit && { unit }),
    split,
    classes,
    count,
    total,
    exits: exits.map(({ name, stage, flops, size }) => ({
      ...{ name, stage, flops },
      ...(size !== undefined && { size }),
    })),
    networkFlops,
    provenance: {
      ...{ commit, backend, ...(day && { day }), seed, trainImages },
      ...(meaning && { meaning }),
      options,
    },
  };
}

/**
 * Reads a trace, its scores left aside.
 * @param json the parsed content of NAME.trace.json, whatever it is.
 * @param bytes the content of NAME.trace.bin.
 * @throws Error with a sentence that names the field that is wrong, what was expected and what came.
 */
export function decodeTrace(
  json: unknown,
  bytes: Uint8Array,
): { trace: Trace; budget: Budget | null } {
  const header = record(json, 'the trace header');
  if (header.format !== TRACE_FORMAT && header.format !== SCORED_FORMAT)
    throw new Error(
      `The trace has the format ${show(header.format)}; expected "${TRACE_FORMAT}" or "${SCORED_FORMAT}".`,
    );
  const count = whole(header.count, 'count');
  const total = header.total === undefined ? count : whole(header.total, 'total');
  if (total < count) throw new Error(`total is ${total}, less than count (${count}).`);
  const split = header.split;
  if (split !== 'train' && split !== 'test' && split !== 'holdout')
    throw new Error(`split is ${show(split)}; expected "train", "holdout" or "test".`);
  const cells = count * list(header.exits, 'exits').length;
  if (cells > MOST_CELLS)
    throw new Error(`The trace claims ${count} images and ${cells} decisions; that is too large.`);
  const exits = readExits(header.exits, 'exits');
  const classes = readClasses(header.classes, 'classes');
  checkSizes({ exits, classes });
  const arrays = record(header.arrays, 'arrays');
  const provenance = readProvenance(header.provenance, 'provenance');
  const trace: Trace = {
    dataset: text(header.dataset, 'dataset'),
    network: text(header.network, 'network'),
    method: text(header.method, 'method'),
    ...readHeld(header, provenance),
    split,
    classes,
    count,
    total,
    exits,
    networkFlops: number(header.networkFlops, 'networkFlops'),
    label: readClassIndices(arrays, 'label', count, { bytes, classes: classes.length }),
    prediction: readClassIndices(arrays, 'prediction', cells, { bytes, classes: classes.length }),
    confidence: readConfidence(arrays, cells, exits.length, bytes),
    ...(arrays.secondConfidence !== undefined && {
      second: readSecond(header.format, arrays, exits.length, classes.length, bytes, cells),
    }),
    provenance,
  };
  checkTrace(trace);
  return { trace, budget: readBudget(header.budget, 'budget') };
}

function readSecond(
  format: unknown,
  arrays: Record<string, unknown>,
  exits: number,
  classes: number,
  bytes: Uint8Array,
  cells: number,
): SecondJudge {
  if (format === TRACE_FORMAT)
    throw new Error(
      `There is arrays.secondConfidence, which belongs to "${SCORED_FORMAT}", but the trace has the format "${TRACE_FORMAT}".`,
    );
  return {
    prediction: readClassIndices(arrays, 'secondPrediction', cells, { bytes, classes }),
    confidence: readConfidence(arrays, cells, exits, bytes, 'secondConfidence'),
  };
}
