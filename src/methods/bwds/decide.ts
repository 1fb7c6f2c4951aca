/** From logits to labels and the λ up to which an image is let go. */
import { denseFlops } from '../../core/flops.ts';
import type { Explanation, Formula } from '../contract/story.ts';
import type { NetworkSummary } from '../../network/network.ts';
import { inputsOf, type LinearShape } from '../parts/linear/settings.ts';
import { digits } from '../parts/lines.ts';
import { argmax, explainLogits } from '../parts/logits.ts';
import { classifierLine, type AtSites } from '../parts/classifiers/decide.ts';
import type { SiteLogits } from '../parts/classifiers/kernels.ts';
import { exitsAt, shapeOf, type Site } from '../parts/classifiers/sites.ts';
import type { Learnt } from '../run/method.ts';
import type { Decisions } from '../run/stream.ts';
import { decisionFeatures, featureCount, tradeOffOf, type DecisionData } from './decisions.ts';
import { tradeOffsOf, type BwdsOptions } from './options.ts';

/** What BWDS learnt. */
export interface BwdsFitted extends Learnt<BwdsOptions>, AtSites {
  /** [λ, S, width + 1]; null until they are trained, or when the run was cut short before. */
  readonly decisions: Float64Array | null;
}

/** What an exit's classifier sees: the average of every channel, or what SDN's sees. */
export const bwdsShape = (
  site: Site,
  classes: number,
  { pooling }: Pick<BwdsOptions, 'pooling'>,
): LinearShape =>
  pooling === 'mixed' ? shapeOf(site, classes) : { mixed: 0, plain: site.map[2], classes };

/** Classifier and one decision function at every visited exit; sorting and the softmax count as free. */
export const bwdsExits = (
  network: NetworkSummary,
  sites: readonly Site[],
  classes: number,
  options: Pick<BwdsOptions, 'pooling'>,
) =>
  exitsAt(network, sites, (site) => {
    const inputs = inputsOf(bwdsShape(site, classes, options));
    return denseFlops(inputs, classes) + denseFlops(featureCount(classes), 1);
  });

/** What is needed of what BWDS learnt to decide. */
export interface Deciding extends Pick<BwdsFitted, 'decisions'> {
  readonly classes: { readonly length: number };
  readonly exits: { readonly length: number };
  readonly options: Pick<BwdsOptions, 'tradeOffs'>;
}

interface DecidedAt {
  readonly label: number;
  /** The λ up to which it is let go; 0 without decision functions. */
  readonly score: number;
  readonly isMonotone: boolean;
}

/** Decides one image at exit j, from the logits [K] at `at` of what labels it there. */
export function bwdsDecider({ classes, exits, decisions, options }: Deciding) {
  const k = classes.length;
  const last = exits.length - 1;
  const lambdas = tradeOffsOf(options);
  const features = new Float32Array(featureCount(k));
  return (j: number, logits: Float32Array, at: number): DecidedAt => {
    const label = argmax(logits, at, k);
    // Whoever comes to the network's own output leaves there, whatever λ.
    if (j === last) return { label, score: lambdas.at(-1)!, isMonotone: true };
    if (!decisions) return { label, score: 0, isMonotone: true };
    decisionFeatures(logits, at, k, features, 0);
    const { score, isMonotone } = tradeOffOf(decisions, lambdas, last, j, features, 0);
    return { label, score, isMonotone };
  };
}

/**
 * Decides images [from, from + count); without decision functions every exit's score is 0.
 * @param logits float32 [count, S + 1, K].
 * @param odd counts per exit the images whose decisions are not monotone in λ; added to, if given.
 */
export function decideBwds(
  deciding: Deciding,
  logits: Float32Array,
  from: number,
  count: number,
  { prediction, confidence, stride }: Decisions,
  odd?: Float64Array,
): void {
  const { classes, exits } = deciding;
  const decide = bwdsDecider(deciding);
  for (let i = 0, at = 0; i < count; i++)
    for (let j = 0; j < exits.length; j++, at += classes.length) {
      const { label, score, isMonotone } = decide(j, logits, at);
      prediction[j * stride + from + i] = label;
      confidence[j * stride + from + i] = score;
      if (odd && !isMonotone) odd[j]!++;
    }
}

/** Collects what decision functions are trained on, batch by batch. */
export class DecisionCollector {
  readonly data: DecisionData;

  constructor(
    { exits, classes }: Pick<BwdsFitted, 'exits' | 'classes'>,
    networkFlops: number,
    private readonly labels: Uint8Array,
  ) {
    const sites = exits.length - 1;
    const width = featureCount(classes.length);
    const images = labels.length;
    this.data = {
      images,
      exits: sites,
      width,
      features: new Float32Array(images * sites * width),
      excess: new Uint8Array(images * sites),
      cost: Float64Array.from(exits, ({ flops }) => flops / networkFlops),
    };
  }

  /** @param decided of the whole split: the labels of these images are read from it. */
  add(
    logits: Float32Array,
    from: number,
    count: number,
    { prediction, stride }: Decisions,
    classes: number,
  ): void {
    const { exits, width, features, excess } = this.data;
    for (let i = 0; i < count; i++) {
      const label = this.labels[from + i]!;
      const isRight = (j: number) => prediction[j * stride + from + i] === label;
      for (let j = 0; j < exits; j++) {
        const row = (from + i) * exits + j;
        decisionFeatures(logits, (i * (exits + 1) + j) * classes, classes, features, row * width);
        excess[row] = !isRight(j) && isRight(exits) ? 1 : 0;
      }
    }
  }
}

/** How far an exit's decisions let one image go. @param logits [K] of the exit. */
function decisionLines(
  { classes, exits, decisions, options }: Deciding,
  logits: Float32Array,
  j: number,
): Formula[] {
  const sure = classifierLine(logits);
  if (!decisions) return [sure, { says: 'λ: no decision is trained yet', value: 0 }];
  const features = new Float32Array(featureCount(classes.length));
  decisionFeatures(logits, 0, classes.length, features, 0);
  const last = exits.length - 1;
  const { score, isMonotone, between } = tradeOffOf(
    decisions,
    tradeOffsOf(options),
    last,
    j,
    features,
    0,
  );
  const entropy: Formula = { says: 'entropy = −Σ p·ln p', value: features.at(-1)! };
  if (score === 0) return [sure, entropy, { says: 'λ: no decision lets it go', value: 0 }];
  if (!between) {
    const which = isMonotone ? 'every decision lets it go' : 'as many decisions let it go';
    return [sure, entropy, { says: `λ: ${which}`, value: score }];
  }
  const { below, above, inside, outside } = between;
  const part = Math.min(0.999, inside / (inside - outside));
  return [
    sure,
    entropy,
    { says: `share = ${digits(inside)} / (${digits(inside)} + ${digits(-outside)})`, value: part },
    {
      says: `λ = ${digits(below)} · (${digits(above)} / ${digits(below)})^${digits(part)}`,
      value: score,
    },
  ];
}

export function explainBwds(fitted: BwdsFitted, { logits }: SiteLogits): Explanation {
  const decide = (out: Decisions) => decideBwds(fitted, logits, 0, 1, out);
  return explainLogits(fitted, logits, decide, (row, j) => decisionLines(fitted, row, j));
}
