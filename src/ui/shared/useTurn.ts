import { useEffect, useState } from 'react';
import { inTurn } from './turns.ts';

/**
 * Whether there is something to draw, told a turn later: panels that stand beside the first one then come after it is on
 * screen, one after the other. That there is nothing is told at once.
 */
export function useTurn(isThere: boolean): boolean {
  const [isMine, setIsMine] = useState(isThere);
  // A deferred value would still be the old one where something else follows at once.
  if (isMine && !isThere) setIsMine(false);
  useEffect(() => (isThere ? inTurn(() => setIsMine(true)) : undefined), [isThere]);
  return isMine && isThere;
}
