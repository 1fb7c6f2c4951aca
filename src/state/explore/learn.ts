/** What a recorded run had learnt, learnt once more here: single images can then be looked at, and nothing is traced. */
import { create } from 'zustand';
import type { Dataset } from '../../core/dataset.ts';
import type { RecordedRun } from '../../core/run-index.ts';
import { grouped } from '../../data/errors.ts';
import type { Progress } from '../../engine/client/types.ts';
import { askBeforeLeaving } from '../leaving.ts';
import { notify, sentenceOf } from '../notices.ts';
import { attempt, Lane } from '../scene/attempt.ts';
import { networkFor } from '../scene/network-for.ts';
import { bringImages } from '../scene/recorded.ts';
import { scenes } from '../scenes.ts';
import { optionsOf, type Settings } from '../settings.ts';
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

/** So many images a recorded run learnt from; 0 where nothing says it. */
const learntFrom = (recorded: RecordedRun | null): number => recorded?.provenance.trainImages ?? 0;

/** Settings that name all images that a run learnt from: strokes are drawn as many as are asked for. */
function ofWhole(settings: Settings, recorded: RecordedRun | null): Settings {
  const trainImages = learntFrom(recorded);
  const isDrawn = settings.dataset === 'strokes' && trainImages > 0;
  return isDrawn ? { ...settings, trainImages } : settings;
}

/** The images on screen, where a run learnt from no others: it may have traced fewer, and some may not be here. */
function whole(here: Dataset | null, recorded: RecordedRun | null): Dataset | undefined {
  const isWhole = here && here.note === undefined && here.train.count >= learntFrom(recorded);
  return isWhole ? here : undefined;
}

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
        const { prepare } = await import('../scene/prepare.ts');
        const given = whole(scene.run.getState().dataset, recorded);
        const named = ofWhole(settings, recorded);
        const { started, dataset } = await prepare(named, chosen, mine, say, given);
        set({ loading: null, dataset });
        await started.fit(settings.method, dataset, optionsOf(settings), {
          signal: mine.signal,
          onProgress: (progress) => mine.say(() => set({ progress })),
        });
        mine.write(() => {
          isLearnt = scene.run.getState().recorded === recorded;
          if (isLearnt) scene.run.setState({ relearnt: true });
          set(done);
          if (isLearnt) tellFewer(dataset.train.count, learntFrom(recorded));
        });
      },
      ({ error }) => {
        set(done);
        if (error !== null) notify('error', sentenceOf(error));
      },
    );
  // What another run was made of is not learnt for it.
  const unfollow = scene.run.subscribe((now) => {
    if (now.recorded !== recorded) stopLearning();
  });
  await askBeforeLeaving(learn).finally(unfollow);
  return isLearnt;
}

function tellFewer(count: number, wanted: number): void {
  if (count >= wanted) return;
  notify(
    'note',
    `This was learnt from the ${grouped(count)} training images that are here; the recorded run had ${grouped(wanted)}. ` +
      'Confidences differ from its own, and some images may leave elsewhere.',
  );
}

export const stopLearning = (): void => {
  lane.stop();
  useLearning.setState(done);
};
