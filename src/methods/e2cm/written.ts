/** How E2CM's exits decide. */
import type { WrittenExit } from '../contract/written.ts';
import { meansAt, networkJudge } from '../parts/written.ts';
import type { E2cmFitted } from '../parts/means/decide.ts';

/** @throws Error with a sentence before the mean distances are known. */
export function e2cmWritten(fitted: E2cmFitted): WrittenExit[] {
  const { exits, dimensions, options, normaliser } = fitted;
  if (normaliser.length === 0)
    throw new Error(
      'The mean distances to the class means are not known yet: let the run end first.',
    );
  return exits.map((exit, j) => {
    const isNetworks = j === exits.length - 1 && options.lastExit === 'network';
    const means = {
      kind: 'means',
      label: options.label,
      ...meansAt(fitted, dimensions, j),
    } as const;
    return { ...exit, judges: [isNetworks ? networkJudge() : means], agreement: null };
  });
}
