/** The thresholds of both judges behind one slider, while what the run learnt is at hand; a recorded run has it not. */
import type { ThresholdPart } from '../../engine/client/types.ts';
import { isMethodId, METHODS } from '../../methods/registry.ts';
import { engine } from '../lease/engine.ts';
import type { Scene } from './scene.ts';

export interface Judges {
  /** Of a threshold at an exit; null where it is all there is, or nobody knows more. */
  readonly partsAt: ((exit: number, threshold: number) => readonly ThresholdPart[]) | null;
}

export const noJudges: Judges = { partsAt: null };

/** Follows a scene's run: its judges' ranks come with its first traces, and go when another run takes the engine. */
export function followLearning({ id, shown, run, judges }: Scene): void {
  let latest = 0;
  const ask = async (): Promise<void> => {
    const mine = ++latest;
    const { method } = shown.getState().trace ?? { method: '' };
    const hasParts = isMethodId(method) && 'judges' in METHODS[method];
    const started =
      hasParts && !run.getState().recorded && !run.getState().opened
        ? await engine.thatLearnt(id, method).catch(() => null)
        : null;
    if (mine !== latest || (!started && judges.getState().partsAt === null)) return;
    judges.setState({
      partsAt:
        started &&
        ((exit, threshold) =>
          engine.holder.served(id) && started.fitted === method
            ? started.parts(exit, threshold)
            : []),
    });
  };
  shown.subscribe(
    ({ trace, train, test }, before) =>
      (trace !== before.trace || train !== before.train || test !== before.test) && void ask(),
  );
  run.subscribe(
    ({ recorded, status }, before) =>
      (recorded !== before.recorded || status !== before.status) && void ask(),
  );
}
