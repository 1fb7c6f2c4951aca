/** What a person has chosen on the Compare page. Serialisable, and in the URL. */
import { create } from 'zustand';
import { step } from '../address/steps.ts';
import type { ComparedSearch } from '../../core/run-index.ts';
import { classifierIds, type MethodId } from '../../methods/registry.ts';

export interface CompareChoices {
  /** Whose curves are drawn, and who races. */
  readonly methods: readonly MethodId[];
  /** Who finds the thresholds on train. */
  readonly search: ComparedSearch;
  /** Relative FLOPs at which everything is compared, 0…1. */
  readonly pinned: number;
  /** Keys of the two racers that are compared image by image; null: the first two that can be. */
  readonly pair: readonly [string, string] | null;
}

export const methodIds: readonly MethodId[] = classifierIds;

/** Kinds of racers of one method: "sdn recorded", "sdn live". */
export const racerKinds = ['recorded', 'live'] as const;

/** Steps of the axis of costs. */
const COST_STEP = 0.005;

const defaultCompare: CompareChoices = {
  methods: methodIds,
  search: 'frontier',
  pinned: 0.25,
  pair: null,
};

export const useCompare = create<CompareChoices>(() => defaultCompare);

const { getState: get, setState: set } = useCompare;

/** Shows or hides a method; it also takes part in the next race or stays out. */
export function toggleMethod(method: MethodId): void {
  const { methods } = get();
  step();
  set({ methods: methodIds.filter((id) => (id === method) !== methods.includes(id)) });
}

export function chooseSearch(search: ComparedSearch): void {
  step();
  set({ search });
}

export const choosePair = (pair: CompareChoices['pair']): void => set({ pair });

export const pin = (cost: number): void => set({ pinned: onStep(cost) });

/** A cost on the axis: within 0…1, on a step. */
export function onStep(cost: number): number {
  const steps = Math.round(1 / COST_STEP);
  return Math.min(1, Math.max(0, Math.round(cost * steps) / steps));
}
