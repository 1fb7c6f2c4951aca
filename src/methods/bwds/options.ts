/** Options of BWDS. */
import { defaultsOf, type ValuesOf } from '../../core/options/schema.ts';
import { trainingOptions } from '../parts/options/training.ts';

/** The training budget is that of the exits' classifiers; their decision functions are always trained to convergence. */
export const BWDS_OPTIONS = trainingOptions;

export type BwdsOptions = ValuesOf<typeof BWDS_OPTIONS>;

export const BWDS_DEFAULTS: BwdsOptions = defaultsOf(BWDS_OPTIONS);

const STEPS = 24;

/**
 * The trade-offs λ for which decision functions are trained, rising: what an avoidable mistake costs, in runs of the
 * whole network. 0.1 lets nearly everybody leave at once, 300 nearly nobody whose mistake could be avoided. Exact in
 * float32, as the scores that are held against them are.
 */
export const TRADE_OFFS: readonly number[] = Array.from({ length: STEPS }, (_, l) =>
  Math.fround(Number((0.1 * 3000 ** (l / (STEPS - 1))).toPrecision(3))),
);

/** Thresholds that the paper's search draws: a step beyond the λ on either side, so that it can close an exit. */
export const DRAWN: readonly [number, number] = [
  TRADE_OFFS[0]! ** 2 / TRADE_OFFS[1]!,
  TRADE_OFFS.at(-1)! ** 2 / TRADE_OFFS.at(-2)!,
];
