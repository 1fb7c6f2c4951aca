/** Options of E2CM+BranchyNet. */
import { BRANCHY_DEFAULTS, type BranchyOptions } from '../branchynet/options.ts';
import type { Agreement } from '../e2cm-sdn/options.ts';

export interface E2cmBranchyOptions extends BranchyOptions {
  /** As for E2CM+SDN, with the branch in the classifier's place. */
  readonly agreement: Agreement;
}

export const E2CM_BRANCHY_DEFAULTS: E2cmBranchyOptions = {
  ...BRANCHY_DEFAULTS,
  agreement: 'and-confidence',
};
