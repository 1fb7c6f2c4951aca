/** Costs in a person's own unit, for everything that a scene shows. */
import { withoutCosts } from '../../core/costs.ts';
import { readCosts } from '../../core/costs-text.ts';
import type { Scene } from './scene.ts';
import { searchAll, stopSearches, sweepNow } from './searches.ts';
import { setCosts } from './shown.ts';
import { tuningTrace } from './derive.ts';

export interface CostWords {
  readonly unit: string;
  readonly source: string;
  /** A number an exit, or a line an exit. */
  readonly numbers: string;
}

/**
 * Counts the costs of all traces of a scene in a unit of its own; curves are searched anew.
 * @throws Error with a sentence that says which line is wrong and what was expected.
 */
export function takeCosts(scene: Scene, { unit, source, numbers }: CostWords): void {
  const { trace } = scene.shown.getState();
  if (!trace) return;
  if (unit.trim() === '') throw new Error('Say in what unit the costs are: ms, mJ, …');
  const read = readCosts(numbers, withoutCosts(trace).exits);
  change(scene, { unit: unit.trim(), source: source.trim(), ...read });
}

/** Counts FLOPs again, or whatever the trace came with. */
export const dropCosts = (scene: Scene): void => change(scene, null);

function change(scene: Scene, costs: Parameters<typeof setCosts>[1]): void {
  stopSearches(scene);
  setCosts(scene, costs);
  const tuning = tuningTrace(scene.shown.getState());
  if (tuning) void sweepNow(scene, tuning).then(() => searchAll(scene));
}
