/** Opened runs as a browser keeps them: arrays as blobs, packed by the page and unpacked by the data worker. */
import type { SecondJudge } from '../../core/pairing.ts';
import { checkTrace, type ClassIndices, type Trace, type TraceSplit } from '../../core/trace.ts';
import { DataError } from '../errors.ts';
import type { OpenedRun } from './runs.ts';

type Says = Pick<Trace, 'prediction' | 'confidence'>;
type PackedSays = Readonly<Record<keyof Says, Blob>>;

/** A trace whose arrays are blobs: they are kept without the page's thread copying millions of numbers at a time. */
type Packed = Omit<Trace, 'label' | keyof Says | 'second'> &
  PackedSays & {
    readonly label: Blob;
    /** Traces that were kept before hold the arrays of a second judge themselves. */
    readonly second?: SecondJudge | PackedSays;
  };

/** Runs that were kept before hold the arrays themselves. */
export type PackedRun = Omit<OpenedRun, 'traces'> & {
  readonly traces: Readonly<Partial<Record<TraceSplit, Trace | Packed>>>;
};

/** @param turn is waited for between two copies, which are short: the page goes on meanwhile. */
export async function packed(run: OpenedRun, turn: () => Promise<void>): Promise<PackedRun> {
  const all: Packed[] = [];
  for (const trace of Object.values(run.traces))
    all.push({
      ...trace,
      label: await blobOf(trace.label, turn),
      ...(await packedSays(trace, turn)),
      ...(trace.second && { second: await packedSays(trace.second, turn) }),
    });
  return { ...run, traces: bySplit(all) };
}

const packedSays = async (says: Says, turn: () => Promise<void>): Promise<PackedSays> => ({
  prediction: await blobOf(says.prediction, turn),
  confidence: await blobOf(says.confidence, turn),
});

/** Bytes that are copied into a blob in one turn. */
const SLICE = 1 << 20;

/** An array as a blob, copied in slices; a blob of blobs copies nothing. */
async function blobOf(
  array: Uint8Array | Uint16Array | Float32Array,
  turn: () => Promise<void>,
): Promise<Blob> {
  const bytes = new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);
  const slices: Blob[] = [];
  for (let at = 0; at < bytes.length; at += SLICE) {
    slices.push(new Blob([bytes.subarray(at, at + SLICE)]));
    await turn();
  }
  return new Blob(slices);
}

/** The run again, checked as any trace from outside is. @throws DataError with a sentence. */
export async function unpacked(run: PackedRun): Promise<OpenedRun> {
  const all = await Promise.all(Object.values(run.traces).map(arraysOf));
  try {
    for (const trace of all) checkTrace(trace);
  } catch (error) {
    throw new DataError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  return { ...run, traces: bySplit(all) };
}

async function arraysOf(trace: Trace | Packed): Promise<Trace> {
  if (!isPacked(trace)) return trace;
  const { second, ...own } = trace;
  const indices = async (blob: Blob): Promise<ClassIndices> => {
    const bytes = await blob.arrayBuffer();
    return trace.classes.length > 256 ? new Uint16Array(bytes) : new Uint8Array(bytes);
  };
  const says = async (of: PackedSays): Promise<Says> => ({
    prediction: await indices(of.prediction),
    confidence: new Float32Array(await of.confidence.arrayBuffer()),
  });
  return {
    ...{ ...own, label: await indices(own.label), ...(await says(own)) },
    ...(second && { second: arePacked(second) ? await says(second) : second }),
  };
}

const isPacked = (trace: Trace | Packed): trace is Packed => trace.label instanceof Blob;
const arePacked = (says: Says | PackedSays): says is PackedSays => says.prediction instanceof Blob;

const bySplit = <One extends { readonly split: TraceSplit }>(
  all: readonly One[],
): Readonly<Partial<Record<TraceSplit, One>>> =>
  Object.fromEntries(all.map((trace) => [trace.split, trace]));
