/** The threshold searches by name: one closed map serves the worker, the page's menu and the command line. */
import type { Rule } from '../core/policy.ts';
import { frontierSearch, type SearchStep } from '../core/search/best.ts';
import { lookup } from '../core/search/lookup.ts';
import { paperSearch } from '../core/search/paper.ts';
import { ONE_PARAMETER_RULES, ruleCurve, type OneParameterRuleId } from '../core/search/rules.ts';
import type { Trace } from '../core/trace.ts';

export type SearchId = 'frontier' | 'paper' | OneParameterRuleId;

export interface SearchRequest {
  readonly search: SearchId;
  /** The tuning trace. */
  readonly trace: Trace;
  /** The method's rule. */
  readonly rule: Rule;
  /** Seed of the paper's random thresholds; the other searches draw none. */
  readonly seed: number;
}

/** Runs a search step by step. */
export function* searchSteps({
  search,
  trace,
  rule,
  seed,
}: SearchRequest): Generator<SearchStep, void> {
  if (search === 'frontier') {
    yield* frontierSearch(lookup(trace, rule));
  } else if (search === 'paper') {
    const range =
      rule === 'below' ? ([0, Math.log(trace.classes.length)] as const) : ([0, 1] as const);
    yield* paperSearch(lookup(trace, rule), { seed, range });
  } else {
    const found = [
      ...ruleCurve(
        ONE_PARAMETER_RULES.find(({ id }) => id === search)!,
        trace,
        rule,
      ),
    ];
    yield { found, done: 1 };
  }
}
