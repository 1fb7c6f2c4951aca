/** E2CM+SDN exit by exit. */
import { defineJudge, type Judge, type JudgeContext } from '../contract/judge.ts';
import { pairJudge, type PairJudged } from '../parts/agreement/judge.ts';
import { decideLogits, exitLogits } from '../parts/classifiers/judge.ts';
import { pooledMaps, type EncodedSites } from '../parts/classifiers/kernels.ts';
import type { Classifiers } from '../parts/classifiers/save.ts';
import { exitDistances } from '../parts/means/judge.ts';
import { addDistances, nearOf, type Near } from './kernels.ts';

/** What is needed of what E2CM+SDN learnt; a classifier's weights in two parts, as its kernel takes them. */
export interface E2cmSdnJudged extends PairJudged {
  readonly classifiers: EncodedSites & Classifiers & Near;
}

function e2cmSdnJudge(context: JudgeContext, learnt: E2cmSdnJudged): Judge {
  const { classifiers, counts, normaliser } = learnt;
  const { classes } = context;
  const logits = exitLogits(pooledMaps, context, classifiers);
  return pairJudge(learnt, {
    distances: exitDistances(context, learnt),
    async own(exit, x, distances, out) {
      const all = await logits.at(exit, x);
      if (distances) {
        const of = {
          counts,
          normaliser: normaliser.subarray(exit * classes, (exit + 1) * classes),
          weights: nearOf(classifiers, exit),
        };
        for (let at = 0; at < all.length; at += classes)
          addDistances(all.subarray(at, at + classes), distances.subarray(at, at + classes), of);
      }
      decideLogits(all, classes, out);
    },
    dispose: () => logits.dispose(),
  });
}

export const judge = defineJudge(e2cmSdnJudge);
