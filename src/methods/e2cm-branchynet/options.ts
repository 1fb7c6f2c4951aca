/** Options of E2CM+BranchyNet: as for E2CM+SDN, with the branch in the classifier's place. */
import { defaultsOf, type ValuesOf } from '../../core/options/schema.ts';
import { BRANCHY_OPTIONS } from '../branchynet/options.ts';
import { agreement } from '../parts/options/agreement.ts';

export const E2CM_BRANCHY_OPTIONS = { ...BRANCHY_OPTIONS, agreement };

export type E2cmBranchyOptions = ValuesOf<typeof E2CM_BRANCHY_OPTIONS>;

export const E2CM_BRANCHY_DEFAULTS: E2cmBranchyOptions = defaultsOf(E2CM_BRANCHY_OPTIONS);
