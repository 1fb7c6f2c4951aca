/** E2CM's formulas with the numbers of one image (eqs. 4–6). */
import type { Formula } from '../../contract/story.ts';
import { digits } from '../lines.ts';

/**
 * How sure an exit is by its distances. Where nothing spreads around a mean, m = 0: an image on it is at 0, any other at ∞.
 * @param distance [K] raw, Infinity for a class without a mean. @param normalised [K].
 */
export function meansLines(distance: Float32Array, normalised: Float32Array): Formula[] {
  // Of classes without a mean nothing is known, however far the others are.
  const known = [...distance.keys()].filter((k) => distance[k] !== Infinity);
  const nearest = known.reduce((best, k) => (normalised[k]! < normalised[best]! ? k : best));
  const near = normalised[nearest]!;
  const sum = known.reduce(
    (sum, k) => sum + (normalised[k] === near ? 1 : Math.exp(near - normalised[k]!)),
    0,
  );
  return [
    { says: wayTo(distance[nearest]!, near), value: near, of: nearest },
    { says: `max softmax(−d̂) = 1 / Σ = 1 / ${digits(sum)}`, value: 1 / sum, of: nearest },
  ];
}

function wayTo(raw: number, near: number): string {
  if (near === 0) return 'd̂ = ‖x − c‖';
  if (near === Infinity)
    return `d̂ = ‖x − c‖ / m = ${digits(raw)} / 0, as no training image lies off this mean: it is as far as can be`;
  return `d̂ = ‖x − c‖ / m = ${digits(raw)} / ${digits(raw / near)}`;
}
