/** How SDN's exits decide. */
import type { WrittenExit } from '../contract/written.ts';
import type { SdnFitted } from '../parts/classifiers/decide.ts';
import { linearAt, logitsJudge, networkJudge } from '../parts/written.ts';

export function sdnWritten(fitted: SdnFitted): WrittenExit[] {
  const last = fitted.exits.length - 1;
  const takesSurest = fitted.options.unconfident === 'most-confident';
  return fitted.exits.map((exit, j) =>
    j === last
      ? { ...exit, judges: [networkJudge()], agreement: null, takesSurest }
      : {
          ...exit,
          judges: [logitsJudge(linearAt(fitted, j, 'mixed'), { kind: 'softmax' })],
          agreement: null,
        },
  );
}
