/** How two judges agree, with the numbers of one image. */
import type { Pairing } from '../../../core/pairing.ts';
import type { Formula } from '../../contract/story.ts';

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

/** What there is to say beside thresholds: the other judge's word, where it counts. @param judge whose word the label is: "classifier". */
export function agreementLines({ own, means }: Judged, rule: Pairing, judge: string): Formula[] {
  const isSame = own.label === means.label;
  const counted = { says: `the ${judge}’s confidence`, value: own.confidence };
  switch (rule) {
    case 'and-confidence':
    case 'or':
      return [...means.lines, ...own.lines];
    case 'by-label':
      return [
        ...own.lines,
        isSame
          ? { ...counted, says: `E2CM names the same class: held against that T, ${counted.says}` }
          : {
              ...counted,
              says: `E2CM names another class: held against that T, ${counted.says}`,
            },
      ];
    case 'and-label':
      return [
        ...own.lines,
        isSame
          ? { ...counted, says: `E2CM names the same class: the ${judge}’s own` }
          : { says: 'E2CM names another class', value: 0, of: means.label },
      ];
  }
}
