import { useDeferredValue } from 'react';

/**
 * Whether there is something to draw, told a turn later: panels that stand beside the first one then come after it is on
 * screen, in pieces, and the page's thread is never blocked by all of them at once. That there is nothing is told at once.
 */
export function useTurn(isThere: boolean): boolean {
  return useDeferredValue(isThere) && isThere;
}
