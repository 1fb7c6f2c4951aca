import { useMemo } from 'react';
import { arrange, orderBy, orderByLeaving, type Arrangement } from '../../core/arrange.ts';
import { exitOrder } from '../../core/search/order.ts';
import { imagesOf } from '../../core/trace.ts';
import { useRun, useShown, useSelection } from '../shared/scene.ts';

/** Known difficulty of each image; null where it isn't known. */
export function useDifficulty(): Float32Array | null {
  const trace = useShown((state) => state.trace);
  const dataset = useRun((session) => session.dataset);
  return trace && dataset ? (imagesOf(dataset, trace).difficulty ?? null) : null;
}

/** What the maps show: the images that pass the filters, by exit and in the chosen order; null while there is no outcome. */
export function useArrangement(): Arrangement | null {
  const trace = useShown((state) => state.trace);
  const outcome = useShown((state) => state.outcome);
  const policy = useShown((state) => state.policy);
  const cell = useSelection((state) => state.cell);
  const truth = useSelection((state) => state.truth);
  const verdict = useSelection((state) => state.verdict);
  const order = useSelection((state) => state.order);
  const difficulty = useDifficulty();
  const rule = policy?.rule ?? null;
  const byConfidence = useMemo(
    () => (trace && rule && order === 'confidence' ? exitOrder(trace, rule) : null),
    [trace, rule, order],
  );
  const byDifficulty = useMemo(
    () => (trace && difficulty && order === 'difficulty' ? orderBy(difficulty, trace.count) : null),
    [trace, difficulty, order],
  );
  return useMemo(() => {
    if (!trace || !outcome) return null;
    const sorted = byConfidence ? orderByLeaving(trace, outcome, byConfidence) : byDifficulty;
    const asked =
      verdict === 'all'
        ? {}
        : verdict === 'right' || verdict === 'wrong'
          ? { right: verdict === 'right' }
          : { turn: verdict };
    const valid = cell && cell.exit < trace.exits.length ? cell : null;
    return arrange(trace, outcome, { truth, cell: valid, ...asked }, sorted);
  }, [trace, outcome, byConfidence, byDifficulty, verdict, cell, truth]);
}
