/** How BranchyNet is trained from scratch: what training/train.py does by default, batch and losses as in the paper. */

/** Of the cross-entropies of branch 1, branch 2 and the network (E2CM paper, §4.2). */
export const EXIT_WEIGHTS = [1 / 6, 1 / 4, 1] as const;
/** The exits by name, in the order of the network's outputs. */
export const JOINT_EXITS = ['branch1', 'branch2', 'classifier'] as const;

export const MOMENTUM = 0.9;

export interface JointSettings {
  /** Images that are learnt from, of `height` × `width` × `channels` bytes. */
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly epochs: number;
  /** Images a step; the last batch of an epoch may be smaller. */
  readonly batch: number;
  /** Learning rate at its peak, a quarter of the way through. */
  readonly rate: number;
  /** On all trained numbers. */
  readonly weightDecay: number;
  readonly seed: number;
  /** Images are padded by so many black pixels a side and cropped again at random. */
  readonly crop: number;
  /** 1 where half of the images are mirrored, else 0. */
  readonly flip: number;
}

export const JOINT_DEFAULTS = { batch: 256, rate: 0.1, weightDecay: 5e-4 } as const;

/** Augmentation by dataset id, as training/batches.py has it. */
export function augmentationOf(dataset: string): Pick<JointSettings, 'crop' | 'flip'> {
  if (dataset === 'cifar-10' || dataset === 'cifar-100') return { crop: 4, flip: 1 };
  return { crop: 2, flip: dataset === 'fashion-mnist' ? 1 : 0 };
}

export function stepsPerEpoch({ images, batch }: Pick<JointSettings, 'images' | 'batch'>): number {
  return Math.ceil(images / batch);
}

/** Learning rate of one step out of `steps` (one cycle): rises for a quarter, falls as a cosine to near zero. */
export function rateAt(peak: number, step: number, steps: number): number {
  const at = step / steps;
  if (at < 0.25) return peak * (0.04 + (0.96 * at) / 0.25);
  return peak * 0.5 * (1 + Math.cos((Math.PI * (at - 0.25)) / 0.75));
}
