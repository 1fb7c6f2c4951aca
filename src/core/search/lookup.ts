/**
 * What the searches precompute of a trace, once: orders, costs relative to the plain network, and who is right where.
 */
import { leaves, type Rule } from '../policy.ts';
import { checkTrace, type Trace } from '../trace.ts';
import { exitOrder } from './order.ts';

export interface Lookup {
  readonly trace: Trace;
  readonly rule: Rule;
  readonly count: number;
  /** Index of the last exit, which takes whoever is left. */
  readonly last: number;
  /** cost[j]: relative FLOPs of leaving at exit j. */
  readonly cost: Float64Array;
  /** right[j·count + i]: 1 when exit j labels image i right. */
  readonly right: Uint8Array;
  /** order[j·count + r]: image at rank r of exit j, first to leave first. */
  readonly order: Uint32Array;
  /** Confidence and right of the image at each rank: the searches read them in memory order. */
  readonly rankedConfidence: Float32Array;
  readonly rankedRight: Uint8Array;
}

/** @throws Error with a sentence when the trace is not usable (NaN, wrong lengths, …). */
export function lookup(trace: Trace, rule: Rule): Lookup {
  checkTrace(trace);
  const { count, exits, label, prediction, confidence } = trace;
  const right = new Uint8Array(prediction.length);
  for (let j = 0; j < exits.length; j++) {
    const from = j * count;
    for (let i = 0; i < count; i++) right[from + i] = prediction[from + i] === label[i] ? 1 : 0;
  }
  const { order } = exitOrder(trace, rule);
  const rankedConfidence = new Float32Array(order.length);
  const rankedRight = new Uint8Array(order.length);
  for (let j = 0; j < exits.length; j++) {
    const from = j * count;
    for (let r = from; r < from + count; r++) {
      rankedConfidence[r] = confidence[from + order[r]!]!;
      rankedRight[r] = right[from + order[r]!]!;
    }
  }
  return {
    trace,
    rule,
    count,
    last: exits.length - 1,
    cost: Float64Array.from(exits, ({ flops }) => flops / trace.networkFlops),
    right,
    order,
    rankedConfidence,
    rankedRight,
  };
}

/**
 * What the thresholds do, exit j left out: the first exit that lets everybody go (the last one always does), and the
 * exits before it, last first, that let some go and some stay. Most thresholds of a random search do neither: they
 * are never reached or never missed, and need no look at the images.
 */
export function othersThan(
  { rule, count, last, rankedConfidence }: Lookup,
  thresholds: readonly number[],
  j: number | null,
): { everybody: number; partly: number[] } {
  const partly: number[] = [];
  for (let k = 0; k < last; k++) {
    if (k === j || count === 0) continue;
    const threshold = thresholds[k]!;
    if (leaves(rule, rankedConfidence[(k + 1) * count - 1]!, threshold))
      return { everybody: k, partly: partly.reverse() };
    if (leaves(rule, rankedConfidence[k * count]!, threshold)) partly.push(k);
  }
  return { everybody: last, partly: partly.reverse() };
}
