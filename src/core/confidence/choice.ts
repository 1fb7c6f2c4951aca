/** Which confidence is made of kept scores: how exits are joined, whether they are tempered, and what is measured then. */
import type { Measure } from '../scores.ts';

/** How an exit is joined with those before it; `alone`: not at all. */
export type Ensemble = 'alone' | 'mean' | 'product' | 'weighted';

export interface ConfidenceChoice {
  readonly measure: Measure;
  readonly ensemble: Ensemble;
  /** Whether each exit has a temperature, fitted on the tuning images. */
  readonly isTempered: boolean;
}

const measures: readonly Measure[] = ['max-softmax', 'margin', 'entropy'];
const ensembles: readonly Ensemble[] = ['alone', 'mean', 'product', 'weighted'];

/** Whether something of it is fitted, for which tuning images are needed. */
export const isFitted = ({ ensemble, isTempered }: ConfidenceChoice): boolean =>
  isTempered || ensemble === 'weighted';

/** "entropy", "max-softmax.mean", "margin.alone.tempered" */
export const writeChoice = ({ measure, ensemble, isTempered }: ConfidenceChoice): string =>
  [
    measure,
    ...(isTempered || ensemble !== 'alone' ? [ensemble] : []),
    ...(isTempered ? ['tempered'] : []),
  ].join('.');

/** What `writeChoice` wrote; undefined of anything else. */
export function readChoice(text: string): ConfidenceChoice | undefined {
  const [first, second = 'alone', third] = text.split('.');
  const measure = measures.find((one) => one === first);
  const ensemble = ensembles.find((one) => one === second);
  const choice = measure && ensemble && { measure, ensemble, isTempered: third === 'tempered' };
  return choice && writeChoice(choice) === text ? choice : undefined;
}
