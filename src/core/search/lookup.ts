/**
 * What the searches precompute of a trace, once: orders, costs relative to the plain network, and who is right where.
 */
import { cellAt } from '../leaving.ts';
import { pairingOf } from '../pairing.ts';
import { leaves, perExit, strictly, type Cell, type Rule } from '../policy.ts';
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
  /** What the thresholds of an exit are for. */
  readonly cell: Cell;
  /** Thresholds an exit. Threshold c of exit j is at j·per + c. */
  readonly per: number;
  /** Of thresholds a judge: whether it is enough that one of them is met. */
  readonly isEither: boolean;
  /** Images of threshold c of exit j are at starts[j·per + c] … starts[j·per + c + 1] − 1 of `order`. */
  readonly starts: Uint32Array;
  /**
   * Images of exit j by rank, first to leave first: cell after cell, where thresholds have shares of the images; all of
   * them once for each judge, where both look at all.
   */
  readonly order: Uint32Array;
  /** Confidence and right of the image at each rank: the searches read them in memory order. */
  readonly rankedConfidence: Float32Array;
  readonly rankedRight: Uint8Array;
}

/**
 * @param cell what thresholds are for: one an exit, or several.
 * @throws Error with a sentence when the trace is not usable (NaN, wrong lengths, …).
 */
export function lookup(trace: Trace, rule: Rule, cell: Cell = 'exit'): Lookup {
  checkTrace(trace);
  const { count, exits, label, prediction } = trace;
  const right = new Uint8Array(prediction.length);
  for (let j = 0; j < exits.length; j++) {
    const from = j * count;
    for (let i = 0; i < count; i++) right[from + i] = prediction[from + i] === label[i] ? 1 : 0;
  }
  const per = perExit(cell, trace);
  const { order, starts } = ordered(trace, rule, cell, per);
  const rankedConfidence = new Float32Array(order.length);
  for (let at = 0; at < exits.length * per; at++) {
    const from = Math.floor(at / per) * count;
    const { confidence } = cell === 'judge' && at % 2 === 1 ? trace.second! : trace;
    for (let r = starts[at]!; r < starts[at + 1]!; r++) {
      rankedConfidence[r] = confidence[from + order[r]!]!;
    }
  }
  const rankedRight = ranked(right, { count, per, order, starts });
  return {
    ...{ trace, rule, count, cell, per },
    last: exits.length - 1,
    isEither: pairingOf(trace) === 'or',
    cost: Float64Array.from(exits, ({ flops }) => flops / trace.networkFlops),
    ...{ right, starts, order, rankedConfidence, rankedRight },
  };
}

/** A number an exit and image, as the image at each rank has it. */
export function ranked(
  numbers: Uint8Array,
  { count, per, order, starts }: Pick<Lookup, 'count' | 'per' | 'order' | 'starts'>,
): Uint8Array {
  const inOrder = new Uint8Array(order.length);
  for (let at = 0; at + 1 < starts.length; at++) {
    const from = Math.floor(at / per) * count;
    for (let r = starts[at]!; r < starts[at + 1]!; r++) inOrder[r] = numbers[from + order[r]!]!;
  }
  return inOrder;
}

type Ordered = Pick<Lookup, 'order' | 'starts'>;

function ordered(trace: Trace, rule: Rule, cell: Cell, per: number): Ordered {
  const { order: sorted } = exitOrder(trace, rule);
  const { exits, count } = trace;
  if (cell === 'exit') return { order: sorted, starts: evenly(exits.length, count) };
  if (cell !== 'judge') return byCell(trace, sorted, cell, per);
  const other = exitOrder({ ...trace, confidence: trace.second!.confidence }, rule).order;
  const order = new Uint32Array(2 * sorted.length);
  for (let j = 0; j < exits.length; j++)
    for (const [n, one] of [sorted, other].entries())
      order.set(one.subarray(j * count, (j + 1) * count), (2 * j + n) * count);
  return { order, starts: evenly(2 * exits.length, count) };
}

const evenly = (cells: number, count: number): Uint32Array =>
  Uint32Array.from({ length: cells + 1 }, (_, at) => at * count);

