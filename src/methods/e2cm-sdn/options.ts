/** Options of E2CM+SDN. */
import { defaultsOf, type ValuesOf } from '../../core/options/schema.ts';
import { agreement } from '../parts/options/agreement.ts';
import { trainingOptions } from '../parts/options/training.ts';

export const E2CM_SDN_OPTIONS = { ...trainingOptions, agreement };

export type E2cmSdnOptions = ValuesOf<typeof E2CM_SDN_OPTIONS>;

export const E2CM_SDN_DEFAULTS: E2cmSdnOptions = defaultsOf(E2CM_SDN_OPTIONS);
