/** The two thresholds that one threshold of a method with two judges stands for. */
import type { ThresholdPart } from '../../contract/confidence.ts';
import type { PairFitted } from './decider.ts';
import { confidenceAt } from './ranks.ts';

const MEANS = 'max softmax of the normalised distances';

/** @param own of the classifier or the branch, from the confidence that it must have. */
export function agreementParts(
  { ranks, options }: Pick<PairFitted, 'ranks' | 'options'>,
  exit: number,
  threshold: number,
  own: (confidence: number) => ThresholdPart,
): readonly ThresholdPart[] {
  if (options.agreement === 'and-label') return [own(threshold)];
  if (!ranks || exit >= ranks.means.length) return [];
  return [
    own(confidenceAt(ranks.classifier[exit]!, threshold)),
    {
      judge: 'means',
      unit: MEANS,
      rule: 'at-least',
      threshold: confidenceAt(ranks.means[exit]!, threshold),
    },
  ];
}
