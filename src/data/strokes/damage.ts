import { bell } from './bell.ts';
import { coverSegment, drawSegment, SIDE, type Canvas } from './raster.ts';
import type { Random } from '../../core/random.ts';

/** Up to three stray curved strokes; their number, length and ink grow with `difficulty`. */
export function clutter(canvas: Canvas, difficulty: number, random: Random): void {
  for (let fragment = 0; fragment < 3; fragment++) {
    const amount = difficulty * 1.5 - random();
    const x = random() * SIDE;
    const y = random() * SIDE;
    const dx = bell(random);
    const dy = bell(random);
    const bend = 0.5 * bell(random);
    const half = 0.6 + 0.9 * random();
    if (amount <= 0) continue;
    const strength = amount > 1 ? 1 : amount;
    const length = 2 + 3.5 * strength;
    const ink = 0.25 + 0.75 * strength;
    let x0 = x;
    let y0 = y;
    for (let step = 1; step <= 4; step++) {
      const t = step / 4;
      const across = bend * t * t;
      const x1 = x + length * (dx * t - dy * across);
      const y1 = y + length * (dy * t + dx * across);
      drawSegment(canvas, x0, y0, x1, y1, half, half, 1, ink);
      x0 = x1;
      y0 = y1;
    }
  }
}

/** Hides a part under a bar through the middle region, or under a disc; its size grows with `difficulty`. */
export function occlude(canvas: Canvas, difficulty: number, random: Random): void {
  const amount = 1.2 * difficulty - 0.9 * random();
  const x = SIDE / 2 + 3.2 * bell(random);
  const y = SIDE / 2 + 3.8 * bell(random);
  const dx = bell(random);
  const dy = bell(random);
  const isBar = random() < 0.5;
  const size = 0.5 + 0.5 * random();
  const level = random() < 0.65 ? 0 : 0.2 + 0.6 * random();
  if (amount <= 0) return;
  if (isBar) {
    const reach = 30 / Math.sqrt(dx * dx + dy * dy + 1e-6);
    const half = 3 * size * amount;
    coverSegment(
      canvas,
      x - dx * reach,
      y - dy * reach,
      x + dx * reach,
      y + dy * reach,
      half,
      level,
    );
  } else {
    coverSegment(canvas, x, y, x, y, 6.2 * size * amount, level);
  }
}

/** Contrast loss and noise; writes pixels 0…255 to `target` from `offset`. */
export function expose(
  canvas: Canvas,
  target: Uint8Array,
  offset: number,
  difficulty: number,
  random: Random,
): void {
  const gain = 255 * (1 - 0.6 * difficulty * random());
  const lift = 255 * 0.25 * difficulty * random();
  // r + r − 1 has standard deviation 0.41.
  const noise = 255 * 0.36 * difficulty * (0.25 + 0.75 * random());
  const range = (gain - lift) / 255;
  for (let i = 0; i < SIDE * SIDE; i++) {
    const value = lift + 255 * range * canvas[i]! + noise * (random() + random() - 1);
    target[offset + i] = value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0;
  }
}
