/** The rule by which a classifier and class means agree on leaving. */
import type { ValuesOf } from '../../../core/options/schema.ts';
import { choice } from '../../../core/options/kinds.ts';

/**
 * How the internal classifier, or the branch, and E2CM agree on leaving; the label is always the classifier's. The paper
 * states two rules that contradict each other:
 * `or` — leave as soon as either is sure enough (§3.2);
 * `and-confidence` — leave if both are (§4.1, read as confidences);
 * `and-label` — leave if the classifier is and E2CM names the same class (§4.1, read as labels).
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
  },
  {
    title: 'An image leaves',
    help: 'Who must be sure for an image to leave: either judge, both, or the classifier where E2CM names the same class.',
    sharedTitle: 'E2CM+… leaves',
    scope: 'variant',
    paper: { what: 'rule', says: 'two are stated' },
    idPart: (rule) => rule,
  },
);

export type Agreement = ValuesOf<{ rule: typeof agreement }>['rule'];

export const AGREEMENTS: readonly Agreement[] = agreement.control.choices.map(({ value }) => value);

/** @throws Error with a sentence when there is no such rule. */
export function checkAgreement({ agreement: rule }: { readonly agreement: Agreement }): void {
  if (!AGREEMENTS.includes(rule))
    throw new Error(`The rule of agreement must be one of ${AGREEMENTS.join(', ')}; ${rule} came.`);
}

/** The rule that a run was made under, by the options of its trace; null where its method has none. */
export function agreementOf({
  options,
}: {
  readonly options: Readonly<Record<string, unknown>>;
}): Agreement | null {
  return AGREEMENTS.find((rule) => rule === options.agreement) ?? null;
}
