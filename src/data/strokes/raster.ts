/** A small grey canvas that knows one thing: how much ink a thick line segment leaves in each pixel. */

/** Height and width of the canvas in pixels. */
export const SIDE = 28;

/** Ink of each pixel, 0…1, row-major `[28, 28]`. */
export type Canvas = Float64Array;

/**
 * Lays a segment from (x0, y0) to (x1, y1), in pixels, whose half width goes from `h0` to `h1`.
 * Coverage falls linearly over `soft` pixels around the edge (anti-aliasing; larger values blur).
 * Ink does not add up where strokes cross: a pixel keeps the larger value.
 */
export function drawSegment(
  canvas: Canvas,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  h0: number,
  h1: number,
  soft: number,
  ink: number,
): void {
  const reach = (h0 > h1 ? h0 : h1) + soft / 2;
  // Pixel (column, row) has its centre at (column + 0.5, row + 0.5).
  const left = Math.max(0, Math.ceil(Math.min(x0, x1) - reach - 0.5));
  const right = Math.min(SIDE - 1, Math.floor(Math.max(x0, x1) + reach - 0.5));
  const top = Math.max(0, Math.ceil(Math.min(y0, y1) - reach - 0.5));
  const bottom = Math.min(SIDE - 1, Math.floor(Math.max(y0, y1) + reach - 0.5));
  const dx = x1 - x0;
  const dy = y1 - y0;
  const length2 = dx * dx + dy * dy;
  const inverse = length2 > 0 ? 1 / length2 : 0;
  const reach2 = reach * reach;
  const slope = 1 / soft;
  for (let row = top; row <= bottom; row++) {
    const py = row + 0.5 - y0;
    for (let column = left; column <= right; column++) {
      const px = column + 0.5 - x0;
      let t = (px * dx + py * dy) * inverse;
      t = t < 0 ? 0 : t > 1 ? 1 : t;
      const ex = px - t * dx;
      const ey = py - t * dy;
      const distance2 = ex * ex + ey * ey;
      if (distance2 >= reach2) continue;
      const edge = h0 + t * (h1 - h0) - Math.sqrt(distance2);
      const coverage = edge * slope + 0.5;
      if (coverage <= 0) continue;
      const value = coverage >= 1 ? ink : coverage * ink;
      const at = row * SIDE + column;
      if (value > canvas[at]!) canvas[at] = value;
    }
  }
}

/**
 * Replaces the ink inside a thick segment (a bar; a disc when both ends coincide) by `level`, with an edge one
 * pixel wide: what the segment covers cannot be seen any more.
 */
export function coverSegment(
  canvas: Canvas,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  half: number,
  level: number,
): void {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const length2 = dx * dx + dy * dy;
  const inverse = length2 > 0 ? 1 / length2 : 0;
  for (let row = 0; row < SIDE; row++) {
    const py = row + 0.5 - y0;
    for (let column = 0; column < SIDE; column++) {
      const px = column + 0.5 - x0;
      let t = (px * dx + py * dy) * inverse;
      t = t < 0 ? 0 : t > 1 ? 1 : t;
      const ex = px - t * dx;
      const ey = py - t * dy;
      const coverage = half - Math.sqrt(ex * ex + ey * ey) + 0.5;
      if (coverage <= 0) continue;
      const at = row * SIDE + column;
      const share = coverage >= 1 ? 1 : coverage;
      canvas[at] = canvas[at]! * (1 - share) + level * share;
    }
  }
}
