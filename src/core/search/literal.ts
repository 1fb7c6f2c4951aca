/**
 * The paper's threshold search word for word: the whole trace is evaluated again at every bisection step.
 * Slow on purpose: `paper.ts` gives the same thresholds without it, and tests and benchmarks hold the two together.
 */
import { perExit, sense, type Cell, type Policy, type Rule } from '../policy.ts';
import { randomFrom, shuffled } from '../random.ts';
import { replay, replayBuffers } from '../replay.ts';
import type { Trace } from '../trace.ts';
import type { FrontierPoint } from './frontier.ts';
import {
  BISECTIONS,
  itself,
  TOLERANCE,
  missed,
  unreachable,
  type PaperSearchOptions,
  type PaperSearchResult,
} from './paper.ts';

/**
 * Bisects each component in turn, in an order drawn from the seed. Mean cost is monotone in every threshold,
 * so each bisection ends; a component that cannot meet the target alone stays at the end of its range that comes
 * nearest, and the next one goes on from there.
 */
export function literalSearch(
  trace: Trace,
  rule: Rule,
  options: PaperSearchOptions,
  cell: Cell = 'exit',
): PaperSearchResult {
  const { target, seed, range = [0, 1], at = itself, tolerance = TOLERANCE } = options;
  const last = trace.exits.length - 1;
  const refusal = unreachable(trace, target, tolerance);
  if (refusal) return refusal;
  const random = randomFrom(seed);
  const components = last * perExit(cell, trace);
  const thresholds = Array.from({ length: components }, (_, c) =>
    at(range[0] + (range[1] - range[0]) * random(), c),
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
  // Raising a threshold keeps images in where large confidences leave, and lets them go where small ones do.
  const raisesCost = sense(rule).sign > 0;
  let best = point();
  if (last === 0) return { ...best, reached: true };
  for (const c of shuffled(components, random)) {
    let [low, high] = range;
    for (let step = 0; step < BISECTIONS && Math.abs(best.cost - target) > tolerance; step++) {
      const middle = (low + high) / 2;
      thresholds[c] = at(middle, c);
      const here = point();
      if (Math.abs(here.cost - target) < Math.abs(best.cost - target)) best = here;
      if (here.cost > target === raisesCost) high = middle;
      else low = middle;
    }
    if (Math.abs(best.cost - target) <= tolerance) return { ...best, reached: true };
  }
  return missed(seed, target, best.cost);
}
