/**
 * Contingency table of two labellings of the same images: counts[x·kb + y] images have a = x and b = y.
 * @param a labels below `ka`, one an image.
 * @param b labels below `kb`, one an image.
 * @returns [ka, kb] row-major.
 * @throws Error when the labellings differ in length or a label is not below its number of labels.
 */
export function contingency(a: Uint8Array, b: Uint8Array, ka: number, kb: number): Uint32Array {
  if (a.length !== b.length)
    throw new Error(
      `The labellings are of ${a.length} and ${b.length} images; expected the same images in both.`,
    );
  const counts = new Uint32Array(ka * kb);
  for (let i = 0; i < a.length; i++) {
    const x = a[i]!;
    const y = b[i]!;
    if (x >= ka || y >= kb) throw new Error(beyond(i, x, ka, y, kb));
    counts[x * kb + y]!++;
  }
  return counts;
}

function beyond(image: number, x: number, ka: number, y: number, kb: number): string {
  const [label, k] = x >= ka ? [x, ka] : [y, kb];
  return `Image ${image} has label ${label}; expected one below ${k}.`;
}
