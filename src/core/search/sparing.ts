/**
 * Policies that spare every class: none loses more than so much of its accuracy against the plain network on the tuning
 * trace. Ours, not the paper's.
 *
 * It begins from the policies of another search. Where one takes too much from a class, right answers to that class's
 * images count for more than others and the thresholds climb again, until the class is spared or nothing helps. These
 * weights are the multipliers of a Lagrangian, so that each climb stays the exact one of `coordinate.ts`.
 */
import { classLosses } from '../class-effects.ts';
import { cellOf, closedThreshold, forEachClass, type Cell, type Rule } from '../policy.ts';
import { replay, replayBuffers } from '../replay.ts';
import type { Trace } from '../trace.ts';
import type { SearchStep } from './best.ts';
import { coordinateAscent, type Tuned } from './coordinate.ts';
import { slopesBeside, upperHull, worthOf } from './frontier.ts';
import { lookup, ranked, type Lookup } from './lookup.ts';

export interface SparingOptions {
  /** The most accuracy that a class may lose, 0…1. */
  readonly mostLoss: number;
  /** What another search found on this trace. */
  readonly from: readonly Tuned[];
}

/** What an answer counts for whose class is not in need: weights are whole numbers of a byte. */
const UNIT = 8;
const MOST = 255;
/** How much more a class counts each time that it still loses too much. */
const GROWTH = 1.4;
const ROUNDS = 12;
const PASSES = 4;
/** Cheaper policies take more from a class: after so many that could not be mended no cheaper one is tried. */
const FAILURES = 3;

/** Every policy found spares every class; that without early exits is always one of them. */
export function* sparingSearch(
  trace: Trace,
  rule: Rule,
  { mostLoss, from }: SparingOptions,
): Generator<SearchStep, void> {
  const hull = upperHull(from).reverse();
  const cells = new Set(hull.map(({ thresholds }) => cellOf(thresholds, trace)));
  // Plain policies are among those by class: theirs then are one a class too.
  const cell: Cell = cells.has('class') ? 'class' : ([...cells][0] ?? 'exit');
  const table = lookup(trace, rule, cell);
  const closed = new Array<number>(table.last * table.per).fill(closedThreshold(rule));
  const spread = (thresholds: readonly number[]): readonly number[] =>
    cell === 'class' && thresholds.length < closed.length
      ? forEachClass(thresholds, trace.classes.length)
      : thresholds;
  const buffers = replayBuffers(trace.count, trace.exits.length);
  const lookAt = (thresholds: readonly number[]) => {
    const outcome = replay(trace, { rule, thresholds }, buffers);
    const { accuracy, meanFlops } = outcome;
    const isNeedy = Array.from(classLosses(trace, outcome), (lost) => lost > mostLoss);
    return { isNeedy, found: { thresholds, accuracy, cost: meanFlops / trace.networkFlops } };
  };
  yield { found: [lookAt(closed).found], done: 0 };

  /** Climbs from a policy under the slope beside it until every class is spared. */
  const spared = (start: readonly number[], lambda: number): Tuned | null => {
    let weights = trace.classes.map(() => UNIT);
    let thresholds = start;
    for (let round = 0; round <= ROUNDS; round++) {
      const { isNeedy, found } = lookAt(thresholds);
      if (!isNeedy.includes(true)) return found;
      weights = weights.map((one, k) =>
        isNeedy[k] ? Math.min(MOST, Math.ceil(GROWTH * one)) : one,
      );
      const ascent = coordinateAscent(weighted(table, weights));
      ({ thresholds } = ascent.climb(thresholds, UNIT * lambda, PASSES));
    }
    return null;
  };
  let failures = 0;
  for (const [n, start] of hull.entries()) {
    if (failures >= FAILURES) break;
    // What its start may owe to the chance of the tuning images, it owes too.
    const owed = start.accuracy - worthOf(start);
    const found = slopesBeside(hull, n).flatMap((lambda) => {
      const one = spared(spread(start.thresholds), lambda);
      return one ? [{ ...one, worth: one.accuracy - owed }] : [];
    });
    failures = found.length > 0 ? 0 : failures + 1;
    yield { found, done: (n + 1) / hull.length };
  }
  yield { found: [], done: 1 };
}

/** The same trace where a right answer counts for what its class weighs. What the ascent then measures is no accuracy. */
function weighted(table: Lookup, weights: readonly number[]): Lookup {
  const { trace, count } = table;
  const right = table.right.slice();
  for (let at = 0; at < right.length; at += count)
    for (let i = 0; i < count; i++) right[at + i]! *= weights[trace.label[i]!]!;
  return { ...table, right, rankedRight: ranked(right, table) };
}
