/** Options of E2CM+SDN. */
import { SDN_DEFAULTS, type TrainingOptions } from '../sdn/options.ts';

/**
 * How the internal classifier and E2CM agree on leaving; the label is always the classifier's. The paper states two
 * rules that contradict each other:
 * `or` — leave as soon as either is sure enough (§3.2);
 * `and-confidence` — leave if both are (§4.1, read as confidences);
 * `and-label` — leave if the classifier is and E2CM names the same class (§4.1, read as labels).
 */
export type Agreement = 'or' | 'and-confidence' | 'and-label';

export const AGREEMENTS: readonly Agreement[] = ['or', 'and-confidence', 'and-label'];

/** The rule that a run was made under, by the options of its trace; null where its method has none. */
export function agreementOf({
  options,
}: {
  readonly options: Readonly<Record<string, unknown>>;
}): Agreement | null {
  return AGREEMENTS.find((agreement) => agreement === options.agreement) ?? null;
}

export interface E2cmSdnOptions extends TrainingOptions {
  readonly agreement: Agreement;
}

export const E2CM_SDN_DEFAULTS: E2cmSdnOptions = {
  epochs: SDN_DEFAULTS.epochs,
  seed: SDN_DEFAULTS.seed,
  trainImages: 0,
  holdout: 0,
  featureMegabytes: SDN_DEFAULTS.featureMegabytes,
  agreement: 'and-confidence',
};
