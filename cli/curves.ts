/** Curves of recorded runs: thresholds found on train, drawn on test, never chosen again there. */
import type { SearchName } from '../src/core/run-index.ts';
import {
  heightAt,
  hullByWorth,
  replayFrontier,
  type FrontierPoint,
} from '../src/core/search/frontier.ts';
import type { Trace } from '../src/core/trace.ts';
import { searchSteps, type SearchId } from '../src/engine/searches.ts';
import { heldIn, searchedBy } from '../src/methods/registry.ts';

/** Seed of the paper's search in everything that is recorded or printed. */
export const SEARCH_SEED = 1;
/** Relative FLOPs at which runs are compared: the paper's, and one more. */
export const BUDGETS = [0.15, 0.2, 0.25, 0.3, 0.4, 0.5];
export const SEARCHES = ['paper', 'frontier'] as const satisfies readonly SearchName[];

/** The policies of a search's hull on the training trace. */
export function trainHull(search: SearchId, train: Trace): FrontierPoint[] {
  const asked = { search, trace: train, seed: SEARCH_SEED, ...searchedBy(train) };
  const steps = searchSteps(asked);
  return hullByWorth([...steps].flatMap((step) => step.found));
}

/** Those policies on test, by rising cost. */
export function testCurve(hull: readonly FrontierPoint[], test: Trace): FrontierPoint[] {
  return [...replayFrontier(hull, test, heldIn(test))].sort((a, b) => a.cost - b.cost);
}

/**
 * Accuracy at exactly a cost, time sharing between the two nearest policies; null where even the cheapest is dearer.
 * To six digits, so that it reads the same on every machine.
 */
export function accuracyAtBudget(curve: readonly FrontierPoint[], budget: number): number | null {
  if (curve.length === 0 || curve[0]!.cost > budget) return null;
  return Number(heightAt(curve, budget).toFixed(6));
}
