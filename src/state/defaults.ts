/** Which recorded runs were made with their method's own options. */
import type { Scope } from '../core/options/option.ts';
import { isMadeWith, within } from '../core/options/schema.ts';
import type { RecordedRun } from '../core/run-index.ts';
import { isMethodId, METHODS } from '../methods/registry.ts';

/**
 * Whether a run has its method's own options. Images, budget and seed are told apart wherever runs are shown, so that they
 * do not matter; an option that a run does not name, or a method that is not known here, counts as its own.
 */
export function hasDefaults(
  run: Pick<RecordedRun, 'method' | 'provenance' | 'budget'>,
  scopes: readonly Scope[] = ['variant', 'detail'],
): boolean {
  if (!isMethodId(run.method)) return true;
  return isMadeWith(within(METHODS[run.method].options, ...scopes), {}, run);
}
