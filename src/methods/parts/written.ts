/** Pieces of what methods say of how their exits decide. */
import type {
  WrittenExit,
  Logits,
  Means,
  MeansJudge,
  LogitsJudge,
  Sureness,
} from '../contract/written.ts';
import type { PairFitted } from './agreement/decider.ts';
import type { AtSites } from './classifiers/decide.ts';
import { isMixed } from './classifiers/sites.ts';
import { inputsOf, type LinearShape } from './linear/settings.ts';

/** The class means of exit j. @param sizes numbers in the output at every exit. */
export function meansAt(
  of: Pick<PairFitted, 'means' | 'counts' | 'normaliser'>,
  sizes: readonly number[],
  j: number,
): Means {
  const k = of.counts.length;
  const from = k * sizes.slice(0, j).reduce((sum, size) => sum + size, 0);
  return {
    means: of.means.slice(from, from + k * sizes[j]!),
    counts: of.counts,
    normaliser: of.normaliser.slice(j * k, (j + 1) * k),
  };
}

export const logitsJudge = (logits: Logits, sureness: Sureness): LogitsJudge => ({
  kind: 'logits',
  logits,
  sureness,
});

/** The network's own label and how sure it is of it. */
export const networkJudge = (sureness: Sureness = { kind: 'softmax' }): LogitsJudge =>
  logitsJudge({ from: 'network' }, sureness);

/** The linear layer of site s. @param near class means whose distances it sees beside the features of `shape`. */
export function linearAt(
  { sites, classifiers }: AtSites,
  s: number,
  pooled: 'mixed' | 'average',
  near: { readonly means: Means; readonly shape: LinearShape } | null = null,
): Logits {
  const { map, pool } = sites[s]!;
  const { weights, bias, alpha } = classifiers[s]!;
  const split = near ? inputsOf(near.shape) * bias.length : weights.length;
  return {
    from: 'linear',
    map,
    pool: pooled === 'average' ? 'average' : isMixed({ pool }) ? pool : 'none',
    ...{ alpha, bias, weights: weights.slice(0, split) },
    near: near && { ...near.means, weights: weights.slice(split) },
  };
}

/** Exits of two judges that have to agree; at the last one the first decides alone. */
export function pairWritten(
  fitted: PairFitted,
  sizes: readonly number[],
  firstAt: (j: number, means: Means) => LogitsJudge,
  last: LogitsJudge,
): WrittenExit[] {
  const { exits, options } = fitted;
  return exits.map((exit, j): WrittenExit => {
    if (j === exits.length - 1) return { ...exit, judges: [last], agreement: null };
    const means = meansAt(fitted, sizes, j);
    const other: MeansJudge = { kind: 'means', label: 'normalised', ...means };
    return { ...exit, judges: [firstAt(j, means), other], agreement: options.agreement };
  });
}
