import { startTransition, useEffect, useState } from 'react';
import type { Ideals } from '../../core/room.ts';
import type { Trace } from '../../core/trace.ts';
import { idealsOf } from '../../state/scene/ideals.ts';
import { useIsComing } from '../shared/scene.ts';

/** What rules that know more would reach on a trace; null until it is found, and while images still come. */
export function useIdeals(trace: Trace): Ideals | null {
  const isComing = useIsComing();
  const [found, setFound] = useState<{ of: Trace; ideals: Ideals } | null>(null);
  useEffect(() => {
    if (isComing) return undefined;
    let isWanted = true;
    void idealsOf(trace).then((ideals) => {
      if (isWanted) startTransition(() => setFound({ of: trace, ideals }));
    });
    return () => {
      isWanted = false;
    };
  }, [trace, isComing]);
  return found?.of === trace ? found.ideals : null;
}
