/** From the scores of an exit to labels and confidences: what a trace keeps of each image. */
import type { Rule } from './policy.ts';

/** What a row of scores is. */
export type ScoreKind = 'logits' | 'probs';

/** A confidence that follows from a whole row of scores. */
export type Measure = 'max-softmax' | 'margin' | 'entropy';

/** What each is, how it is held against thresholds, and where it comes from. */
export const MEASURES: Readonly<
  Record<Measure, { readonly name: string; readonly rule: Rule; readonly source: string }>
> = {
  'max-softmax': {
    name: 'max softmax',
    rule: 'at-least',
    source: 'Huang et al. 2018 (MSDNet), Kaya et al. 2019 (SDN)',
  },
  margin: {
    name: 'margin of the two largest',
    rule: 'at-least',
    source: 'Park et al. 2015 (Big/Little)',
  },
  entropy: {
    name: 'entropy in nats',
    rule: 'below',
    source: 'Teerapittayanon et al. 2016 (BranchyNet)',
  },
};

/** Rows of scores [images, classes] within numbers: image i begins at first + i·step. */
export interface ScoreRows {
  readonly values: ArrayLike<number>;
  readonly first: number;
  readonly step: number;
}

/** A place whose score is no finite number, or whose row is none of probabilities. */
export class ScoreError extends Error {
  override readonly name = 'ScoreError';
  readonly image: number;

  constructor(image: number, message: string) {
    super(message);
    this.image = image;
  }
}

/** Far enough from 1 that rounding to 16 bits cannot be why. */
const SUM_SLACK = 0.01;

/**
 * Labels and confidences of one exit, written to `prediction` and `confidence` from `to` on. Of equal scores the first
 * class wins; computed in float64.
 * @throws ScoreError with a sentence at the first image whose scores are unusable.
 */
export function decideRows(
  { values, first, step }: ScoreRows,
  {
    kind,
    measure,
    images,
    classes,
  }: {
    readonly kind: ScoreKind;
    readonly measure: Measure;
    readonly images: number;
    readonly classes: number;
  },
  out: {
    readonly prediction: { [i: number]: number };
    readonly confidence: Float32Array;
    readonly to: number;
  },
): void {
  const p = new Float64Array(classes);
  for (let i = 0; i < images; i++) {
    const from = first + i * step;
    let best = 0;
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      const value = values[from + k]!;
      if (!Number.isFinite(value))
        throw new ScoreError(i, `the score of class ${k} is ${value}; expected a finite number`);
      if (value > values[from + best]!) best = k;
      p[k] = value;
      sum += value;
    }
    const greatest = p[best]!;
    if (kind === 'logits') {
      sum = 0;
      for (let k = 0; k < classes; k++) sum += p[k] = Math.exp(p[k]! - greatest);
    } else if (Math.abs(sum - 1) > SUM_SLACK || p.some((one) => one < 0))
      throw new ScoreError(
        i,
        `the scores sum to ${Number(sum.toPrecision(4))} or are negative, so they are no probabilities; take them for logits`,
      );
    const scale = kind === 'logits' ? 1 / sum : 1;
    out.prediction[out.to + i] = best;
    out.confidence[out.to + i] = confidenceOf(p, best, scale, measure);
  }
}

function confidenceOf(p: Float64Array, best: number, scale: number, measure: Measure): number {
  switch (measure) {
    case 'max-softmax':
      return p[best]! * scale;
    case 'margin': {
      let second = 0;
      for (let k = 0; k < p.length; k++) if (k !== best && p[k]! > second) second = p[k]!;
      return (p[best]! - second) * scale;
    }
    case 'entropy': {
      let entropy = 0;
      for (const one of p) if (one > 0) entropy -= one * scale * Math.log(one * scale);
      return entropy;
    }
  }
}

/** Whether a row is one of probabilities, as far as it can be told. */
export function areProbabilities(
  { values, first, step }: ScoreRows,
  images: number,
  classes: number,
): boolean {
  for (let i = 0; i < images; i++) {
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      const value = values[first + i * step + k]!;
      if (!(value >= 0)) return false;
      sum += value;
    }
    if (Math.abs(sum - 1) > SUM_SLACK) return false;
  }
  return true;
}
