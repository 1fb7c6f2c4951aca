import { useEffect, useState } from 'react';
import { inTurn } from './turns.ts';

/** Parts that are drawn at once: as many as networks of common depth have, and a screen shows of more. */
const FIRST = 10;
/** Parts that come in each later turn. */
const STEP = 5;
/** Images of which the count for a part takes some time of its own. */
const MANY_IMAGES = 20_000;

/**
 * How many of `total` parts are to be drawn: what is on screen at once, of many images in two turns, what one has to scroll
 * to turn by turn. Begins anew where the component does.
 * @param images that each part counts.
 */
export function useGradually(total: number, images: number): number {
  return useReached(total, images > MANY_IMAGES ? STEP : FIRST, STEP);
}

/** How many of `total` parts are to be drawn: `first` at once, `step` more in each later turn. */
export function useReached(total: number, first: number, step: number): number {
  const [reached, setReached] = useState(first);
  useEffect(
    () => (reached < total ? inTurn(() => setReached(reached + step)) : undefined),
    [reached, total, step],
  );
  return Math.min(reached, total);
}
