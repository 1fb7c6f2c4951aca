/**
 * A plain sweep: no exit before exit s is used, and from s on every exit lets the same share q of the images that
 * arrive go. Two numbers, (s, q), instead of one threshold an exit: quick, no randomness, and a fair picture of
 * what a method can do. The full searches look for thresholds that differ from exit to exit.
 */
import { closedThreshold, openThreshold } from '../policy.ts';
import type { Trace } from '../trace.ts';
import type { FrontierPoint } from './frontier.ts';
import type { ExitOrder } from './order.ts';

export interface SweepPoint extends FrontierPoint {
  /** First exit that is used. */
  readonly firstExit: number;
  /** Share of the arriving images that each used exit lets go. */
  readonly share: number;
}

/** How many shares a sweep tries from each exit on. */
export const SWEEP_SHARES = 32;

/** Shares that a sweep tries: fine near 0 and 1, where curves bend. */
function sweepShares(steps: number): number[] {
  return Array.from({ length: steps }, (_, i) => 0.5 - 0.5 * Math.cos((Math.PI * (i + 1)) / steps));
}

/**
 * Every (first exit, share) of the sweep on a trace, one point at a time so that a caller may draw or stop between
 * them. The first point is the plain network (all exits closed).
 */
export function* sweep(
  trace: Trace,
  order: ExitOrder,
  steps = SWEEP_SHARES,
): Generator<SweepPoint> {
  const walker = shareWalker(trace, order);
  const last = trace.exits.length - 1;
  yield { firstExit: last, share: 0, ...walker(last, 0) };
  for (let firstExit = last - 1; firstExit >= 0; firstExit--) {
    for (const share of sweepShares(steps)) yield { firstExit, share, ...walker(firstExit, share) };
  }
}

/** Evaluates one (first exit, share): thresholds, cost and accuracy, by walking each exit's order. O(N·M). */
function shareWalker(
  trace: Trace,
  { rule, order }: ExitOrder,
): (firstExit: number, share: number) => FrontierPoint {
  const { count, exits, label, prediction, confidence } = trace;
  const last = exits.length - 1;
  const left = new Uint8Array(count);
  return (firstExit, share) => {
    left.fill(0);
    let driving = count;
    let right = 0;
    let flops = 0;
    const thresholds: number[] = [];
    for (let j = 0; j < last; j++) {
      const wanted = j < firstExit ? 0 : Math.round(share * driving);
      const from = j * count;
      if (wanted === 0) {
        thresholds.push(closedThreshold(rule));
        continue;
      }
      if (wanted === driving) {
        thresholds.push(openThreshold(rule));
        for (let i = 0; i < count; i++) {
          if (left[i]) continue;
          left[i] = 1;
          if (prediction[from + i] === label[i]) right++;
        }
        flops += driving * exits[j]!.flops;
        driving = 0;
        continue;
      }
      const cut = cutAfter({ rule, order }, left, confidence, from, count, wanted);
      let gone = 0;
      for (let r = 0; r < cut.rank; r++) {
        const i = order[from + r]!;
        if (left[i]) continue;
        left[i] = 1;
        gone++;
        if (prediction[from + i] === label[i]) right++;
      }
      thresholds.push(cut.threshold);
      flops += gone * exits[j]!.flops;
      driving -= gone;
    }
    for (let i = 0; i < count; i++) {
      if (!left[i] && prediction[last * count + i] === label[i]) right++;
    }
    flops += driving * exits[last]!.flops;
    return {
      cost: count === 0 ? 0 : flops / count / trace.networkFlops,
      accuracy: count === 0 ? 0 : right / count,
      thresholds,
    };
  };
}

/** Where to cut an exit's order so that `wanted` of those still driving leave; a group of ties is kept whole. */
function cutAfter(
  { rule, order }: ExitOrder,
  left: Uint8Array,
  confidence: Float32Array,
  from: number,
  count: number,
  wanted: number,
): { rank: number; threshold: number } {
  let seen = 0;
  let inside = NaN;
  for (let r = 0; r < count; r++) {
    const i = order[from + r]!;
    if (left[i]) continue;
    const c = confidence[from + i]!;
    if (seen >= wanted && c !== inside) return { rank: r, threshold: (inside + c) / 2 };
    inside = c;
    seen++;
  }
  // Everyone after the last one wanted is tied with it: all leave.
  return { rank: count, threshold: openThreshold(rule) };
}
