/** How BWDS's exits decide. */
import type { WrittenExit } from '../contract/written.ts';
import { linearAt, logitsJudge, networkJudge } from '../parts/written.ts';
import type { BwdsFitted } from './decide.ts';
import { featureCount } from './decisions.ts';
import { tradeOffsOf } from './options.ts';

/** @throws Error with a sentence before the decision functions are trained. */
export function bwdsWritten(fitted: BwdsFitted): WrittenExit[] {
  const { exits, classes, options, decisions } = fitted;
  if (!decisions)
    throw new Error('The decision functions of BWDS are not trained yet: let the run end first.');
  const sites = exits.length - 1;
  const size = featureCount(classes.length) + 1;
  const lambdas = tradeOffsOf(options);
  const decisionsAt = (j: number): Float64Array => {
    const own = new Float64Array(lambdas.length * size);
    lambdas.forEach((_, l) => {
      const from = (l * sites + j) * size;
      own.set(decisions.subarray(from, from + size), l * size);
    });
    return own;
  };
  return exits.map((exit, j): WrittenExit => {
    if (j === sites) return { ...exit, judges: [networkJudge()], agreement: null };
    const sureness = { kind: 'trade-off', lambdas, decisions: decisionsAt(j) } as const;
    const logits = linearAt(fitted, j, options.pooling === 'mixed' ? 'mixed' : 'average');
    return { ...exit, judges: [logitsJudge(logits, sureness)], agreement: null };
  });
}
