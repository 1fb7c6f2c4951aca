/** A confusion matrix as a few paths: cells of one colour together, so that a hundred classes are drawn as ten are. */
import { rowShares } from '../../core/confusion.ts';
import type { MatrixColours } from '../rail/matrix.ts';

export interface CellPath {
  readonly key: string;
  readonly fill: string;
  /** In units of a cell. */
  readonly d: string;
}

/** Above this many classes cells are too small for a gap between them, or for a name each. */
export const NAMED_CLASSES = 20;

/** Cells with images in them, by colour; shares of the true class as in every matrix of the page. */
export function matrixPaths(counts: Uint32Array, k: number, colours: MatrixColours): CellPath[] {
  const shares = rowShares(counts, k);
  const levels = colours.right.length - 1;
  const side = k > NAMED_CLASSES ? 1 : 0.94;
  const paths = new Map<string, { fill: string; d: string }>();
  shares.forEach((share, cell) => {
    if (counts[cell] === 0) return;
    const [row, column] = [Math.floor(cell / k), cell % k];
    const kind = row === column ? 'right' : 'wrong';
    const level = Math.round(share * levels);
    const key = `${kind}${level}`;
    const path = paths.get(key) ?? { fill: cssOf(colours[kind][level]!), d: '' };
    path.d += `M${column} ${row}h${side}v${side}h-${side}z`;
    paths.set(key, path);
  });
  return [...paths].map(([key, path]) => ({ key, ...path }));
}

/** 0xAABBGGRR → "rgb(r,g,b)". */
export function cssOf(colour: number): string {
  return `rgb(${colour & 255},${(colour >> 8) & 255},${(colour >> 16) & 255})`;
}
