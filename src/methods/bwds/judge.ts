/** BWDS exit by exit. */
import { defineJudge, type Judge, type JudgeContext } from '../contract/judge.ts';
import { exitLogits } from '../parts/classifiers/judge.ts';
import { pooledMaps, type EncodedSites } from '../parts/classifiers/kernels.ts';
import type { Classifiers } from '../parts/classifiers/save.ts';
import { roomFor } from '../parts/verdicts.ts';
import { bwdsDecider, type BwdsFitted } from './decide.ts';
import { averagedMaps } from './kernels.ts';
import type { BwdsOptions } from './options.ts';

/** What is needed of what BWDS learnt. */
export interface BwdsJudged extends Pick<BwdsFitted, 'decisions'> {
  readonly classifiers: EncodedSites & Classifiers;
  readonly options: Pick<BwdsOptions, 'pooling' | 'tradeOffs'>;
}

function bwdsJudge(context: JudgeContext, { classifiers, decisions, options }: BwdsJudged): Judge {
  const maps = options.pooling === 'mixed' ? pooledMaps : averagedMaps;
  const logits = exitLogits(maps, context, classifiers);
  const classes = { length: context.classes };
  const decide = bwdsDecider({ classes, exits: { length: logits.count + 1 }, decisions, options });
  return {
    async at(exit, x) {
      const out = roomFor(x.shape[0]);
      const all = await logits.at(exit, x);
      for (let i = 0; i < out.stride; i++) {
        const { label, score } = decide(exit, all, i * classes.length);
        out.prediction[i] = label;
        out.confidence[i] = score;
      }
      return out;
    },
    dispose: () => logits.dispose(),
  };
}

export const judge = defineJudge(bwdsJudge);
