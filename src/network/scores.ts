/** What a network's outputs are, by the layers that it ends with: logits, or probabilities already. */
import type { NetworkCard } from './card.ts';
import { product } from './cost.ts';
import { consumersOf, type Graph, type GraphNode } from './graph.ts';

export type Scores = 'logits' | 'probabilities';

/** The smallest probability whose logarithm is taken. */
export const LEAST_PROBABILITY = 1e-30;

export interface Ending {
  readonly scores: Scores;
  /** Node whose softmax is left out, so that the outputs are logits; null where there is none to leave out. */
  readonly softmax: number | null;
}

/** Layers after which the numbers are the same, perhaps in another shape. */
const PASSING = new Set(['Flatten', 'Reshape', 'Dropout', 'Permute', 'SpatialDropout2D']);
const AVERAGING = new Set(['GlobalAveragePooling2D', 'AveragePooling2D', 'GlobalAveragePooling1D']);
const PROBABILITIES = new Set(['sigmoid', 'hardSigmoid', 'hard_sigmoid']);

/**
 * A softmax over the classes with nothing but a change of shape after it is left out. One whose results are averaged or
 * used elsewhere too stays, and so does a sigmoid: the outputs are probabilities then.
 */
export function endingOf(graph: Graph): Ending {
  const last = graph.length - 1;
  let isAveraged = false;
  for (let at = last; ;) {
    const node = graph[at]!;
    if (isSoftmax(node)) {
      const isUsedOnce = consumersOf(graph)[at]!.length === (at === last ? 0 : 1);
      const isOverClasses = product(node.shape) === node.shape.at(-1) && isOverLast(node);
      return !isAveraged && isUsedOnce && isOverClasses
        ? { scores: 'logits', softmax: at }
        : { scores: 'probabilities', softmax: null };
    }
    if (PROBABILITIES.has(activationOf(node))) return { scores: 'probabilities', softmax: null };
    const input = node.inputs[0];
    const isAverage = AVERAGING.has(node.kind);
    if (input === undefined || !(isAverage || PASSING.has(node.kind)))
      return { scores: 'logits', softmax: null };
    if (isAverage && product(graph[input]!.shape) !== product(node.shape)) isAveraged = true;
    at = input;
  }
}

/** The ending under a card: an embedding is taken as it is; what tells classes apart may end with a softmax that is left out. */
export const endingUnder = (graph: Graph, { embedding }: Pick<NetworkCard, 'embedding'>): Ending =>
  embedding === null ? endingOf(graph) : { scores: 'logits', softmax: null };

/** A layer that is a softmax, or ends with one. */
export function isSoftmax(node: GraphNode): boolean {
  return node.kind === 'Softmax' || activationOf(node) === 'softmax';
}

/** A layer's activation, its own or the one that it is; "linear" where it has none. */
export function activationOf({ config }: GraphNode): string {
  const { activation } = config;
  return typeof activation === 'string' && activation !== '' ? activation : 'linear';
}

function isOverLast({ config, shape }: GraphNode): boolean {
  const axis = config.axis as number | undefined;
  return axis === undefined || axis === -1 || axis === shape.length;
}
