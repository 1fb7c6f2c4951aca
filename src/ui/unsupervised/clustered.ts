/** The images that are clustered, in one row: training images first, then test images. */
import type { Dataset, Split } from '../../core/dataset.ts';

export function clusteredImage(
  { train, test }: Dataset,
  index: number,
): { readonly split: Split; readonly at: number } | null {
  if (index < train.count) return { split: train, at: index };
  const at = index - train.count;
  return at < test.count ? { split: test, at } : null;
}

/** True classes of some of them; null where one is not here. */
export function classesOf(dataset: Dataset, images: Uint32Array): Uint8Array | null {
  const labels = new Uint8Array(images.length);
  for (let i = 0; i < images.length; i++) {
    const image = clusteredImage(dataset, images[i]!);
    if (!image) return null;
    labels[i] = image.split.labels[image.at]!;
  }
  return labels;
}

/** How many of some images are of each kind. */
export function tally(kinds: ArrayLike<number>): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (let i = 0; i < kinds.length; i++) counts.set(kinds[i]!, (counts.get(kinds[i]!) ?? 0) + 1);
  return new Map([...counts].sort(([a], [b]) => a - b));
}
