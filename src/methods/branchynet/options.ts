/** BranchyNet's options: it trains from fresh weights. */
import { defaultsOf } from '../../core/options/schema.ts';
import { jointOptions, type JointOptions } from '../parts/options/training.ts';

export const BRANCHY_OPTIONS = jointOptions;

export type BranchyOptions = JointOptions;

export const BRANCHY_DEFAULTS: BranchyOptions = defaultsOf(BRANCHY_OPTIONS);