/** The images of each exit by the threshold that they are held against, those of one cell in the order that they had. */
function byCell(trace: Trace, sorted: Uint32Array, cell: 'class' | 'label', per: number): Ordered {
  const { count, exits } = trace;
  const order = new Uint32Array(sorted.length);
  const starts = new Uint32Array(exits.length * per + 1);
  for (let j = 0; j < exits.length; j++)
    for (let at = j * count; at < (j + 1) * count; at++)
      starts[j * per + cellAt(trace, cell, at) + 1]!++;
  for (let at = 1; at < starts.length; at++) starts[at]! += starts[at - 1]!;
  const next = starts.slice();
  for (let j = 0; j < exits.length; j++) {
    for (let r = j * count; r < (j + 1) * count; r++) {
      const image = sorted[r]!;
      order[next[j * per + cellAt(trace, cell, j * count + image)]!++] = image;
    }
  }
  return { order, starts };
}

/** Goes through the images that an exit lets go. */
export interface Walker {
  /** Every rank of threshold `at` whose confidence meets it. */
  readonly eachMeeting: (at: number, threshold: number, visit: (rank: number) => void) => void;
  /** Every image that exit j lets go, by a rank of it, were all to arrive. */
  readonly eachLeaving: (
    j: number,
    thresholds: readonly number[],
    visit: (rank: number) => void,
  ) => void;
}

/** Not re-entrant where thresholds are of judges: who met the first is marked meanwhile. */
export function walker(table: Lookup): Walker {
  const { rule, count, per, cell, isEither, starts, order, rankedConfidence } = table;
  const met = new Uint8Array(cell === 'judge' ? count : 0);

  const eachMeeting: Walker['eachMeeting'] = (at, threshold, visit) => {
    const { sign, bound } = strictly(rule, threshold);
    const end = starts[at + 1]!;
    for (let r = starts[at]!; r < end && sign * rankedConfidence[r]! > bound; r++) visit(r);
  };

  const ofJudges: Walker['eachLeaving'] = (j, thresholds, visit) => {
    eachMeeting(2 * j, thresholds[2 * j]!, (r) => {
      met[order[r]!] = 1;
      if (isEither) visit(r);
    });
    eachMeeting(2 * j + 1, thresholds[2 * j + 1]!, (r) => {
      if ((met[order[r]!] === 1) !== isEither) visit(r);
    });
    met.fill(0);
  };

  const ofCells: Walker['eachLeaving'] = (j, thresholds, visit) => {
    for (let at = j * per; at < (j + 1) * per; at++) eachMeeting(at, thresholds[at]!, visit);
  };

  return { eachMeeting, eachLeaving: cell === 'judge' ? ofJudges : ofCells };
}

/**
 * What the thresholds do, exit j left out: the first exit that lets everybody go (the last one always does), and the
 * exits before it, last first, that let some go and some stay. Most thresholds of a random search do neither: they
 * are never reached or never missed, and need no look at the images.
 */
export function othersThan(
  { rule, count, last, per, cell, isEither, starts, rankedConfidence }: Lookup,
  thresholds: readonly number[],
  j: number | null,
): { everybody: number; partly: number[] } {
  const partly: number[] = [];
  // Cells share the images, or both judges must be met; where one is enough, one that is met by all lets all go.
  const isJudge = cell === 'judge';
  for (let k = 0; k < last; k++) {
    if (k === j || count === 0) continue;
    let all = !(isJudge && isEither);
    let some = isJudge && !isEither;
    for (let at = k * per; at < (k + 1) * per; at++) {
      const [first, end] = [starts[at]!, starts[at + 1]!];
      if (first === end) continue;
      const threshold = thresholds[at]!;
      const isMetByAll = leaves(rule, rankedConfidence[end - 1]!, threshold);
      const isMetBySome = leaves(rule, rankedConfidence[first]!, threshold);
      if (isJudge && isEither) all ||= isMetByAll;
      else all &&= isMetByAll;
      if (isJudge && !isEither) some &&= isMetBySome;
      else some ||= isMetBySome;
    }
    if (all) return { everybody: k, partly: partly.reverse() };
    if (some) partly.push(k);
  }
  return { everybody: last, partly: partly.reverse() };
}
