/** How networks are commonly fed: what is subtracted from pixels in 0…1, and what they are divided by. */

export interface Preset {
  readonly id: string;
  readonly title: string;
  /** Per colour, red first; one for grey. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export const PRESETS: readonly Preset[] = [
  { id: 'unit', title: '0 … 1', mean: [0, 0, 0], std: [1, 1, 1] },
  { id: 'signed', title: '−1 … 1', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
  {
    id: 'imagenet',
    title: 'ImageNet (torchvision)',
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  },
  {
    id: 'cifar',
    title: 'CIFAR-10',
    mean: [0.4914, 0.4822, 0.4465],
    std: [0.247, 0.2435, 0.2616],
  },
  { id: 'bytes', title: '0 … 255', mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] },
];

/** Mean and deviation for so many channels. */
export function presetFor(
  { mean, std }: Preset,
  channels: number,
): { readonly mean: readonly number[]; readonly std: readonly number[] } {
  if (channels === mean.length) return { mean, std };
  const average = (of: readonly number[]) => of.reduce((a, b) => a + b, 0) / of.length;
  const same = (value: number) => Array<number>(channels).fill(value);
  return { mean: same(average(mean)), std: same(average(std)) };
}
