/** The thresholds of both judges behind one slider, while what the run learnt is at hand; a recorded run has it not. */
import { create } from 'zustand';
import type { ThresholdPart } from '../../engine/client/types.ts';
import { isMethodId, METHODS } from '../../methods/registry.ts';
import { useExplore } from './shown.ts';
import { engineThatLearnt } from '../lease/engine.ts';
import { engineServed } from '../lease/owner.ts';
import { useSession } from './run.ts';

export interface PartsState {
  /** Of a threshold at an exit; null where it is all there is, or nobody knows more. */
  readonly partsAt: ((exit: number, threshold: number) => readonly ThresholdPart[]) | null;
}

export const useParts = create<PartsState>(() => ({ partsAt: null }));

/** Follows the run: its judges' ranks come with its first traces, and go when another run takes the engine. */
export function followLearning(): void {
  let latest = 0;
  const ask = async (): Promise<void> => {
    const mine = ++latest;
    const { trace } = useExplore.getState();
    const { method } = trace ?? { method: '' };
    const hasParts = isMethodId(method) && 'judges' in METHODS[method];
    const engine =
      hasParts && !useSession.getState().recorded
        ? await engineThatLearnt(method).catch(() => null)
        : null;
    if (mine !== latest || (!engine && useParts.getState().partsAt === null)) return;
    useParts.setState({
      partsAt:
        engine &&
        ((exit, threshold) =>
          engineServed('explore') && engine.fitted === method ? engine.parts(exit, threshold) : []),
    });
  };
  useExplore.subscribe(
    ({ trace, train, test }, before) =>
      (trace !== before.trace || train !== before.train || test !== before.test) && void ask(),
  );
  useSession.subscribe(
    ({ recorded, status }, before) =>
      (recorded !== before.recorded || status !== before.status) && void ask(),
  );
}
