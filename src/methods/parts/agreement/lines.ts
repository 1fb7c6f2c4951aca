/** How two judges agree, with the numbers of one image. */
import type { Formula } from '../../contract/story.ts';
import { digits } from '../lines.ts';
import type { Agreement } from '../options/agreement.ts';
import { rankOf, type Ranks } from './ranks.ts';

export interface Judged {
  /** What the classifier, or the branch, says of the image, and how it came to its confidence. */
  readonly own: {
    readonly lines: readonly Formula[];
    readonly confidence: number;
    readonly label: number;
  };
  /** The same of the class means. */
  readonly means: {
    readonly lines: readonly Formula[];
    readonly confidence: number;
    readonly label: number;
  };
}

/** @param judge whose word the label is: "classifier". */
export function agreementLines(
  { own, means }: Judged,
  rule: Agreement,
  ranks: Ranks | null,
  exit: number,
  judge: string,
): Formula[] {
  if (rule === 'and-label') {
    const agrees = own.label === means.label;
    return agrees
      ? [
          ...own.lines,
          { says: `E2CM names the same class: the ${judge}’s own`, value: own.confidence },
        ]
      : [...own.lines, { says: 'E2CM names another class', value: 0, of: means.label }];
  }
  if (!ranks) return [...own.lines];
  const ranked = (sorted: Float32Array, confidence: number, of: string): Formula => {
    const value = rankOf(sorted, confidence);
    const below = Math.round(value * sorted.length);
    return {
      says: `rank of the ${of} among the training images = ${below} / ${sorted.length}`,
      value,
    };
  };
  const first = ranked(ranks.classifier[exit]!, own.confidence, judge);
  const second = ranked(ranks.means[exit]!, means.confidence, 'class means');
  const [name, pick] = rule === 'or' ? (['max', Math.max] as const) : (['min', Math.min] as const);
  const both = `${digits(first.value)}, ${digits(second.value)}`;
  return [
    ...own.lines,
    first,
    ...means.lines,
    second,
    {
      says: `${name}(${judge}, class means) = ${name}(${both})`,
      value: pick(first.value, second.value),
    },
  ];
}
