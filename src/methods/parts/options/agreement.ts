/** The rule by which a classifier and class means agree on leaving. */
import { choice } from '../../../core/options/kinds.ts';
import type { Pairing } from '../../../core/pairing.ts';

/**
 * How the internal classifier, or the branch, and E2CM agree on leaving; the label is always the classifier's. The paper
 * states two rules that contradict each other:
 * `or` — leave as soon as either is sure enough (§3.2);
 * `and-confidence` — leave if both are (§4.1, read as confidences);
 * `and-label` — leave if the classifier is and E2CM names the same class (§4.1, read as labels);
 * and one is ours: `by-label` — leave if the classifier is, by one threshold where E2CM names the same class and by another
 * where it does not. It contains the classifier alone, and `and-label`.
 */
export const agreement = choice(
  'and-confidence',
  {
    or: { choice: 'when either is sure (§3.2)', name: 'either confident' },
    'and-confidence': {
      choice: 'when classifier and class means are sure (§4.1)',
      name: 'both confident',
    },
    'and-label': {
      choice: 'when the classifier is sure and E2CM agrees (§4.1)',
      name: 'confident and same label',
    },
    'by-label': {
      choice: 'when the classifier is sure: one T where E2CM agrees, one where not (ours)',
      name: 'two thresholds by label',
    },
  },
  {
    title: 'An image leaves',
    help: 'Who must be sure for an image to leave: either judge, both, the first one where E2CM names the same class, or the first one by one threshold where E2CM does and another where it does not.',
    sharedTitle: 'E2CM+… leaves',
    scope: 'variant',
    paper: { what: 'rule', says: 'two are stated' },
    idPart: (rule) => rule,
  },
);

/** Every rule by which two judges go together can be chosen. */
export const AGREEMENTS: readonly Pairing[] = agreement.control.choices.map(({ value }) => value);

/** @throws Error with a sentence when there is no such rule. */
export function checkAgreement({ agreement: rule }: { readonly agreement: Pairing }): void {
  if (!AGREEMENTS.includes(rule))
    throw new Error(`The rule of agreement must be one of ${AGREEMENTS.join(', ')}; ${rule} came.`);
}
