/** The policies that a search finds on a training trace, searched once however many ask for them, and their curve on test. */
import type { CurvePoint, ComparedSearch } from '../../core/run-index.ts';
import { pairCell } from '../../core/pairing.ts';
import type { Tuned } from '../../core/search/coordinate.ts';
import { hullByWorth, replayFrontier } from '../../core/search/frontier.ts';
import type { Trace } from '../../core/trace.ts';
import { runSearch } from '../../engine/client/search.ts';
import { heldIn, searchedBy } from '../../methods/registry.ts';
import { undominated } from '../scene/curve.ts';

interface Search {
  readonly found: Promise<readonly Tuned[]>;
  readonly controller: AbortController;
  /** Who waits for it: when nobody does any more, it ends. */
  waiting: number;
  done: boolean;
}

/** Held by the trace: with it, they are forgotten. */
const searches = new WeakMap<Trace, Map<string, Search>>();

/**
 * The policies that no other one of the search beats on the training trace, by rising cost.
 * @param seed of the search.
 * @param signal ends the waiting; the search itself goes on while another waits for it.
 * @throws Error with a sentence; AbortError when the signal is aborted.
 */
export async function policiesOn(
  train: Trace,
  search: ComparedSearch,
  seed: number,
  signal?: AbortSignal,
): Promise<readonly Tuned[]> {
  signal?.throwIfAborted();
  if (!isSearchedBy(search, train))
    throw new Error(
      'Two judges have a threshold each at an exit, and none for each class: compare them by the frontier search.',
    );
  const known = searches.get(train) ?? new Map<string, Search>();
  searches.set(train, known);
  const key = `${search} ${seed}`;
  const entry = known.get(key) ?? begin(train, search, seed);
  known.set(key, entry);
  entry.waiting++;
  try {
    return await orAborted(entry.found, signal);
  } catch (error) {
    // What failed is tried again by who asks next.
    if (!signal?.aborted && known.get(key) === entry) known.delete(key);
    throw error;
  } finally {
    entry.waiting--;
    if (entry.waiting === 0 && !entry.done) {
      if (known.get(key) === entry) known.delete(key);
      entry.controller.abort();
    }
  }
}

/** Whether a search has thresholds for a trace: those by class are where an exit has one threshold. */
const isSearchedBy = (search: ComparedSearch, trace: Trace): boolean =>
  search !== 'class-aware' || !pairCell(trace);

/**
 * The policies of a search's hull on train, where they fall on test, by rising cost; none where the search has no
 * thresholds for such a trace.
 * @throws Error with a sentence; AbortError when the signal is aborted.
 */
export async function curveOn(
  train: Trace,
  test: Trace,
  search: ComparedSearch,
  seed: number,
  signal?: AbortSignal,
): Promise<CurvePoint[]> {
  if (!isSearchedBy(search, train)) return [];
  const hull = hullByWorth(await policiesOn(train, search, seed, signal));
  const drawn = replayFrontier(hull, test, heldIn(train));
  return drawn.map(({ cost, accuracy }) => ({ cost, accuracy })).sort((a, b) => a.cost - b.cost);
}

function begin(train: Trace, search: ComparedSearch, seed: number): Search {
  const controller = new AbortController();
  const tuned: Tuned[] = [];
  const request = { search, trace: train, seed, ...searchedBy(train) };
  const found = runSearch(request, (step) => tuned.push(...step.found), controller.signal).then(
    () => {
      entry.done = true;
      return undominated(tuned);
    },
  );
  // Nobody may be left to hear of it.
  found.catch(() => undefined);
  const entry: Search = { found, controller, waiting: 0, done: false };
  return entry;
}

/** A promise, or the signal's reason if that comes first. */
function orAborted<Value>(promise: Promise<Value>, signal?: AbortSignal): Promise<Value> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
