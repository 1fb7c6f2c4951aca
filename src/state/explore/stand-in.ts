/** What is shown where recorded runs are wanted but cannot be read, and their images are not here either. */
import { findDatasets, haveImages } from '../lease/images.ts';
import { loadRuns, useRuns } from '../lease/runs.ts';
import { notify } from '../notices.ts';
import type { Attempt } from '../scene/attempt.ts';
import { choose, isSameRun, useSettings, type Settings } from '../settings.ts';

/** Milliseconds between two looks for the recorded runs. */
const LOOK_AGAIN = 15_000;

/**
 * Chooses strokes, which are drawn here, and goes on looking for the recorded runs for as long as nothing else is chosen.
 * @param show shows what was asked for, once it may be had.
 * @returns the settings that are now chosen; null where the images are here, so that they can be computed with.
 */
export async function standIn(
  asked: Settings,
  mine: Attempt,
  show: (change: Pick<Settings, 'dataset' | 'network'>) => void,
): Promise<Settings | null> {
  await findDatasets();
  mine.signal.throwIfAborted();
  const { dataset, network } = asked;
  const again = { label: 'Try again', act: () => show({ dataset, network }) };
  const unread = `The recorded runs could not be read. ${useRuns.getState().problem}`;
  if (haveImages(asked)) {
    notify('error', `${unread} Meanwhile it is computed here.`, again);
    return null;
  }
  choose({ dataset: 'strokes', network: null });
  const instead = useSettings.getState();
  const isStill = (): boolean => isSameRun(useSettings.getState(), instead);
  notify('error', `${unread} Meanwhile Strokes are drawn and computed here.`, again);
  const looking = setInterval(() => {
    if (!isStill()) clearInterval(looking);
    else
      void loadRuns().then((index) => {
        if (!index || !isStill()) return;
        clearInterval(looking);
        show({ dataset, network });
      });
  }, LOOK_AGAIN);
  return instead;
}
