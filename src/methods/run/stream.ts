/** Traces one split through a kernel, streamed: the trace so far goes out a few times a second. */
import type { Split } from '../../core/dataset.ts';
import type { Trace, TraceHead } from '../../core/trace.ts';
import type { Arrays } from '../contract/arrays.ts';
import type { RunContext } from '../contract/run.ts';
import type { Through } from '../contract/kernel.ts';
import type { Phases } from './phases.ts';
import { Prefix, Throttle, TraceBuffer } from './trace-buffer.ts';

/** Where decisions go: entry j·stride + i. */
export interface Decisions {
  readonly prediction: Uint8Array;
  readonly confidence: Float32Array;
  readonly stride: number;
  /** Of two judges, what the one beside the first says. */
  readonly second?: Decisions;
}

/** Decides the images of one split. */
export interface Decider<Result> {
  /** Decides images [from, from + count) at every exit from what the kernel gave. */
  decide(arrays: Result, from: number, count: number, out: Decisions): void;
  /**
   * Called before a trace of the first `ready` images goes out, and once when all are there: decisions that need to see
   * many images are made here. What it returns is waited for at the end only.
   */
  settle?(ready: number, out: Decisions, isComplete: boolean): Promise<void> | void;
  /** Whether there are two judges: `out` then has room for the second. */
  readonly isPair?: boolean;
  /** Whether there is nothing to show before all images are there. */
  readonly isBlind?: boolean;
  /** Images at each exit that the method's report tells the share of. */
  readonly counted?: Float64Array;
}

export interface TracedPass<Parameters extends Arrays, Result extends Arrays> {
  readonly context: Pick<RunContext<never>, 'runner' | 'signal' | 'onTrace'>;
  readonly phases: Phases;
  /** `total` is filled in here. */
  readonly head: TraceHead;
  readonly split: Split;
  readonly pass: Through<Parameters, Result> & { readonly classes: number };
  readonly decider: Decider<Result>;
}

/** @throws AbortError after the trace so far went out. */
export async function traceThrough<Parameters extends Arrays, Result extends Arrays>(
  traced: TracedPass<Parameters, Result>,
): Promise<Trace> {
  const { context, phases, head, split, pass, decider } = traced;
  const buffer = new TraceBuffer({ ...head, total: split.count }, split, decider.isPair);
  const out = buffer.decisions;
  const prefix = new Prefix();
  const throttle = new Throttle();
  const show = () => {
    if (prefix.ready === 0 || decider.isBlind) return;
    void decider.settle?.(prefix.ready, out, false);
    context.onTrace?.(buffer.sofar(prefix.ready));
  };
  const onBatch = (from: number, count: number, arrays: Result) => {
    decider.decide(arrays, from, count, out);
    prefix.add(from, count);
    if (prefix.ready > 0 && throttle.isDue()) show();
  };
  try {
    await phases.pass({ ...pass, split, onBatch }, context);
  } catch (error) {
    show();
    throw error;
  }
  await decider.settle?.(split.count, out, true);
  const trace = buffer.finish();
  context.onTrace?.(trace);
  return trace;
}
