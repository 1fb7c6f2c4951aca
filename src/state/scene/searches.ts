/** Runs threshold searches when a tuning trace is complete, and answers targets from what they found. */
import { create } from 'zustand';
import type { Tuned } from '../../core/search/coordinate.ts';
import type { Policy, Rule } from '../../core/policy.ts';
import { policyForShares } from '../../core/quantile.ts';
import { certify, harmsOf, type RiskOptions } from '../../core/search/risk.ts';
import { everyNth, type Trace } from '../../core/trace.ts';
import { isAbort } from '../../data/errors.ts';
import { runSearch } from '../../engine/client/search.ts';
import type { SearchId } from '../../engine/searches.ts';
import { ruleOf, searchedBy } from '../../methods/registry.ts';
import { curveOf, sweepCurve, type CurveId } from './curve.ts';
import {
  acceptCurve,
  activeCurve,
  apply,
  chooseCurve,
  heldBy,
  measureTuning,
  setPolicyFromStop,
  tuningTrace,
  useExplore,
} from './shown.ts';
import { notify, sentenceOf } from '../notices.ts';
import { useSettings } from '../settings.ts';

export interface SearchState {
  /** The search that is running, and what waits behind it. */
  readonly running: SearchId | null;
  /** Why the last target was not met; null when it was. */
  readonly answer: string | null;
  /** What risk control promised last, or why it could not. */
  readonly certificate: string | null;
}

export const useSearches = create<SearchState>(() => ({
  running: null,
  answer: null,
  certificate: null,
}));

let attempt = new AbortController();

/** Ends whatever is searching: another trace is coming. */
export function stopSearches(): void {
  attempt.abort(new DOMException('Another run was started.', 'AbortError'));
  useSearches.setState({ running: null, answer: null, certificate: null });
}

/** Searches again what was not finished when the searches were stopped. */
export function resumeSearches(): Promise<void> {
  attempt = new AbortController();
  return searchAll();
}

/** The quick sweep on a complete training trace, so that there is a curve at once. */
export async function sweepNow(tuning: Trace): Promise<void> {
  attempt = new AbortController();
  const { signal } = attempt;
  const curve = await sweepCurve(tuning, ruleOf(tuning.method), () => signal.aborted);
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
  useSearches.setState({ answer: null, certificate: null });
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
      {
        ...{ search, trace: tuning, seed: useSettings.getState().seed },
        ...searchedBy(tuning.method),
      },
      (step) => {
        found.push(...step.found);
        if (signal.aborted || found.length === 0) return;
        const seconds = (performance.now() - started) / 1000;
        acceptCurve(
          curveOf(search, heldBy(search, tuning.method), tuning, found, {
            done: step.done,
            seconds,
          }),
        );
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
 * Risk control: the boldest of a fixed family of policies whose harm is certified on fresh images. The family is one
 * share for all exits, tuned on the training images, from no early exits to everybody at the first. The fresh images
 * are every other test image: training images, held out or not, have been seen by the network. The other half of the
 * test images shows what the promise is worth.
 */
export async function certifyRisk(options: RiskOptions): Promise<void> {
  const { train, test } = useExplore.getState();
  if (!train || !test || train.count < train.total || test.count < test.total) {
    useSearches.setState({
      certificate: 'Risk control needs complete traces of both splits. Run to the end first.',
    });
    return;
  }
  await chooseAndSearch('shared-quantile');
  const shares = Array.from({ length: 101 }, (_, n) => n / 100);
  const order = shares.map((share) => sharesPolicy(train, ruleOf(train.method), share));
  const { index, harms, images, bound } = certify(everyNth(test, 2), order, options);
  const promise = `ε = ${options.epsilon}, δ = ${options.delta}`;
  if (index < 0) {
    const certificate = `${promise}: nothing can be certified with ${images} test images. Trace more, or ask for less.`;
    useSearches.setState({ certificate });
    return;
  }
  const others = everyNth(test, 2, 1);
  const check = harmsOf(others, order[index]!) / others.count;
  apply(order[index]!, 'certified');
  const certificate =
    `Certified for ${promise}: every exit lets ${(shares[index]! * 100).toFixed(0)} % go. Of ${images} test images (every ` +
    `other one) early exits make ${harms} wrong; with probability ${1 - options.delta} the true share is at most ` +
    `${(bound * 100).toFixed(2)} %. On the other ${others.count} it is ${(check * 100).toFixed(2)} %.`;
  useSearches.setState({ certificate });
  measureTuning();
}

function sharesPolicy(trace: Trace, rule: Rule, share: number): Policy {
  return policyForShares(trace, rule, new Array<number>(trace.exits.length - 1).fill(share));
}
