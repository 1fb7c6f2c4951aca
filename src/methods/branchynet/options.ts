/** BranchyNet's options: it trains from fresh weights. */
import { defaultsOf, type ValuesOf } from '../../core/options/schema.ts';
import { imageOptions } from '../parts/options/images.ts';
import { epochs, seed } from '../parts/options/training.ts';

export const BRANCHY_OPTIONS = { epochs, seed, ...imageOptions };

export type BranchyOptions = ValuesOf<typeof BRANCHY_OPTIONS>;

export const BRANCHY_DEFAULTS: BranchyOptions = defaultsOf(BRANCHY_OPTIONS);
