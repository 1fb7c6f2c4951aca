/** How E2CM+SDN's exits decide. */
import { sizeOf } from '../../core/shape.ts';
import type { WrittenExit } from '../contract/written.ts';
import { shapeOf } from '../parts/classifiers/sites.ts';
import { linearAt, logitsJudge, networkJudge, pairWritten } from '../parts/written.ts';
import type { E2cmSdnFitted } from './decide.ts';

export function e2cmSdnWritten(fitted: E2cmSdnFitted): WrittenExit[] {
  const { sites, classes } = fitted;
  const sizes = [...sites.map(({ map }) => sizeOf(map)), classes.length];
  return pairWritten(
    fitted,
    sizes,
    (j, means) => {
      const near = { means, shape: shapeOf(sites[j]!, classes.length) };
      return logitsJudge(linearAt(fitted, j, 'mixed', near), { kind: 'softmax' });
    },
    networkJudge(),
  );
}
