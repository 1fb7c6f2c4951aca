/** How confidences are held against thresholds. */
import type { Rule } from '../../core/policy.ts';

/** How a method's confidences are held against thresholds, and what they are. */
export interface Confidence {
  readonly rule: Rule;
  /** In words, as a slider says it: "max softmax of the internal classifier". */
  readonly unit: string;
  /** Smallest and largest that can occur, of K classes. */
  readonly range: (classes: number) => readonly [number, number];
  /**
   * Least and greatest threshold that the paper's search draws, evenly in their logarithm; missing where it draws them
   * evenly in [0, 1], of an entropy in [0, ln K].
   */
  readonly logarithmic?: readonly [number, number];
}
