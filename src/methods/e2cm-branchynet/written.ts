/** How E2CM+BranchyNet's exits decide. */
import type { WrittenExit } from '../contract/written.ts';
import { logitsJudge, networkJudge, pairWritten } from '../parts/written.ts';
import type { E2cmBranchyFitted } from './decide.ts';

/** @throws Error with a sentence before the distances have a normaliser. */
export function e2cmBranchyWritten(fitted: E2cmBranchyFitted): WrittenExit[] {
  if (!fitted.isNormalised)
    throw new Error('The distances have nothing to be divided by yet: let the run end first.');
  const sizes = fitted.exits.map(({ size }, j) =>
    j === fitted.exits.length - 1 ? fitted.classes.length : size!,
  );
  return pairWritten(
    fitted,
    sizes,
    (branch) => logitsJudge({ from: 'branch', branch }, { kind: 'certainty' }),
    networkJudge({ kind: 'certainty' }),
  );
}
