/** E2CM's formulas with the numbers of one image (eqs. 4–6). */
import type { Formula } from '../../contract/story.ts';
import { digits, greatestOf } from '../lines.ts';

/**
 * How sure an exit is by its distances.
 * @param distance [K] raw, Infinity for a class without a mean. @param normalised [K].
 */
export function meansLines(distance: Float32Array, normalised: Float32Array): Formula[] {
  const sure = greatestOf(normalised, -1, 'softmax(−d̂)');
  const nearest = sure.of!;
  const near = normalised[nearest]!;
  // On a mean around which nothing spreads, there is nothing to divide by.
  const steps: Formula[] =
    near === 0
      ? [{ says: 'd̂ = ‖x − c‖', value: 0, of: nearest }]
      : [
          {
            says: `d̂ = ‖x − c‖ / m = ${digits(distance[nearest]!)} / ${digits(distance[nearest]! / near)}`,
            value: near,
            of: nearest,
          },
        ];
  return [...steps, sure];
}
