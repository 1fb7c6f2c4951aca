/** Why a panel shows what it shows: a sentence, and how its numbers are computed. */
import type { WhyId } from './ids.ts';

interface Words {
  readonly says: string;
  readonly formulas: readonly string[];
  /** Whether the formulas of the method on screen stand before its own. */
  readonly isOfMethod?: true;
}

export const WORDS: Readonly<Record<WhyId, Words>> = {
  exits: {
    says: 'Easy images are told apart after few layers; a threshold at every exit says how sure is sure enough to stop there.',
    isOfMethod: true,
    formulas: [
      'exit of an image = the first j whose confidence is on T_j’s side, else the last',
      'cost at exit j = FLOPs of the layers up to j and of all exits passed / FLOPs of the plain network',
    ],
  },
  curve: {
    says: 'A policy is one threshold an exit, and gives one point: how many images are right, for how much work.',
    formulas: [
      'accuracy = Σ_j (right images that leave at j) / images',
      'cost = Σ_j (share that leaves at j) · (cost at exit j)',
      'drawn: policies that no other one beats on the training images, where they fall on these',
    ],
  },
  image: {
    says: 'One image at every exit, with the numbers that decide where it leaves.',
    isOfMethod: true,
    formulas: [],
  },
  training: {
    says: 'Classifiers at the exits learn from the outputs of the network; both numbers are of training images.',
    formulas: ['loss = mean of −ln p(true class)', 'accuracy = right images / images of the epoch'],
  },
  picture: {
    says: 'The network sees only what it was trained on: its size, its colours, light on dark.',
    formulas: ['a drawing: its longer side is 20/28 of the image, in the middle, as in MNIST'],
  },
  stages: {
    says: 'A stage is run only where the exit before it kept the image: what is dashed was never computed.',
    isOfMethod: true,
    formulas: [],
  },
  clock: {
    says: 'FLOPs that are saved are not time that is saved: an exit takes time beside its FLOPs.',
    formulas: [
      'ratio = median ms with exits / median ms of the plain network',
      'rounds take turns, each long enough that the clock’s ticks do not matter',
    ],
  },
  batch: {
    says: 'In a batch the images that leave are taken out, so that later stages run for the others alone.',
    formulas: ['images a second = images / seconds, in batches of 128, both ways'],
  },
  compare: {
    says: 'Methods are comparable where all that an image visits is counted, on the same images and the same axis.',
    formulas: [
      'cost = FLOPs of network, distances and classifiers that an image visits / FLOPs of the plain network',
      'thresholds are found on training images and drawn on test',
    ],
  },
  budget: {
    says: 'At one cost, accuracies can be compared; what fitting costs is paid once.',
    formulas: [
      'between two policies of a curve: time sharing, on the line between them',
      'fitting = Σ FLOPs of all passes over the training images, forward and backward',
    ],
  },
  disagree: {
    says: 'Two methods of one accuracy need not be right on the same images.',
    formulas: ['an image is counted where one method is right at its exit and the other is not'],
  },
  clusters: {
    says: 'Without classes an image has a cluster; an early exit is right where it says what the last one says, or the class that its cluster is matched to.',
    isOfMethod: true,
    formulas: ['clusters are matched to classes one to one, so that most images agree'],
  },
};
