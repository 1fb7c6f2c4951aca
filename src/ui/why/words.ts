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
      'cost at exit j = FLOPs, or what else is counted in, of the layers up to j and of all exits passed / those of the plain network',
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
  clustering: {
    says: 'Images that can be redrawn from ten numbers lie near others like them; clusters then gather whatever is near them already.',
    formulas: [
      'redrawing: loss = mean (x − x̂)²',
      'share of image i in cluster k: q_ik ∝ 1 / (1 + ‖z_i − μ_k‖²)',
      'refinement: loss = Σ p_ik ln(p_ik / q_ik),  p_ik ∝ q_ik² / Σ_i q_ik',
    ],
  },
  map: {
    says: 'Every image drives until an exit is sure of it; no image is seen twice, so the columns add up to all of them.',
    formulas: [
      'column of an image = the first exit that lets it go',
      'share = images of a column / images',
    ],
  },
  'own-traces': {
    says: 'A trace is all that a replay needs, whatever program and network it comes from.',
    formulas: [
      'cost = FLOPs up to the exit / FLOPs of the trace’s own plain network',
      'image by image: only traces of one split, with as many images of the same classes in the same order',
    ],
  },
  findings: {
    says: 'A sentence is held against every comparison that the paper makes it of and that is recorded here.',
    formulas: [
      'gain = accuracy of the first − accuracy of the second on test at the same cost, means over seeds, in points',
      'above: gain > max(0.2, √(s₁² + s₂²)),  s = standard deviation over seeds',
      'holds: above somewhere and below nowhere;  in part: above at one cost, below at another;  level: neither',
    ],
  },
  networks: {
    says: 'No exit is better than the network that it hangs on, so the networks are compared before the methods are.',
    formulas: ['accuracy = right test images / test images, at the last layer, without exits'],
  },
  matrices: {
    says: 'A class mean needs no training, and already the first layers tell some classes apart.',
    formulas: [
      'd̂_k = ‖x − c_k‖ / m_k,  m_k = mean distance to c_k of the training images',
      'prediction = argmin_k d̂_k;  row = true class, column = prediction, cell = images',
    ],
  },
  tables: {
    says: 'Methods can be compared where they cost the same, with everything that an image visits counted.',
    formulas: [
      'cost = Σ FLOPs of network, distances and classifiers that an image visits / FLOPs of the plain network, mean over images',
      'at a cost c between two policies of the hull: a = a₁ + (a₂ − a₁) (c − c₁) / (c₂ − c₁)',
      'difference = ours − the paper’s, in points',
    ],
  },
  storage: {
    says: 'What E2CM adds to a network is a mean a class at every exit, as large as the output there.',
    formulas: [
      'bytes = Σ_j K · D_j · 8 in float64, · 4 in float32',
      'adds = bytes of the means / bytes of the weights',
    ],
  },
  overhead: {
    says: 'Asking an exit costs a distance to every class mean, little beside the layers before it.',
    formulas: [
      'K distances in D numbers: D differences, D squares and D − 1 sums each = K (3D − 1) FLOPs',
      'overhead = distances at an exit / layers since the exit before',
    ],
  },
  'figure-3': {
    says: 'Early exits of a clustering are right where they say the cluster that the last one says, under one map of clusters to classes.',
    formulas: [
      'the map: one cluster a class, so that most images of the last exit agree with their class',
      'points lost = accuracy of leaving all at DEC-large − accuracy at 0.4 of its FLOPs',
    ],
  },
};
