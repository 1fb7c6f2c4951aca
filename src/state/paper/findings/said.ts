/** Sentences of the paper about its results, word for word, each with what we found to be the reason of what came here. */
import { frozen } from '../frozen.ts';
import type { Asked } from './verdict.ts';

export interface Said {
  readonly quote: string;
  /** Where it is printed. */
  readonly source: string;
  /** What was looked at, and when it counts as held. */
  readonly test: string;
  /** Whether it must be so in each of the paper's comparisons, or in some. */
  readonly asked: Asked;
  /** Why it came out so, as far as it was checked; null where nothing came out yet. */
  readonly reason: string | null;
}

export type SaidId =
  | 'considerable'
  | 'no-gradients'
  | 'low-power'
  | 'one-epoch'
  | 'boost'
  | 'clustering'
  | 'certain-cases'
  | 'nine'
  | 'many-classes'
  | 'quarter'
  | 'bwds'
  | 'joint'
  | 'storage'
  | 'overhead';

const TABLE = 'at every cost that both reach; less than 0.2 points, or than seeds differ, is level';

export const SAID: Readonly<Record<SaidId, Said>> = frozen({
  considerable: {
    quote:
      'State-of-the-art neural networks with early exit mechanisms often need considerable amount of training and fine-tuning to achieve good performance with low computational cost.',
    source: 'abstract',
    test: 'SDN and BranchyNet at 0.30 of the FLOPs after one epoch, a point or more below themselves after the longest training that is recorded.',
    asked: 'some',
    reason:
      'It is a matter of steps. Where images are easy, one epoch of 60,000 leaves nothing for more; where an epoch has 50 steps, as on KMNIST, SDN goes on the narrow network from 60 to 91 % with a hundred epochs. BranchyNet has its network to train as well.',
  },
  'no-gradients': {
    quote: 'E2CM does not require gradient-based training of internal classifiers.',
    source: 'abstract',
    test: 'What fitting computes.',
    asked: 'each',
    reason:
      'By construction. The two passes are one for the means (eq. 2) and one for the mean distances to them (eq. 4), which need finished means: not the “single feed forward pass” of §1.',
  },
  'low-power': {
    quote: 'This makes it particularly useful for neural network training in low-power devices.',
    source: 'abstract',
    test: 'FLOPs of fitting, by training image, beside one epoch of the methods that it is compared with. No device was measured.',
    asked: 'each',
    reason:
      'Gradients are saved, not passes. SDN’s classifiers learn from outputs that are computed once, on a network that stays as it is, so that their epoch costs that pass and hardly more; E2CM passes the images twice. A network that is trained with its branches costs three times a pass in every epoch. What gradients take of memory and software is not in these numbers.',
  },
  'one-epoch': {
    quote:
      'given a fixed training time budget, E2CM achieves higher accuracy as compared to existing early exit mechanisms',
    source: 'abstract; Figure 2',
    test: `E2CM above SDN and BranchyNet after one epoch, ${TABLE}.`,
    asked: 'each',
    reason:
      'The number of steps decides. SDN’s linear classifiers on pooled outputs are better than distances to means once they have had some hundred steps; with its one epoch on 6,284 images of CIFAR-10, 50 steps, SDN falls to E2CM’s accuracy, and on KMNIST, 50 steps too, it is below on the narrow network and above on ResNet-152, whose outputs have more channels to tell classes by. BranchyNet begins from fresh weights: one epoch is enough for it where images are easy. What the paper’s epoch of SDN did differently is not known: cropped images were tried and take 2.5 points from its first exit, where 12 are between SDN and E2CM, and batch normalisation in training mode takes none.',
  },
  boost: {
    quote:
      'if there are no limitations on the training time budget, E2CM can be combined with an existing early exit scheme to boost the latter’s performance',
    source: 'abstract; Tables 1 and 2',
    test: `E2CM + SDN above SDN after as many epochs, ${TABLE}.`,
    asked: 'each',
    reason:
      'As a second judge of leaving the class means are the weaker one: asking them too, by one threshold for both, turns images away that the classifier is right about. Earlier recordings that did so were up to 1.6 points below SDN. With a threshold for each judge E2CM + SDN is level with it, but for the FLOPs of the distances. Where the paper’s search shows a gain that the frontier search does not, thresholds drawn at random happened to keep more images back.',
  },
  clustering: {
    quote: 'E2CM can be used to decrease the computational cost in unsupervised learning tasks.',
    source: 'abstract; Figure 3',
    test: 'No more points lost at 0.40 of the FLOPs than the paper says.',
    asked: 'each',
    reason:
      'Most images are in the same cluster early on. On MNIST one run of five loses more than the paper says, 6.4 points; on Fashion-MNIST DEC-middle alone is as good as DEC-large.',
  },
  'certain-cases': {
    quote:
      'using class means as the only decision mechanism achieves 35% better accuracy or %50 faster inference time for certain cases.',
    source: '§4.1, p. 7',
    test: 'The most that E2CM is above the better of SDN and BranchyNet after one epoch, in percent of its accuracy, and the most FLOPs saved at equal accuracy.',
    asked: 'some',
    reason:
      'The better of the two others is SDN wherever it can leave so early and its epoch has steps enough: there E2CM is below. It is above BranchyNet alone, just below the cost at which SDN begins: on ResNet-18 and CIFAR-10 by 22 to 23 % of its accuracy, on the large networks and KMNIST by 40 to 71 %, where BranchyNet after 25 steps is hardly better than its first branch, 38 and 47 %.',
  },
  nine: {
    quote:
      'When combined with the state-of-the-art, we increase the accuracy by 9% without doing further computation; or decrease the inference time by 25% without a loss in accuracy.',
    source: '§1, p. 2',
    test: 'The most that E2CM + SDN is above SDN, in percent of its accuracy, and the most FLOPs saved at equal accuracy.',
    asked: 'some',
    reason:
      'E2CM + SDN is level with SDN, so neither number can come: the reason is the one given above.',
  },
  'many-classes': {
    quote:
      'combining E2CM with Shallow-Deep Networks (SDN) increases the performance by 50% to 100% when the number of classes is large.',
    source: '§4.1, p. 7; Table 1',
    test: 'E2CM + SDN in percent of SDN’s accuracy after six epochs, at the costs of Table 1.',
    asked: 'each',
    reason: null,
  },
  quarter: {
    quote:
      'E2CM achieve the same performance as the full network but using only 25%-30% of the available computational resources.',
    source: '§4.1, p. 7',
    test: 'At 0.30 of the FLOPs within a point of the plain network.',
    asked: 'each',
    reason:
      'The ceiling is a matter of depth and of images. Easy ones are there at 0.30: MNIST with E2CM alone by the frontier search, MNIST and strokes with E2CM + SDN by either. ResNet-152 on CIFAR-10 has most of its blocks in layer3, where the plateau begins at 0.27 of the FLOPs: E2CM has 95 % of the network’s accuracy by then, and each later block adds about a tenth of a point. On KMNIST the networks know the training images by heart, and thresholds that were found on those let images go too soon.',
  },
  bwds: {
    quote: 'threshold based early exit mechanisms perform better',
    source: '§4.2, p. 8; Table 2',
    test: `SDN above BWDS after as many epochs, ${TABLE}.`,
    asked: 'each',
    reason:
      'On the features that SDN has, a learnt decision is as good as a threshold. With one average a channel instead, BWDS was 9 to 29 points lower on CIFAR-10 after one epoch. Where SDN is above by the paper’s search alone, its thresholds, drawn at random, happened to keep more images back. The paper’s own Table 2 has BWDS above SDN at 0.15 in all four blocks.',
  },
  joint: {
    quote:
      'BranchyNet suffers from training the network with the branches jointly. These branches hurt the overall performance.',
    source: '§4.2, p. 8',
    test: 'The end of a network that was trained with branches for as many epochs as the plain one, or more, below it.',
    asked: 'each',
    reason:
      'Trained as long as the plain network, ResNet-152 on KMNIST ends where that one does, and its first branch, whose layers are trained for it, is right for 91 % of the test images at a hundredth of the FLOPs: at 0.15 BranchyNet is above all that exits on the plain network reach at 0.30. On strokes it had three times the plain network’s epochs. One seed each. What was trained for fewer epochs than the plain network says nothing of this.',
  },
  storage: {
    quote:
      'the extra storage overhead of E2CM for ResNet-152 and WideResNet-101 are 22.12 MB and 15.4 MB, which correspond to 10% and 3% of the model sizes, respectively',
    source: '§4.2, p. 8',
    test: 'Class means in float64 beside weights in float32, from the shapes alone.',
    asked: 'each',
    reason:
      'From the shapes alone: the sizes that §4.2 prints differ by a little, the shares do not.',
  },
  overhead: {
    quote:
      'E2CM results in a maximum of 9% computational overhead per layer in terms of FLOPs for WideResNet-101 and ResNet-152 on CIFAR-10',
    source: '§4.1, p. 7',
    test: 'The largest share of the distances, from the shapes alone.',
    asked: 'each',
    reason: 'The first convolution decides. From the first residual block on it is less than 6 %.',
  },
});
