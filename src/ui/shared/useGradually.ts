import { useEffect, useState } from 'react';
import { inTurn } from './turns.ts';

/** Parts that are drawn at once: as many as networks of common depth have, and a screen shows of more. */
const FIRST = 10;
/** Parts that come in each later turn. */
const STEP = 5;

/**
 * How many of `total` parts are to be drawn: what is on screen at once, what one has to scroll to turn by turn. Begins
 * anew where the component does.
 */
export function useGradually(total: number): number {
  const [reached, setReached] = useState(FIRST);
  useEffect(
    () => (reached < total ? inTurn(() => setReached(reached + STEP)) : undefined),
    [reached, total],
  );
  return Math.min(reached, total);
}
