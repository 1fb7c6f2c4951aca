/** Options of BWDS, and the trade-offs for which its decision functions are trained. */
import { choice, whole } from '../../core/options/kinds.ts';
import type { Made } from '../../core/options/option.ts';
import { defaultsOf, type ValuesOf } from '../../core/options/schema.ts';
import { trainingOptions } from '../parts/options/training.ts';

/** How runs and files were made that do not say so, since they are older than these options; whatever the defaults are. */
export const BEFORE = { pooling: 'global', tradeOffs: 24 } as const;

const madeWith = ({ provenance }: Made, name: string): unknown =>
  provenance.options[name] ?? Object.entries(BEFORE).find(([before]) => before === name)?.[1];

const { featureMegabytes, ...images } = trainingOptions;

/** The training budget is that of the exits' classifiers; their decision functions are always trained to convergence. */
export const BWDS_OPTIONS = {
  ...images,
  /**
   * What a classifier sees of a map. The paper's body was not available, so both are our choices: E2CM's authors compare
   * with "pooling and single linear layer", their words for SDN's classifiers as well.
   */
  pooling: choice(
    'mixed',
    {
      mixed: {
        choice: 'SDN’s features: maxima and means of 4×4 areas',
        name: 'mixed pooling to 4×4',
      },
      global: { choice: 'the mean of every channel', name: 'global pooling' },
    },
    {
      title: 'A classifier of BWDS sees',
      help: 'How an exit’s map is pooled before the linear layer: our choice, as the paper says only that it is.',
      paper: { what: 'classifiers of BWDS see', says: '“pooling and single linear layer”' },
      madeWith,
    },
  ),
  /** How many λ decision functions are trained for. */
  tradeOffs: whole(96, [2, 960], {
    title: 'Trade-offs λ of BWDS',
    help: 'For how many prices of an avoidable mistake decisions are trained: more are a finer curve and take longer.',
    noun: 'a number of trade-offs',
    offered: [2, 384],
    key: 'lambdas',
    madeWith,
  }),
  featureMegabytes,
};

export type BwdsOptions = ValuesOf<typeof BWDS_OPTIONS>;

export const BWDS_DEFAULTS: BwdsOptions = defaultsOf(BWDS_OPTIONS);

/**
 * The trade-offs λ for which decision functions are trained, rising by a constant factor: what an avoidable mistake costs,
 * in runs of the whole network. 0.1 lets nearly everybody leave at once, 300 nearly nobody whose mistake could be avoided.
 * Exact in float32, as the scores that are held against them are.
 */
export const tradeOffsOf = ({ tradeOffs: count }: Pick<BwdsOptions, 'tradeOffs'>): number[] =>
  Array.from({ length: count }, (_, l) =>
    Math.fround(Number((0.1 * 3000 ** (l / (count - 1))).toPrecision(count > 24 ? 6 : 3))),
  );

/** By default; the least and the greatest are those of any number. */
export const TRADE_OFFS: readonly number[] = tradeOffsOf(BWDS_DEFAULTS);

/** Thresholds that the paper's search draws: a step of 24 λ beyond them on either side, so that it can close an exit. */
export const DRAWN: readonly [number, number] = beyond(tradeOffsOf(BEFORE));

function beyond(lambdas: readonly number[]): [number, number] {
  return [lambdas[0]! ** 2 / lambdas[1]!, lambdas.at(-1)! ** 2 / lambdas.at(-2)!];
}
