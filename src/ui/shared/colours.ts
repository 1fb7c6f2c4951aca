/**
 * Colour means something here: one sequential scale for the depth of an exit, one hue a method, red for wrong.
 * The sequential scale is viridis (Smith & van der Walt, matplotlib), which stays ordered for colour-blind eyes
 * and in grey; its last, palest part is left out so that late exits stand out on white.
 */
type Rgb = readonly [number, number, number];

const viridis: readonly Rgb[] = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 74, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [109, 205, 89],
  [180, 222, 44],
];

/** Colour of exit `j` of `exits`, shallow to deep; the dark theme lifts it off its dark ground. */
export function depthColour(j: number, exits: number): string {
  const [r, g, b] = depthRgb(j, exits);
  return `color-mix(in oklab, rgb(${r} ${g} ${b}), white var(--depth-lift))`;
}

function depthRgb(j: number, exits: number): Rgb {
  const at = exits < 2 ? 0 : (j / (exits - 1)) * (viridis.length - 1);
  const low = Math.min(Math.floor(at), viridis.length - 2);
  const share = at - low;
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(viridis[low]![channel] * (1 - share) + viridis[low + 1]![channel] * share);
  return [mix(0), mix(1), mix(2)];
}

/** A colour as the canvas painters want it: 0xAABBGGRR. */
export function packed([r, g, b]: Rgb, alpha = 255): number {
  return ((alpha << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

let kept: CanvasRenderingContext2D | null = null;

/** Reads an opaque CSS colour variable from the document, however the build has shortened it. */
export function cssRgb(variable: string): Rgb {
  const value = getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
  const painter = (kept ??= document.createElement('canvas').getContext('2d')!);
  // A canvas gives every opaque colour back as #rrggbb, and keeps the one it had when it is given no colour.
  painter.fillStyle = '#00000000';
  painter.fillStyle = value;
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(painter.fillStyle);
  if (!match)
    throw new Error(`The CSS variable ${variable} is “${value}”; expected an opaque colour.`);
  return [1, 2, 3].map((group) => parseInt(match[group]!, 16)) as unknown as Rgb;
}

/** `under` with `share` of `over` laid on it. */
export function blend(under: Rgb, over: Rgb, share: number): Rgb {
  return [0, 1, 2].map((c) =>
    Math.round(under[c]! + (over[c]! - under[c]!) * share),
  ) as unknown as Rgb;
}
