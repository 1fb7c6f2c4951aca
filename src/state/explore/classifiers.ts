/** Classifiers that were trained here stay in this browser: the same run is then traced, not trained again. */
import type { Dataset } from '../../core/dataset.ts';
import { isDatasetId } from '../../data/catalogue.ts';
import type { Engine, LoadedNetwork, SavedMethod } from '../../engine/client/types.ts';
import { networks } from '../../network/catalogue.ts';
import { forgetWork, keepWork, keptWork } from '../kept/work.ts';
import { notify } from '../notices.ts';
import { optionsOf, type Settings } from '../settings.ts';

/** What the classifiers of a run are kept as; null where its images or its network are a person's own. */
export function workOf(
  settings: Settings,
  { id, train }: Dataset,
  network: LoadedNetwork,
): string | null {
  const { method, dataset, seed } = settings;
  if (!isDatasetId(dataset) || !networks.some((one) => one.id === network.id)) return null;
  return `classifiers ${JSON.stringify([method, network.id, id, train.count, seed, optionsOf(settings)])}`;
}

/** Gives the engine what it learnt before; false where nothing was kept, or it fits no more. */
export async function restore(
  work: string,
  { method }: Settings,
  engine: Engine,
  dataset: Dataset,
  run: () => Promise<void>,
): Promise<boolean> {
  const saved = await keptWork(work);
  if (saved === null) return false;
  try {
    await engine.restore(method, saved as SavedMethod, dataset);
  } catch {
    // Of another version of the page.
    return false;
  }
  notify(
    'note',
    'These classifiers were trained here before and kept in this browser: nothing is trained again.',
    { label: 'Train anew', act: () => void forgetWork(work).then(run) },
  );
  return true;
}

/** A browser that keeps nothing loses no more than before. */
export function keep(work: string, engine: Engine): void {
  keepWork(work, engine.save()).catch(() => undefined);
}
