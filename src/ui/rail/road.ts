/** Geometry of the road: a band as wide as the share of images still driving, and a ramp an exit. */

export interface RoadPiece {
  /** SVG path of the band within this exit's column. */
  readonly band: string;
  /** SVG path of the ramp; empty when nobody leaves. */
  readonly ramp: string;
  /** Between these x the ramp's colour rises out of the road's. */
  readonly fade: readonly [from: number, to: number];
}

export interface RoadSize {
  /** Width of one column, height of the whole picture, thickness of the full road; pixels. */
  readonly column: number;
  readonly height: number;
  readonly thickness: number;
}

/**
 * The band keeps its upper edge; each exit peels its share off the lower edge, and the slice bends down into a ramp
 * of the same width at the column's middle.
 * @param leaving images that leave at each exit; their sum is all of them.
 */
export function road(
  leaving: ArrayLike<number>,
  { column, height, thickness }: RoadSize,
): RoadPiece[] {
  let total = 0;
  for (let j = 0; j < leaving.length; j++) total += leaving[j]!;
  if (total === 0) return Array.from(leaving, () => ({ band: '', ramp: '', fade: [0, 1] }));
  const pieces: RoadPiece[] = [];
  let driving = total;
  for (let j = 0; j < leaving.length; j++) {
    const left = j * column;
    const before = (driving / total) * thickness;
    driving -= leaving[j]!;
    const after = (driving / total) * thickness;
    const width = before - after;
    const middle = left + column / 2;
    const band = driving === 0 ? '' : `M${n(left)} 0H${n(left + column)}V${n(after)}H${n(left)}Z`;
    const outer = middle + width / 2;
    const inner = middle - width / 2;
    const bend = before + (height - before) * 0.45;
    const ramp =
      width === 0
        ? ''
        : `M${n(left)} ${n(after)}C${n(outer)} ${n(after)} ${n(outer)} ${n(after)} ${n(outer)} ${n(bend)}` +
          `V${n(height)}H${n(inner)}V${n(bend)}` +
          `C${n(inner)} ${n(before)} ${n(inner)} ${n(before)} ${n(left)} ${n(before)}Z`;
    pieces.push({ band, ramp, fade: [left, middle] });
  }
  return pieces;
}

function n(value: number): string {
  return value.toFixed(1);
}
