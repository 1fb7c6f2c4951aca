/** Opened runs held by another confidence than their own, made of the scores that came with them. */
import { isFitted, type ConfidenceChoice } from '../../core/confidence/choice.ts';
import { fittingSplit, type Tempering } from '../../data/traces/hold.ts';
import type { OpenedRun } from '../../data/traces/runs.ts';
import { data } from '../lease/images.ts';

/** A run as it is shown under a choice. */
export interface HeldOpened {
  readonly run: OpenedRun;
  readonly tempering: Tempering | null;
}

/** Whether another confidence can be made of a run. */
export const hasScores = ({ scores }: OpenedRun): boolean => Object.keys(scores ?? {}).length > 0;

/** Whether something can be fitted for a run: there are tuning images with scores. */
export const canFit = (run: OpenedRun, isHalved: boolean): boolean =>
  fittingSplit(run, isHalved) !== null;

/** The choice that a run can be held by: null where it has no scores, nothing fitted where there is nothing to fit on. */
export function possible(
  choice: ConfidenceChoice | null,
  run: OpenedRun,
  isHalved: boolean,
): ConfidenceChoice | null {
  if (!choice || !hasScores(run)) return null;
  if (!isFitted(choice) || canFit(run, isHalved)) return choice;
  const ensemble = choice.ensemble === 'weighted' ? 'alone' : choice.ensemble;
  return { ...choice, ensemble, isTempered: false };
}

/**
 * A run under a choice; its splits without scores are left out.
 * @throws Error with a sentence when there is nothing to fit on; AbortError.
 */
export async function underChoice(
  run: OpenedRun,
  choice: ConfidenceChoice | null,
  isHalved: boolean,
  signal: AbortSignal,
): Promise<HeldOpened> {
  if (!choice) return { run, tempering: null };
  const { traces, tempering } = await data().hold({ run, choice, isHalved }, signal);
  return { run: { ...run, traces }, tempering };
}
