/** Learns the decision functions from what the trained classifiers say of the training images. */
import type { Split } from '../../core/dataset.ts';
import type { SiteLogits } from '../parts/classifiers/kernels.ts';
import type { Learning, LearningDecider } from '../run/method.ts';
import { decideBwds, DecisionCollector, type BwdsFitted } from './decide.ts';
import { fitDecisions } from './fit.ts';
import { tradeOffsOf } from './options.ts';

/** Images that are decided in one turn of the thread, which may be a page's. */
const SLICE = 256;

/** Before all images are through no score is known, so nothing is shown on the way. */
export function learningDecider(
  start: BwdsFitted,
  split: Split,
  { phases, onFitted, ...context }: Learning<BwdsFitted>,
): LearningDecider<SiteLogits, BwdsFitted> {
  const { exits, classes, options } = start;
  const k = classes.length;
  const kept = new Float32Array(split.count * exits.length * k);
  const collector = new DecisionCollector(start, context.runner.network.flops, split.labels);
  const counted = new Float64Array(exits.length - 1);
  let fitted = start;
  return {
    fitted: () => fitted,
    isBlind: true,
    counted,
    decide({ logits }, from, count, out) {
      kept.set(logits, from * exits.length * k);
      decideBwds(start, logits, from, count, out);
      collector.add(logits, from, count, out, k);
    },
    async settle(ready, out) {
      const { data } = collector;
      const decisions = await fitDecisions({
        data,
        lambdas: tradeOffsOf(options),
        phases,
        context,
      });
      fitted = { ...start, decisions };
      onFitted?.(fitted);
      for (let from = 0; from < ready; from += SLICE) {
        const some = Math.min(SLICE, ready - from);
        decideBwds(fitted, kept.subarray(from * exits.length * k), from, some, out, counted);
        await new Promise((resolve) => setTimeout(resolve));
      }
    },
  };
}
