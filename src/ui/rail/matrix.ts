/** Paints a confusion matrix into pixels. */
import { rowShares } from '../../core/confusion.ts';
import { blend, cssRgb, packed } from '../shared/colours.ts';

const LEVELS = 64;

/** Packed colours for shares 0…1: right answers in ink, wrong ones in red, over the panel's paper. */
export interface MatrixColours {
  readonly right: Uint32Array;
  readonly wrong: Uint32Array;
  readonly gap: number;
}

const known = new Map<string, MatrixColours>();

/**
 * The colours of the theme on screen, read once: asking for styles at every frame of a drag costs more than the
 * painting. Shares are drawn by their square root, so that rare confusions can be seen.
 */
export function matrixColours(theme: string): MatrixColours {
  const colours = known.get(theme) ?? readColours();
  known.set(theme, colours);
  return colours;
}

function readColours(): MatrixColours {
  const under = cssRgb('--sunken');
  const scale = (over: readonly [number, number, number]): Uint32Array =>
    Uint32Array.from({ length: LEVELS + 1 }, (_, l) =>
      packed(blend(under, over, Math.sqrt(l / LEVELS))),
    );
  return {
    right: scale(cssRgb('--ink')),
    wrong: scale(cssRgb('--wrong')),
    gap: packed(cssRgb('--panel')),
  };
}

/** Side in pixels of a matrix of K classes with `cell` pixels a class. */
export function paintMatrix(
  counts: Uint32Array,
  k: number,
  cell: number,
  colours: MatrixColours,
): ImageData {
  const shares = rowShares(counts, k);
  const side = k * cell;
  const gap = cell >= 5 ? 1 : 0;
  const image = new ImageData(side, side);
  const pixels = new Uint32Array(image.data.buffer);
  pixels.fill(colours.gap);
  for (let row = 0; row < k; row++) {
    for (let column = 0; column < k; column++) {
      const level = Math.round(shares[row * k + column]! * LEVELS);
      const colour = (row === column ? colours.right : colours.wrong)[level]!;
      for (let y = row * cell; y < (row + 1) * cell - gap; y++) {
        const from = y * side + column * cell;
        pixels.fill(colour, from, from + cell - gap);
      }
    }
  }
  return image;
}
