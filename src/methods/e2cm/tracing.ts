/** E2CM's second and third pass: distances, normalisers and the traces of both splits, streamed. */
import type { Split } from '../../core/dataset.ts';
import type { Trace, TraceSplit } from '../../core/trace.ts';
import { inChunks } from '../run/pause.ts';
import { Prefix, Throttle, TraceBuffer } from '../run/trace-buffer.ts';
import { decide, decideByNetwork, type E2cmFitted } from '../parts/means/decide.ts';
import type { Distances } from '../parts/means/arrays.ts';
import { own } from './own.ts';
import type { E2cmRun } from './run.ts';

/** While fewer images than this are in, a new normaliser decides all of them again. */
const SETTLED_IMAGES = 4096;

export interface Traced {
  readonly trace: Trace;
  /** Share of the images at each exit whose two labels (normalised, raw) differ. */
  readonly disagreement: number[];
}

/** The distances pass over one split; `place` sees every batch. */
async function distancesPass(
  run: E2cmRun,
  split: Split,
  { means, counts }: Pick<E2cmFitted, 'means' | 'counts'>,
  place: (from: number, count: number, arrays: Distances) => void,
): Promise<void> {
  const { context, classes, phases } = run;
  phases.start();
  await context.runner.run({
    kernel: own.kernel('distances'),
    classes: classes.length,
    parameters: { means, counts },
    split,
    onBatch: place,
    onProgress: (done) => phases.report(done),
    ...(context.signal && { signal: context.signal }),
  });
  phases.end();
}

/** m_j^k as the mean of the distances that have come so far (eq. 4). */
class Normaliser {
  private readonly sums: Float64Array;
  private images = 0;

  constructor(private readonly width: number) {
    this.sums = new Float64Array(width);
  }

  add(distances: Float32Array, count: number): void {
    const { sums, width } = this;
    for (let i = 0, at = 0; i < count; i++)
      for (let c = 0; c < width; c++) sums[c]! += distances[at++]!;
    this.images += count;
  }

  mean(): Float64Array {
    return this.sums.map((sum) => sum / Math.max(1, this.images));
  }
}

/**
 * Traces the training images and finds the normaliser. While the pass runs, images are decided by the
 * normaliser of the images so far; at the end all are decided by the final one.
 * @param isKept whether all distances fit in memory; if not, the normaliser is found in a pass of its own.
 */
export async function traceTrain(
  run: E2cmRun,
  train: Split,
  means: Float32Array,
  counts: Uint32Array,
  isKept: boolean,
): Promise<Traced & { fitted: E2cmFitted }> {
  const { context, options, classes, exits, dimensions } = run;
  const width = exits.length * classes.length;
  const normaliser = new Normaliser(width);
  const fittedNow = (): E2cmFitted => ({
    classes,
    exits,
    dimensions,
    means,
    counts,
    normaliser: normaliser.mean(),
    options,
  });
  if (!isKept) {
    await distancesPass(run, train, { means, counts }, (_, count, { distances }) =>
      normaliser.add(distances, count),
    );
    const fitted = fittedNow();
    context.onFitted?.(fitted);
    return { fitted, ...(await traceSplit(run, fitted, train, 'train')) };
  }

  const kept = new Float32Array(train.count * width);
  const buffer = new TraceBuffer({ ...run.head('train'), total: train.count }, train);
  const out = { prediction: buffer.prediction, confidence: buffer.confidence, stride: train.count };
  const prefix = new Prefix();
  const throttle = new Throttle();
  let decided = 0;
  const show = () => {
    if (prefix.ready === 0) return;
    const fitted = fittedNow();
    const from = decided < SETTLED_IMAGES ? 0 : decided;
    decide(kept, from * width, from, prefix.ready, fitted, out);
    decided = prefix.ready;
    context.onFitted?.(fitted);
    context.onTrace?.(buffer.sofar(decided));
  };
  try {
    await distancesPass(run, train, { means, counts }, (from, count, { distances, logits }) => {
      kept.set(distances, from * width);
      normaliser.add(distances, count);
      if (options.lastExit === 'network')
        decideByNetwork(logits, from, from + count, exits.length, out);
      prefix.add(from, count);
      if (throttle.isDue()) show();
    });
  } catch (error) {
    show();
    throw error;
  }
  const fitted = fittedNow();
  context.onFitted?.(fitted);
  const differing = new Float64Array(exits.length);
  await inChunks(
    train.count,
    Math.ceil(20_000 / width),
    (from, to) => decide(kept, from * width, from, to, fitted, out, differing),
    context.signal,
  );
  const trace = buffer.finish();
  context.onTrace?.(trace);
  return { fitted, trace, disagreement: shares(differing, train.count) };
}

/** Traces images with everything that was learnt. */
export async function traceSplit(
  run: E2cmRun,
  fitted: E2cmFitted,
  split: Split,
  name: TraceSplit,
): Promise<Traced> {
  const { context, exits, options } = run;
  const buffer = new TraceBuffer({ ...run.head(name), total: split.count }, split);
  const out = { prediction: buffer.prediction, confidence: buffer.confidence, stride: split.count };
  const prefix = new Prefix();
  const throttle = new Throttle();
  const differing = new Float64Array(exits.length);
  try {
    await distancesPass(run, split, fitted, (from, count, { distances, logits }) => {
      decide(distances, 0, from, from + count, fitted, out, differing);
      if (options.lastExit === 'network')
        decideByNetwork(logits, from, from + count, exits.length, out);
      prefix.add(from, count);
      if (prefix.ready > 0 && throttle.isDue()) context.onTrace?.(buffer.sofar(prefix.ready));
    });
  } catch (error) {
    if (prefix.ready > 0) context.onTrace?.(buffer.sofar(prefix.ready));
    throw error;
  }
  const trace = buffer.finish();
  context.onTrace?.(trace);
  return { trace, disagreement: shares(differing, split.count) };
}

function shares(counts: Float64Array, images: number): number[] {
  return Array.from(counts, (count) => (images === 0 ? 0 : count / images));
}
