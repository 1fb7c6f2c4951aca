/** Options of E2CM+BranchyNet: as for E2CM+SDN, with the branch in the classifier's place. */
import { defaultsOf, type ValuesOf } from '../../core/options/schema.ts';
import { agreement } from '../parts/options/agreement.ts';
import { jointOptions } from '../parts/options/training.ts';

export const E2CM_BRANCHY_OPTIONS = { ...jointOptions, agreement };

export type E2cmBranchyOptions = ValuesOf<typeof E2CM_BRANCHY_OPTIONS>;

export const E2CM_BRANCHY_DEFAULTS: E2cmBranchyOptions = defaultsOf(E2CM_BRANCHY_OPTIONS);
