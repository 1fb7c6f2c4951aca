/** How far confidences can be trusted: calibration, and how well they tell right labels from wrong ones. */
import { sense, type Rule } from './policy.ts';
import type { Trace } from './trace.ts';

/** Images whose confidences lie close together. */
export interface ReliabilityBin {
  readonly images: number;
  /** Means over them. */
  readonly confidence: number;
  readonly accuracy: number;
}

export interface Reliability {
  readonly images: number;
  /** Share that the exit labels right; NaN of no images. */
  readonly accuracy: number;
  /** Mean confidence; NaN of no images. */
  readonly confidence: number;
  /** By rising confidence, as many images in each as ties allow. */
  readonly bins: readonly ReliabilityBin[];
  /**
   * Expected calibration error: how far the mean confidence of a bin of one width is from its accuracy, on average over the images
   * (Guo et al. 2017, eq. 3). Null where the confidences are no probabilities.
   */
  readonly ece: number | null;
  /**
   * Chance that an image that is right is surer than one that is wrong, ties by half: the area under the ROC curve of
   * telling failures (Hendrycks and Gimpel 2017). Null where all are right or all are wrong.
   */
  readonly auroc: number | null;
}

/** As many as in Guo et al. 2017. */
const BINS = 15;

/** Whether confidences may be read as chances to be right: more is surer, and all lie in [0, 1]. */
export function areProbabilities({ confidence }: Pick<Trace, 'confidence'>, rule: Rule): boolean {
  return sense(rule).sign === 1 && confidence.every((value) => value >= 0 && value <= 1);
}

/**
 * How far the confidences of exit j can be trusted.
 * @param isProbability whether they may be read as chances to be right.
 * @param among images that count; all where it is missing.
 */
export function reliabilityAt(
  trace: Pick<Trace, 'count' | 'label' | 'prediction' | 'confidence'>,
  j: number,
  { rule, isProbability }: { readonly rule: Rule; readonly isProbability: boolean },
  among: (image: number) => boolean = () => true,
): Reliability {
  const { count, label, prediction, confidence } = trace;
  // Those that are right from the front on, those that are wrong from the end.
  const both = new Float64Array(count);
  let [right, wrong] = [0, count];
  for (let i = 0; i < count; i++) {
    if (!among(i)) continue;
    const at = j * count + i;
    if (prediction[at] === label[i]) both[right++] = confidence[at]!;
    else both[--wrong] = confidence[at]!;
  }
  const [sure, unsure] = [both.subarray(0, right).sort(), both.subarray(wrong).sort()];
  const images = sure.length + unsure.length;
  const all = merged(sure, unsure);
  const sum = (of: Float64Array): number => of.reduce((total, value) => total + value, 0);
  return {
    images,
    accuracy: sure.length / images,
    confidence: sum(all) / images,
    bins: binsBetween(sure, unsure, equalCounts(all)),
    ece:
      isProbability && images > 0
        ? calibrationError(binsBetween(sure, unsure, equalWidths), images)
        : null,
    auroc: auroc(sure, unsure, sense(rule).sign),
  };
}

/** Two sorted samples as one. */
function merged(one: Float64Array, other: Float64Array): Float64Array {
  const all = new Float64Array(one.length + other.length);
  let [a, b] = [0, 0];
  for (let n = 0; n < all.length; n++)
    all[n] =
      b >= other.length || (a < one.length && one[a]! <= other[b]!) ? one[a++]! : other[b++]!;
  return all;
}

/** Upper ends of the bins, rising; a confidence at an end is of the bin below. */
const equalWidths: readonly number[] = Array.from({ length: BINS }, (_, n) => (n + 1) / BINS);

/** The same for as many images in each, as far as ties allow. */
function equalCounts(all: Float64Array): number[] {
  const ends = Array.from(
    { length: BINS },
    (_, n) => all[Math.ceil(((n + 1) * all.length) / BINS) - 1],
  );
  return [...new Set(ends.filter((end) => end !== undefined))];
}

function binsBetween(
  right: Float64Array,
  wrong: Float64Array,
  ends: readonly number[],
): ReliabilityBin[] {
  let [r, w] = [0, 0];
  return ends.flatMap((end) => {
    let [sum, rights, images] = [0, 0, 0];
    for (; r < right.length && right[r]! <= end; r++, rights++, images++) sum += right[r]!;
    for (; w < wrong.length && wrong[w]! <= end; w++, images++) sum += wrong[w]!;
    return images === 0 ? [] : [{ images, confidence: sum / images, accuracy: rights / images }];
  });
}

const calibrationError = (bins: readonly ReliabilityBin[], images: number): number =>
  bins.reduce(
    (sum, bin) => sum + (bin.images / images) * Math.abs(bin.accuracy - bin.confidence),
    0,
  );

/** Mann and Whitney's U of two sorted samples, as a share of all pairs. */
function auroc(right: Float64Array, wrong: Float64Array, sign: 1 | -1): number | null {
  if (right.length === 0 || wrong.length === 0) return null;
  let [below, upTo, pairs] = [0, 0, 0];
  for (const value of right) {
    while (below < wrong.length && wrong[below]! < value) below++;
    if (upTo < below) upTo = below;
    while (upTo < wrong.length && wrong[upTo]! === value) upTo++;
    pairs += below + (upTo - below) / 2;
  }
  const larger = pairs / (right.length * wrong.length);
  return sign === 1 ? larger : 1 - larger;
}
