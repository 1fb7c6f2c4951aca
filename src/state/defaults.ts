/** Which recorded runs were made with their method's own options. */
import type { RecordedRun } from '../core/run-index.ts';
import { isMethodId, METHODS } from '../methods/registry.ts';

/** Images, budget and seed are told apart wherever runs are shown. */
const FREE: readonly string[] = ['trainImages', 'epochs', 'seed'];

/**
 * Whether a run has its method's own options, but for its images, budget and seed, and others that do not matter.
 * An option that a run does not name, or a method that is not known here, counts as its own.
 */
export function hasDefaults(
  { method, provenance }: Pick<RecordedRun, 'method' | 'provenance'>,
  ...others: readonly string[]
): boolean {
  if (!isMethodId(method)) return true;
  return Object.entries(METHODS[method].defaults).every(
    ([name, value]) =>
      FREE.includes(name) ||
      others.includes(name) ||
      provenance.options[name] === undefined ||
      provenance.options[name] === value,
  );
}
