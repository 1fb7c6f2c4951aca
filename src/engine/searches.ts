/** The threshold searches by name: one closed map serves the worker, the page's menu and the command line. */
import { decided, pairCell } from '../core/pairing.ts';
import { openThreshold, sense, type Cell, type Rule } from '../core/policy.ts';
import {
  frontierSearch,
  type FrontierSearchOptions,
  type SearchStep,
} from '../core/search/best.ts';
import type { Tuned } from '../core/search/coordinate.ts';
import { classAwareSearch } from '../core/search/class-aware.ts';
import { exitOrder } from '../core/search/order.ts';
import { lookup } from '../core/search/lookup.ts';
import { pairSearch, tiedSearch } from '../core/search/pair.ts';
import { paperSearch, type PaperSearchOptions } from '../core/search/paper.ts';
import { ONE_PARAMETER_RULES, ruleCurve, type OneParameterRuleId } from '../core/search/rules.ts';
import { sparingSearch, type SparingOptions } from '../core/search/sparing.ts';
import { sweep, SWEEP_SHARES } from '../core/search/sweep.ts';
import type { Trace } from '../core/trace.ts';

export type SearchId = 'sweep' | 'frontier' | 'class-aware' | 'tied' | 'paper' | OneParameterRuleId;

export interface SearchRequest {
  readonly search: SearchId;
  /** The tuning trace. */
  readonly trace: Trace;
  /** The method's rule. */
  readonly rule: Rule;
  /** As the method's confidence has it. */
  readonly logarithmic?: readonly [number, number];
  /** Seed of the paper's random thresholds; the other searches draw none. */
  readonly seed: number;
}

/** Policies that spare every class, from those of another search. */
export interface SparingRequest extends SparingOptions {
  readonly trace: Trace;
  readonly rule: Rule;
}

/** What a search worker is asked: one search after the other, its policies told as they are found. */
export interface SearchCalls {
  search: { request: SearchRequest; result: null; progress: SearchStep };
  spare: { request: SparingRequest; result: null; progress: SearchStep };
}

/** Milliseconds between two looks at what a search has found: what is drawn oftener costs the page more than the search. */
const INTERVAL = 150;

/** A search's steps, those of an interval told as one: nothing that was found is left out. */
export function* gathered(
  steps: Iterable<SearchStep>,
  now: () => number = () => performance.now(),
): Generator<SearchStep, void> {
  let last = -Infinity;
  let untold: Tuned[] = [];
  let reached: number | null = null;
  for (const { found, done } of steps) {
    untold.push(...found);
    reached = done;
    if (now() - last < INTERVAL) continue;
    yield { found: untold, done };
    untold = [];
    reached = null;
    last = now();
  }
  if (reached !== null) yield { found: untold, done: reached };
}

/** Runs a search step by step. Where two judges have a threshold each, those of an exit are found apart. */
export function* searchSteps({
  search,
  trace: given,
  rule,
  logarithmic,
  seed,
}: SearchRequest): Generator<SearchStep, void> {
  const trace = decided(given);
  const cell = pairCell(trace) ?? 'exit';
  const paper = { seed, ...drawnFrom(trace, rule, cell, logarithmic) };
  switch (search) {
    case 'sweep': {
      const all = 1 + (trace.exits.length - 1) * SWEEP_SHARES;
      let tried = 0;
      for (const point of sweep(trace, exitOrder(trace, rule)))
        yield { found: [point], done: ++tried / all };
      return;
    }
    case 'frontier':
      if (cell === 'exit') yield* frontierSearch(lookup(trace, rule), { paper });
      else yield* pairSearch(trace, rule, { paper });
      return;
    case 'tied':
      if (cell !== 'judge')
        throw new Error(
          'Thresholds are tied where both judges have their own; here they have not.',
        );
      yield* tiedSearch(trace, rule);
      return;
    case 'class-aware':
      yield* classAwareSearch(trace, rule, plainOptions({ trace, rule, seed, logarithmic }));
      return;
    case 'paper':
      yield* paperSearch(lookup(trace, rule, cell), paper);
      return;
    default: {
      const one = ONE_PARAMETER_RULES.find(({ id }) => id === search)!;
      yield { found: [...ruleCurve(one, trace, rule)], done: 1 };
    }
  }
}

/** How the search by class finds the plain policies that it begins from: as the frontier search does. */
export const plainOptions = ({
  trace,
  rule,
  logarithmic,
  seed,
}: Pick<SearchRequest, 'trace' | 'rule' | 'seed'> & {
  readonly logarithmic?: SearchRequest['logarithmic'] | undefined;
}): FrontierSearchOptions => ({
  paper: { seed, ...drawnFrom(trace, rule, 'exit', logarithmic) },
});

/** Runs the search for policies that spare every class step by step. */
export const sparingSteps = ({ trace, rule, ...options }: SparingRequest) =>
  sparingSearch(decided(trace), rule, options);

/** Below this share of its range a drawn threshold opens its exit: a bisection comes there, a draw from [0, 1] does not. */
const OPEN_BELOW = 2 ** -30;

/**
 * What the paper's random thresholds are drawn from: U[0, 1], of entropies U[0, ln K] (§4.2). Confidences may go beyond
 * 1, as a branch's sureness in nats does: then up to the greatest, of two judges up to that of each. Where confidences of 0
 * stand for images that must not leave (`and-label`), the least threshold opens an exit to those too.
 */
function drawnFrom(
  trace: Trace,
  rule: Rule,
  cell: Cell,
  logarithmic?: SearchRequest['logarithmic'],
): Pick<PaperSearchOptions, 'range' | 'at'> {
  if (logarithmic)
    return { range: [Math.log(logarithmic[0]), Math.log(logarithmic[1])], at: Math.exp };
  if (sense(rule).sign < 0) return { range: [0, Math.log(trace.classes.length)] };
  const greatest = greatestOf(trace, trace.confidence);
  if (cell === 'judge') {
    const other = greatestOf(trace, trace.second!.confidence);
    return { range: [0, 1], at: (place, c) => place * (c % 2 === 0 ? greatest : other) };
  }
  const open = openThreshold(rule);
  return {
    range: [0, greatest],
    ...(trace.provenance.options.agreement === 'and-label' && {
      at: (place: number) => (place < OPEN_BELOW * greatest ? open : place),
    }),
  };
}

/** The greatest confidence, 1 where that is about it. */
function greatestOf({ exits, count }: Trace, confidence: Float32Array): number {
  // Nobody asks how sure the last exit is.
  const asked = confidence.subarray(0, (exits.length - 1) * count);
  const greatest = asked.reduce((most, one) => (one < Infinity ? Math.max(most, one) : most), 1);
  // Probabilities may exceed 1 by a rounding.
  return greatest < 1.001 ? 1 : greatest;
}
