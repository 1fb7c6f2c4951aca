/**
 * Decision functions: at every exit, from what its classifier says of an image, whether to leave. Trained from the last
 * exit to the first, each knowing what those after it will do (Bolukbasi, Wang, Dekel, Saligrama 2017, §4).
 */
import type { Learner } from '../contract/learner.ts';
import { decisionValue, fitLogistic } from './logistic.ts';

/** Probabilities beyond the tenth carry next to nothing, and would cost with 256 classes. */
const MOST_PROBABILITIES = 10;

/** Features of a decision: the largest probabilities in falling order (the first is the maximum), and the entropy. */
export const featureCount = (classes: number): number => Math.min(classes, MOST_PROBABILITIES) + 1;

/** Fills the features of one exit from its logits [K] at `from`. */
export function decisionFeatures(
  logits: Float32Array,
  from: number,
  classes: number,
  out: Float32Array,
  at: number,
): void {
  const sorted = logits
    .slice(from, from + classes)
    .sort()
    .reverse();
  let sum = 0;
  for (const logit of sorted) sum += Math.exp(logit - sorted[0]!);
  let entropy = 0;
  const kept = featureCount(classes) - 1;
  for (let c = 0; c < classes; c++) {
    const p = Math.exp(sorted[c]! - sorted[0]!) / sum;
    if (p > 0) entropy -= p * Math.log(p);
    if (c < kept) out[at + c] = p;
  }
  out[at + kept] = entropy;
}

/** What decision functions are trained on. Images in a row, exits without the network's own. */
export interface DecisionData {
  readonly images: number;
  readonly exits: number;
  readonly width: number;
  /** float32 [images, exits, width]. */
  readonly features: Float32Array;
  /** 1 where the exit is wrong and the network right: a mistake that going on would avoid; uint8 [images, exits]. */
  readonly excess: Uint8Array;
  /** Relative FLOPs of leaving at each exit, the network's own included [exits + 1]. */
  readonly cost: Float64Array;
}

/** The decisions of one λ in training: call `step` until it returns true, once an exit from the last to the first. */
export class DecisionChain {
  /** [exits, width + 1]. */
  readonly weights: Float64Array;
  private exit: number;
  /** What becomes of each image that goes on: cost of where it leaves, and whether its mistake could be avoided. */
  private readonly goal: Float64Array;
  private readonly mistaken: Uint8Array;

  constructor(
    private readonly data: DecisionData,
    private readonly lambda: number,
  ) {
    const { exits, width, images, cost } = data;
    this.weights = new Float64Array(exits * (width + 1));
    this.exit = exits;
    this.goal = new Float64Array(images).fill(cost[exits]!);
    this.mistaken = new Uint8Array(images);
  }

  step(): boolean {
    const { lambda, goal, mistaken } = this;
    const { images, exits, width, features, excess, cost } = this.data;
    const j = --this.exit;
    const targets = new Float64Array(images);
    for (let i = 0; i < images; i++) {
      const leaving = lambda * excess[i * exits + j]!;
      const goingOn = goal[i]! - cost[j]! + lambda * mistaken[i]!;
      targets[i] = goingOn - leaving;
    }
    const stride = exits * width;
    const weights = fitLogistic(features, stride, j * width, width, targets);
    this.weights.set(weights, j * (width + 1));
    for (let i = 0; i < images; i++) {
      if (decisionValue(weights, features, i * stride + j * width) < 0) continue;
      goal[i] = cost[j]!;
      mistaken[i] = excess[i * exits + j]!;
    }
    return j === 0;
  }
}

export interface Decided {
  readonly settings: Pick<DecisionData, 'images' | 'exits' | 'width'>;
  readonly parameters: { readonly lambdas: Float64Array; readonly cost: Float64Array };
  /** Of all images, as `DecisionData` has them. */
  readonly feed: { readonly features: Float32Array; readonly excess: Uint8Array };
  /** [λ, exits, width + 1]. */
  readonly state: { readonly decisions: Float64Array };
}

/** Trains the decision functions of some λ, one exit of one λ a step. */
export function decisionLearner(
  { images, exits, width }: Decided['settings'],
  { lambdas, cost }: Decided['parameters'],
): Learner<Decided> {
  const chains: DecisionChain[] = [];
  let steps = 0;
  const total = lambdas.length * exits;
  return {
    feed({ features, excess }) {
      const data = { images, exits, width, features, excess, cost };
      chains.push(...[...lambdas].map((lambda) => new DecisionChain(data, lambda)));
    },
    train(most) {
      const end = Math.min(total, steps + most);
      for (; steps < end; steps++) chains[Math.floor(steps / exits)]!.step();
      return { loss: 0, right: 0, images, steps, epoch: 1, isDone: steps === total };
    },
    state() {
      const size = exits * (width + 1);
      const decisions = new Float64Array(lambdas.length * size);
      chains.forEach(({ weights }, l) => decisions.set(weights, l * size));
      return { decisions };
    },
  };
}

/** What the decisions of all λ say of an image at one exit. */
export interface TradeOff {
  /** The λ up to which it is let go. */
  readonly score: number;
  /** Whether every λ up to one lets it go and none beyond. */
  readonly isMonotone: boolean;
  /** The two trained λ between which that lies, with their decision values; null where it is a trained λ, or 0. */
  readonly between: {
    readonly below: number;
    readonly above: number;
    readonly inside: number;
    readonly outside: number;
  } | null;
}

/**
 * The λ up to which an image is let go: one number that stands for the decisions of every λ, so that a threshold λ at an
 * exit is the decision function trained for it. Between two trained λ it is where their decision values cross 0. Where
 * decisions are not monotone in λ, the number of λ that let it go counts.
 * @param decisions float64 [λ, exits, width + 1]. @param at where the exit's features begin.
 */
export function tradeOffOf(
  decisions: Float64Array,
  lambdas: readonly number[],
  exits: number,
  exit: number,
  features: Float32Array,
  at: number,
): TradeOff {
  const size = decisions.length / (lambdas.length * exits);
  let count = 0;
  let first = lambdas.length;
  const valueOf = (l: number): number =>
    decisionValue(decisions, features, at, (l * exits + exit) * size, size);
  for (let l = 0; l < lambdas.length; l++)
    if (valueOf(l) >= 0) count++;
    else first = Math.min(first, l);
  const isMonotone = count === first;
  if (count === 0) return { score: 0, isMonotone, between: null };
  const below = lambdas[count - 1]!;
  if (count === lambdas.length || !isMonotone) return { score: below, isMonotone, between: null };
  const [inside, outside] = [valueOf(count - 1), valueOf(count)];
  const above = lambdas[count]!;
  const part = Math.min(0.999, inside / (inside - outside));
  const score = below * (above / below) ** part;
  return { score, isMonotone, between: { below, above, inside, outside } };
}
