/** What the paper says outside of its two tables: figures, storage, overhead, with the place of each sentence. */
import { frozen } from './frozen.ts';
import type { PaperNetwork } from './numbers.ts';

export interface PaperPair {
  readonly network: PaperNetwork;
  readonly dataset: string;
}

/** Figure 1, p. 2: the tapped outputs, as n-th residual block; 0 is the first convolution. */
export const FIGURE_1_BLOCKS = [0, 1, 3, 10, 15, 30] as const;
/** Exits of ResNet-152: first convolution, 50 residual blocks, classifier. */
export const FIGURE_1_EXITS = 52;

/** Figure 2, p. 6: left to right, top to bottom. */
export const FIGURE_2: {
  readonly panels: readonly PaperPair[];
  readonly claim: string;
  /** Points of accuracy or percent (the paper does not say which), and percent of inference time. */
  readonly better: number;
  readonly faster: number;
} = frozen({
  panels: [
    { network: 'resnet152', dataset: 'cifar-10' },
    { network: 'wideresnet101', dataset: 'cifar-10' },
    { network: 'resnet18', dataset: 'cifar-10' },
    { network: 'resnet152', dataset: 'kmnist' },
    { network: 'wideresnet101', dataset: 'kmnist' },
    { network: 'resnet152', dataset: 'cifar-100' },
  ],
  claim:
    '“using class means as the only decision mechanism achieves 35% better accuracy or %50 faster inference time for certain cases” (§4.1, p. 7)',
  better: 35,
  faster: 50,
});

/** Figure 3, p. 9, and §4.3: DEC with three exits. */
export const FIGURE_3: readonly {
  readonly dataset: string;
  readonly claim: string;
  /** Share of the plain cost at which the loss is stated. */
  readonly cost: number;
  /** Points of clustering accuracy. */
  readonly lost: number;
}[] = frozen([
  { dataset: 'mnist', claim: '60 % of the computation saved, 6 points lost', cost: 0.4, lost: 6 },
  { dataset: 'fashion-mnist', claim: '1 point lost', cost: 0.4, lost: 1 },
]);

export type StorageWhat = 'model' | 'means' | 'per-exit';

/** A size that the paper prints, in what it calls MB; as text, since its digits are the point. */
export interface StorageClaim extends PaperPair {
  readonly what: StorageWhat;
  readonly printed: string;
  readonly source: string;
}

export const STORAGE_CLAIMS: readonly StorageClaim[] = frozen([
  size('model', 'resnet152', 'cifar-10', '222', '§4.1, p. 7'),
  size('model', 'wideresnet101', 'cifar-10', '476', '§4.1, p. 7'),
  size('means', 'resnet152', 'cifar-10', '22.12', '§4.2, p. 8'),
  size('means', 'wideresnet101', 'cifar-10', '15.4', '§4.2, p. 8'),
  size('per-exit', 'resnet152', 'cifar-10', '0.417', '§4.1, p. 7'),
  size('per-exit', 'wideresnet101', 'cifar-10', '0.43', '§4.1, p. 7'),
  size('per-exit', 'resnet18', 'cifar-10', '0.242', '§4.1, p. 7'),
  size('per-exit', 'resnet152', 'cifar-100', '4.17', '§4.1, p. 7'),
]);

function size(
  what: StorageWhat,
  network: PaperNetwork,
  dataset: string,
  printed: string,
  source: string,
): StorageClaim {
  return { what, network, dataset, printed, source };
}

/** §4.1, p. 7: of WideResNet-101 and ResNet-152 on CIFAR-10. */
export const OVERHEAD_CLAIM = frozen({
  most: 0.09,
  text: '“a maximum of 9% computational overhead per layer in terms of FLOPs for WideResNet-101 and ResNet-152 on CIFAR-10” (§4.1, p. 7)',
  pairs: [
    { network: 'resnet152', dataset: 'cifar-10' },
    { network: 'wideresnet101', dataset: 'cifar-10' },
  ] satisfies readonly PaperPair[],
} as const);
