/**
 * The paper's threshold search for one target (§4.1): thresholds drawn from U[0, 1], then the components in turn,
 * each bisected until the mean cost on the training trace meets the target.
 */
import type { Policy, Rule } from '../policy.ts';
import { randomFrom } from '../random.ts';
import { replay, replayBuffers } from '../replay.ts';
import type { Trace } from '../trace.ts';
import type { FrontierPoint } from './frontier.ts';

export interface PaperSearchOptions {
  /** Relative FLOPs to meet. */
  readonly target: number;
  readonly seed: number;
  /** Range of the thresholds: [0, 1] for confidences, [0, ln K] for entropies (§4.2). */
  readonly range?: readonly [number, number];
  /** How near the target is near enough; the paper's targets are 0.001 apart. */
  readonly tolerance?: number;
}

export type PaperSearchResult =
  | (FrontierPoint & { readonly reached: true })
  | { readonly reached: false; readonly reason: string };

/**
 * Bisects each component in turn, in an order drawn from the seed. Mean cost is monotone in every threshold,
 * so each bisection ends; a component that cannot meet the target alone stays at the end of its range that comes
 * nearest, and the next one goes on from there.
 */
export function paperSearch(
  trace: Trace,
  rule: Rule,
  options: PaperSearchOptions,
): PaperSearchResult {
  const { target, seed, range = [0, 1], tolerance = 0.0005 } = options;
  const last = trace.exits.length - 1;
  const cheapest = trace.exits[0]!.flops / trace.networkFlops;
  const dearest = trace.exits[last]!.flops / trace.networkFlops;
  if (target < cheapest - tolerance || target > dearest + tolerance) {
    const bound = target < cheapest ? 'the cheapest' : 'the dearest';
    return {
      reached: false,
      reason:
        `${format(target)} of the FLOPs cannot be reached: ${bound} policy costs ` +
        `${format(target < cheapest ? cheapest : dearest)}. Choose a target from ${format(cheapest)} to ${format(dearest)}.`,
    };
  }
  const random = randomFrom(seed);
  const thresholds = Array.from(
    { length: last },
    () => range[0] + (range[1] - range[0]) * random(),
  );
  const buffers = replayBuffers(trace.count, trace.exits.length);
  const point = (): FrontierPoint => {
    const outcome = replay(trace, { rule, thresholds } satisfies Policy, buffers);
    return {
      cost: outcome.meanFlops / trace.networkFlops,
      accuracy: outcome.accuracy,
      thresholds: [...thresholds],
    };
  };
  // Raising a threshold keeps images in, except under `below`, where it lets them go.
  const raisesCost = rule !== 'below';
  let best = point();
  for (const j of shuffled(last, random)) {
    let [low, high] = range;
    for (let step = 0; step < 40 && Math.abs(best.cost - target) > tolerance; step++) {
      thresholds[j] = (low + high) / 2;
      const here = point();
      if (Math.abs(here.cost - target) < Math.abs(best.cost - target)) best = here;
      if (here.cost > target === raisesCost) high = thresholds[j]!;
      else low = thresholds[j]!;
    }
    if (Math.abs(best.cost - target) <= tolerance) return { ...best, reached: true };
  }
  return {
    reached: false,
    reason:
      `No threshold vector found from seed ${seed} costs ${format(target)} of the FLOPs; ` +
      `the nearest costs ${format(best.cost)}. Many images may share one confidence: try another target or seed.`,
  };
}

function shuffled(length: number, random: () => number): number[] {
  const order = Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1));
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  return order;
}

function format(share: number): string {
  return share.toFixed(3);
}
