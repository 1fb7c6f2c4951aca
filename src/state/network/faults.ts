/** Usual mistakes in how a network is fed, and in the order of its labels. */
import type { NetworkCard } from '../../network/card.ts';
import { PRESETS, presetFor } from '../../network/presets.ts';

export interface Feeding {
  /** "with pixels in 0…255". */
  readonly words: string;
  readonly input: NetworkCard['input'];
  readonly isTransposed: boolean;
}

/** Other ways to feed a network than its card says, each with one thing changed. */
export function otherFeedings(input: NetworkCard['input']): Feeding[] {
  const { channels, mean, std, order = 'rgb' } = input;
  const feedings = PRESETS.map((preset): Feeding => ({
    words: `with mean and std of “${preset.title}”`,
    input: { ...input, ...presetFor(preset, channels) },
    isTransposed: false,
  })).filter((one) => one.input.mean.join() !== mean.join() || one.input.std.join() !== std.join());
  if (channels === 3) {
    const other = order === 'rgb' ? 'bgr' : 'rgb';
    feedings.push({
      words: `with the colours as ${other.toUpperCase()}`,
      input: { ...input, order: other },
      isTransposed: false,
    });
  }
  feedings.push({ words: 'with rows and columns exchanged', input, isTransposed: true });
  return feedings;
}

/** Images with rows and columns exchanged, NHWC of square ones. */
export function exchanged(
  images: Uint8Array,
  [height, width, channels]: readonly [number, number, number],
): Uint8Array {
  const out = new Uint8Array(images.length);
  const size = height * width * channels;
  for (let from = 0; from < images.length; from += size)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < channels; c++)
          out[from + (x * height + y) * channels + c] =
            images[from + (y * width + x) * channels + c]!;
  return out;
}

/** Share of the labels that are right. */
export function shareRight(predicted: ArrayLike<number>, labels: ArrayLike<number>): number {
  let right = 0;
  for (let i = 0; i < labels.length; i++) if (predicted[i] === labels[i]) right++;
  return right / Math.max(1, labels.length);
}

export interface LabelFault {
  readonly words: string;
  readonly accuracy: number;
}

/**
 * What the same outputs would give under labels shifted by one, or under the best one-to-one order of the classes (found
 * greedily from the largest count on).
 */
export function labelFaults(
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): LabelFault[] {
  const shifted = (by: number) =>
    shareRight(
      Array.from(predicted, (label) => (label + by + classes) % classes),
      labels,
    );
  const counts = new Map<number, number>();
  for (let i = 0; i < labels.length; i++) {
    const cell = predicted[i]! * classes + labels[i]!;
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  const [from, to] = [new Set<number>(), new Set<number>()];
  let right = 0;
  for (const [cell, count] of [...counts].sort((a, b) => b[1] - a[1])) {
    const [p, label] = [Math.floor(cell / classes), cell % classes];
    if (from.has(p) || to.has(label)) continue;
    from.add(p);
    to.add(label);
    right += count;
  }
  return [
    { words: 'if its labels were one too low', accuracy: shifted(1) },
    { words: 'if its labels were one too high', accuracy: shifted(-1) },
    {
      words: 'if its classes stood in another order',
      accuracy: right / Math.max(1, labels.length),
    },
  ];
}
