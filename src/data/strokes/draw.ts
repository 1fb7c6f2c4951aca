import { mixSeeds, randomFrom } from '../../core/random.ts';
import { bell } from './bell.ts';
import { clutter, expose, occlude } from './damage.ts';
import { write, type Hand } from './pen.ts';
import { SIDE } from './raster.ts';
import { skeletons } from './skeletons.ts';
import type { SplitName } from '../../core/dataset.ts';
import type { Random } from '../../core/random.ts';

/**
 * Version of the drawing: the same version, seed, split and index always give the same image.
 * Raise it (and the golden hashes in the tests) when any pixel changes.
 */
export const STROKES_VERSION = 1;

/** Bytes of one image. */
export const STROKES_IMAGE_BYTES = SIDE * SIDE;

const stream: Record<SplitName, number> = { train: 1, test: 2 };
const canvas = new Float64Array(STROKES_IMAGE_BYTES);

/**
 * Draws image `index` of a split to `target[offset … offset + 783]` and returns its label and difficulty.
 *
 * Difficulty is drawn first (u√u: most images are easy) and then causes everything else: every deviation and
 * every corruption grows with it. `forced` overrides it while all other random choices stay the same; 0 gives the
 * clean version of the same digit in the same style.
 */
export function drawDigit(
  target: Uint8Array,
  offset: number,
  seed: number,
  split: SplitName,
  index: number,
  forced?: number,
): { label: number; difficulty: number } {
  const style = randomFrom(mixSeeds(seed, stream[split], index, 0));
  const u = style();
  const difficulty = forced ?? u * Math.sqrt(u);
  const label = Math.floor(10 * style());
  const variants = skeletons[label]!;
  const skeleton = variants[Math.floor(variants.length * style())]!;
  canvas.fill(0);
  write(canvas, skeleton, handOf(difficulty, style), style);
  const damage = randomFrom(mixSeeds(seed, stream[split], index, 1));
  clutter(canvas, difficulty, damage);
  occlude(canvas, difficulty, damage);
  expose(canvas, target, offset, difficulty, damage);
  return { label, difficulty };
}

function handOf(d: number, random: Random): Hand {
  return {
    jitter: 0.012 + 0.03 * d,
    warp: 0.04 + 0.15 * d,
    height: 19.5 + (0.7 + 1.6 * d) * bell(random) - 1.5 * d,
    aspect: 0.95 + (0.06 + 0.08 * d) * bell(random),
    slant: 0.08 + (0.09 + 0.16 * d) * bell(random),
    turn: (0.02 + 0.07 * d) * bell(random),
    x: SIDE / 2 + (0.3 + 1.2 * d) * bell(random),
    y: SIDE / 2 + (0.3 + 1.2 * d) * bell(random),
    half: 1.35 + (0.17 + 0.17 * d) * bell(random),
    pressure: 0.07 + 0.05 * d,
    soft: 1.1 + 0.8 * d * random(),
  };
}
