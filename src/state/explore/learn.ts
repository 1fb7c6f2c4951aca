/** What a recorded run had learnt, learnt once more here: single images can then be looked at, and nothing is traced. */
import { create } from 'zustand';
import type { Dataset } from '../../core/dataset.ts';
import type { Progress } from '../../engine/client/types.ts';
import { askBeforeLeaving } from '../leaving.ts';
import { notify, sentenceOf } from '../notices.ts';
import { attempt, Lane } from '../scene/attempt.ts';
import { networkFor } from '../scene/network-for.ts';
import { bringImages } from '../scene/recorded.ts';
import { scenes } from '../scenes.ts';
import { optionsOf } from '../settings.ts';
import { shownSettings } from './run.ts';

export interface Learning {
  /** What is being loaded, in words; null when nothing is. */
  readonly loading: string | null;
  readonly progress: Progress | null;
  /** The images that it learnt from and their like; null until there are any. */
  readonly dataset: Dataset | null;
}

export const useLearning = create<Learning>(() => ({
  loading: null,
  progress: null,
  dataset: null,
}));

const scene = scenes.explore;
const lane = new Lane('explore', 'learning');
const done: Partial<Learning> = { loading: null, progress: null };

/**
 * Learns what is on screen once more, from its training images and with its options.
 * @returns whether that came to its end; what went wrong is told in a message.
 */
export async function learnHere(): Promise<boolean> {
  const settings = shownSettings();
  const { recorded } = scene.run.getState();
  if (!settings) {
    notify(
      'error',
      'What is on screen was opened from a file, which keeps nothing that was learnt.',
    );
    return false;
  }
  let isLearnt = false;
  const { setState: set } = useLearning;
  set({ loading: 'Starting …', progress: null });
  const learn = (): Promise<void> =>
    attempt(
      lane,
      async (mine) => {
        await bringImages(scene);
        const chosen = networkFor(settings);
        const say = (loading: string) => set({ loading });
        const here = scene.run.getState().dataset ?? undefined;
        const { prepare } = await import('../scene/prepare.ts');
        const { started, dataset } = await prepare(settings, chosen, mine, say, here);
        set({ loading: null, dataset });
        await started.fit(settings.method, dataset, optionsOf(settings), {
          signal: mine.signal,
          onProgress: (progress) => mine.say(() => set({ progress })),
        });
        mine.write(() => {
          isLearnt = scene.run.getState().recorded === recorded;
          if (isLearnt) scene.run.setState({ relearnt: true });
          set(done);
        });
      },
      ({ error }) => {
        set(done);
        if (error !== null) notify('error', sentenceOf(error));
      },
    );
  await askBeforeLeaving(learn);
  return isLearnt;
}

export const stopLearning = (): void => {
  lane.stop();
  useLearning.setState(done);
};
