/** What has to run here of what is on screen, beyond the numbers of its trace. */
import type { Dataset } from '../../core/dataset.ts';
import type { Trace } from '../../core/trace.ts';
import type { Engine } from '../../engine/client/types.ts';
import { engine } from '../lease/engine.ts';
import { isBusy } from './run.ts';
import type { Scene } from './scene.ts';

interface Learnt {
  readonly started: Engine;
  readonly trace: Trace;
  readonly dataset: Dataset;
}

/** What is wanted of it, in words: "measure", and why an opened trace cannot. */
interface Wanted {
  readonly doing: string;
  readonly opened: string;
}

/**
 * The engine with what the run learnt, and its images.
 * @param trace whose run it is; null while there is none.
 * @throws Error with a sentence where nothing of it can run here.
 */
export async function learntHere(
  { id, run }: Scene,
  trace: Trace | null,
  dataset: Dataset | null,
  { doing, opened: why }: Wanted,
): Promise<Learnt> {
  const { recorded, opened, relearnt } = run.getState();
  if (opened) throw new Error(why);
  if (isBusy(run.getState())) throw new Error(`A run goes on; ${doing} when it is over.`);
  if (!trace || !dataset || (recorded && !relearnt))
    throw new Error(
      `A recorded run is replayed, nothing of it runs here. Bring what it learnt, under “One image”, or compute it here; then ${doing}.`,
    );
  const started = await engine.thatLearnt(id, trace.method);
  if (!started)
    throw new Error(`What this run learnt gave way to another run. Run it again, then ${doing}.`);
  return { started, trace, dataset };
}
