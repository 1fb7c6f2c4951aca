/** Runs threshold searches when a tuning trace is complete, and answers targets from what they found. */
import { create } from 'zustand';
import type { Tuned } from '../core/search/coordinate.ts';
import type { Policy, Rule } from '../core/policy.ts';
import { policyForShares } from '../core/quantile.ts';
import { certify, type RiskOptions } from '../core/search/risk.ts';
import type { Trace } from '../core/trace.ts';
import { runSearch } from '../engine/client/search.ts';
import type { SearchId } from '../engine/searches.ts';
import { curveOf, sweepCurve, type CurveId } from './curve.ts';
import {
  acceptCurve,
  activeCurve,
  apply,
  chooseCurve,
  heldBy,
  measureTuning,
  METHOD_RULE,
  setPolicyFromStop,
  tuningTrace,
  useExplore,
} from './explore.ts';
import { isAbort, notify, sentenceOf } from './notices.ts';
import { useSettings } from './settings.ts';

export interface SearchState {
  /** The search that is running, and what waits behind it. */
  readonly running: SearchId | null;
  /** What the last target or certificate had to say. */
  readonly answer: string | null;
}

export const useSearches = create<SearchState>(() => ({ running: null, answer: null }));

let attempt = new AbortController();

/** Ends whatever is searching: another trace is coming. */
export function stopSearches(): void {
  attempt.abort(new DOMException('Another run was started.', 'AbortError'));
  useSearches.setState({ running: null, answer: null });
}

/** The quick sweep on a complete training trace, so that there is a curve at once. */
export async function sweepNow(tuning: Trace): Promise<void> {
  attempt = new AbortController();
  const { signal } = attempt;
  const curve = await sweepCurve(tuning, METHOD_RULE, () => signal.aborted);
  if (!curve || signal.aborted) return;
  acceptCurve(curve);
  measureTuning();
}

/** The frontier and the paper's search one after the other, and the chosen rule where it is neither. */
export async function searchAll(): Promise<void> {
  const { chosen } = useExplore.getState();
  for (const search of new Set<CurveId>([chosen, 'frontier', 'paper'])) {
    if (search !== 'sweep') await searchOne(search);
  }
}

/** Chooses a curve and searches it, if nobody has. */
export async function chooseAndSearch(id: CurveId): Promise<void> {
  chooseCurve(id);
  useSearches.setState({ answer: null });
  if (id !== 'sweep') await searchOne(id);
}

async function searchOne(search: SearchId): Promise<void> {
  const { curves } = useExplore.getState();
  const tuning = tuningTrace(useExplore.getState());
  if (!tuning || curves[search]) return;
  const { signal } = attempt;
  if (signal.aborted) return;
  const started = performance.now();
  const found: Tuned[] = [];
  useSearches.setState({ running: search });
  try {
    await runSearch(
      { search, trace: tuning, rule: METHOD_RULE, seed: useSettings.getState().seed },
      (step) => {
        found.push(...step.found);
        if (signal.aborted || found.length === 0) return;
        const seconds = (performance.now() - started) / 1000;
        acceptCurve(curveOf(search, heldBy(search), tuning, found, { done: step.done, seconds }));
      },
      signal,
    );
  } catch (error) {
    if (!isAbort(error)) notify('error', sentenceOf(error));
  }
  if (signal.aborted) return;
  useSearches.setState({ running: null });
  measureTuning();
}

export type Target = { readonly kind: 'cost' | 'accuracy'; readonly value: number };

/**
 * Sets all thresholds for a target on the tuning trace: the most accurate stop that costs at most so much, or the
 * cheapest that is at least so accurate. Says so when no stop does.
 */
export function aimFor({ kind, value }: Target): void {
  const curve = activeCurve(useExplore.getState());
  if (!curve || curve.stops.length === 0) return;
  const { stops } = curve;
  const at =
    kind === 'cost'
      ? stops.findLastIndex((stop) => stop.cost <= value)
      : stops.findIndex((stop) => stop.accuracy >= value);
  const bound = kind === 'cost' ? stops[0]! : stops.at(-1)!;
  if (at < 0) {
    const answer =
      kind === 'cost'
        ? `No policy of this curve costs ${value.toFixed(2)} or less; the cheapest costs ${bound.cost.toFixed(3)}.`
        : `No policy of this curve gets ${(value * 100).toFixed(1)} % on the tuning images; the best gets ${(bound.accuracy * 100).toFixed(1)} %.`;
    useSearches.setState({ answer });
    return;
  }
  useSearches.setState({ answer: null });
  setPolicyFromStop(at, 'target');
  measureTuning();
}

/**
 * Risk control: the boldest of a fixed family of policies whose harm is certified on the held-out images. The family
 * is one share for all exits, tuned on the training images, from no early exits to everybody at the first.
 */
export function certifyRisk(options: RiskOptions): void {
  const { train, holdout } = useExplore.getState();
  if (!train || !holdout || train.count < train.total || holdout.count < holdout.total) {
    useSearches.setState({
      answer:
        'Risk control needs images that made no class mean: under Options keep some training images out of the means, and run.',
    });
    return;
  }
  chooseCurve('shared-quantile');
  const shares = Array.from({ length: 101 }, (_, n) => n / 100);
  const order = shares.map((share) => sharesPolicy(train, METHOD_RULE, share));
  const { index, harms, images, bound } = certify(holdout, order, options);
  const promise = `ε = ${options.epsilon}, δ = ${options.delta}`;
  if (index < 0) {
    const answer = `${promise}: nothing can be certified with ${images} held-out images; keep more back, or ask for less.`;
    useSearches.setState({ answer });
    return;
  }
  apply(order[index]!, 'certified');
  const answer =
    `Certified for ${promise}: every exit lets ${(shares[index]! * 100).toFixed(0)} % go. On ${images} held-out images ` +
    `${harms} would have been right at the end and are wrong; with probability ${1 - options.delta} the true share is ` +
    `at most ${(bound * 100).toFixed(2)} %.`;
  useSearches.setState({ answer });
  measureTuning();
}

function sharesPolicy(trace: Trace, rule: Rule, share: number): Policy {
  return policyForShares(trace, rule, new Array<number>(trace.exits.length - 1).fill(share));
}
