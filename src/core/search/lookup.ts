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
  /** Thresholds an exit: 1, or one for each class that it may predict. Threshold c of exit j is at j·per + c. */
  readonly per: number;
  /** Images of threshold c of exit j are at starts[j·per + c] … starts[j·per + c + 1] − 1 of `order`. */
  readonly starts: Uint32Array;
  /** order[j·count + r]: image at rank r of exit j, first to leave first; class after class where those have their own. */
  readonly order: Uint32Array;
  /** Confidence and right of the image at each rank: the searches read them in memory order. */
  readonly rankedConfidence: Float32Array;
  readonly rankedRight: Uint8Array;
}

/**
 * @param per whether thresholds are one an exit or one an exit and predicted class.
 * @throws Error with a sentence when the trace is not usable (NaN, wrong lengths, …).
 */
export function lookup(trace: Trace, rule: Rule, per: 'exit' | 'class' = 'exit'): Lookup {
  checkTrace(trace);
  const { count, exits, label, prediction, confidence } = trace;
  const right = new Uint8Array(prediction.length);
  for (let j = 0; j < exits.length; j++) {
    const from = j * count;
    for (let i = 0; i < count; i++) right[from + i] = prediction[from + i] === label[i] ? 1 : 0;
  }
  const sorted = exitOrder(trace, rule).order;
  const { order, starts } =
    per === 'exit' ? together(sorted, exits.length) : byClass(trace, sorted);
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
    per: per === 'exit' ? 1 : trace.classes.length,
    starts,
    order,
    rankedConfidence,
    rankedRight,
  };
}

type Ordered = Pick<Lookup, 'order' | 'starts'>;

function together(order: Uint32Array, exits: number): Ordered {
  const count = order.length / exits;
  return { order, starts: Uint32Array.from({ length: exits + 1 }, (_, j) => j * count) };
}

/** The images of each exit by what it predicts, those of one class in the order that they had. */
function byClass({ count, exits, classes, prediction }: Trace, sorted: Uint32Array): Ordered {
  const order = new Uint32Array(sorted.length);
  const per = classes.length;
  const starts = new Uint32Array(exits.length * per + 1);
  for (let j = 0; j < exits.length; j++)
    for (let i = 0; i < count; i++) starts[j * per + prediction[j * count + i]! + 1]!++;
  for (let cell = 1; cell < starts.length; cell++) starts[cell]! += starts[cell - 1]!;
  const next = starts.slice();
  for (let j = 0; j < exits.length; j++) {
    for (let r = j * count; r < (j + 1) * count; r++) {
      const image = sorted[r]!;
      order[next[j * per + prediction[j * count + image]!]!++] = image;
    }
  }
  return { order, starts };
}

/**
 * What the thresholds do, exit j left out: the first exit that lets everybody go (the last one always does), and the
 * exits before it, last first, that let some go and some stay. Most thresholds of a random search do neither: they
 * are never reached or never missed, and need no look at the images.
 */
export function othersThan(
  { rule, count, last, per, starts, rankedConfidence }: Lookup,
  thresholds: readonly number[],
  j: number | null,
): { everybody: number; partly: number[] } {
  const partly: number[] = [];
  for (let k = 0; k < last; k++) {
    if (k === j || count === 0) continue;
    let all = true;
    let some = false;
    for (let cell = k * per; cell < (k + 1) * per; cell++) {
      const [first, end] = [starts[cell]!, starts[cell + 1]!];
      if (first === end) continue;
      const threshold = thresholds[cell]!;
      all &&= leaves(rule, rankedConfidence[end - 1]!, threshold);
      some ||= leaves(rule, rankedConfidence[first]!, threshold);
    }
    if (all) return { everybody: k, partly: partly.reverse() };
    if (some) partly.push(k);
  }
  return { everybody: last, partly: partly.reverse() };
}
