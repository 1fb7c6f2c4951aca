/** Clusters have no order and no meaning: each has a hue, and a shape beside it for eyes that cannot tell hues apart. */

/** Hues in tokens.css; with more clusters they come again, with another shape. */
export const HUES = 10;

export type Shape = 'circle' | 'square' | 'triangle' | 'diamond';
const shapes: readonly Shape[] = ['circle', 'square', 'triangle', 'diamond'];

/** The next shape at every cluster, and one more after all hues, so that no two of the first twenty look alike. */
export function shapeOf(cluster: number): Shape {
  return shapes[(cluster + Math.floor(cluster / HUES)) % shapes.length]!;
}

/** As a style of the page. */
export function hueOf(cluster: number): string {
  return `var(--cluster-${(cluster % HUES) + 1})`;
}
