/** E2CM+BranchyNet exit by exit. */
import { defineJudge, type Judge, type JudgeContext } from '../contract/judge.ts';
import { pairJudge, type PairJudged } from '../parts/agreement/judge.ts';
import { decideEntropies, logitsAt } from '../parts/branches/judge.ts';
import { exitDistances } from '../parts/means/judge.ts';
import { sureness } from './decide.ts';

function e2cmBranchyJudge(context: JudgeContext, learnt: PairJudged): Judge {
  const branches = learnt.dimensions.length;
  return pairJudge(learnt, {
    distances: exitDistances(context, learnt),
    async own(exit, x, _, out) {
      decideEntropies(await logitsAt(exit, x, context, { branches }), context.classes, out);
      sureness(out.confidence, context.classes);
    },
    dispose: () => undefined,
  });
}

export const judge = defineJudge(e2cmBranchyJudge);
