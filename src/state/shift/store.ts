/** The test images of what is on screen, corrupted and traced again: how its thresholds hold when images change. */
import { create } from 'zustand';
import { imageBytes, firstImages, type Dataset } from '../../core/dataset.ts';
import { firstOf, type Trace } from '../../core/trace.ts';
import { corruptions, SEVERITIES, type Corruption } from '../../data/shift/corruptions.ts';
import { isAbort } from '../../data/errors.ts';
import { useLearning } from '../explore/learn.ts';
import { data } from '../lease/images.ts';
import { sentenceOf } from '../notices.ts';
import { Lane } from '../scene/attempt.ts';
import { learntHere } from '../scene/learnt.ts';
import { scenes } from '../scenes.ts';
import { useSettings } from '../settings.ts';

export interface ShiftedTrace {
  /** 0 for the images as they are. */
  readonly severity: number;
  readonly trace: Trace;
  /** Pixels of the images that were traced. */
  readonly images: Uint8Array;
}

export interface ShiftState {
  readonly corruption: Corruption;
  /** The first so many test images are corrupted. */
  readonly most: number;
  /** What was traced: of which corruption and seed, on which trace of the images as they are. */
  readonly done: {
    readonly corruption: Corruption;
    readonly seed: number;
    readonly of: Trace;
    readonly dataset: Dataset;
    readonly traces: readonly ShiftedTrace[];
  } | null;
  readonly isRunning: boolean;
  /** Why nothing was traced, as a sentence. */
  readonly problem: string | null;
}

/** Numbers of images that are offered. */
export const IMAGES = [500, 2000, 10_000] as const;

export const useShift = create<ShiftState>(() => ({
  ...{ corruption: 'noise', most: 500, done: null, isRunning: false, problem: null },
}));

const { getState: get, setState: set } = useShift;
const scene = scenes.explore;
const lane = new Lane('explore', 'shift');

export const chooseCorruption = (name: string): void => {
  const corruption = corruptions.find((one) => one === name);
  if (corruption) set({ corruption });
};

export const chooseMost = (most: number): void => set({ most });

/** Ends it; the severities that were traced stay. */
export function stopShift(): void {
  lane.stop();
  set({ isRunning: false });
}

/** Corrupts the test images in each severity and traces them with what is learnt. */
export async function shiftImages(): Promise<void> {
  const { signal } = lane.begin();
  const write = (state: Partial<ShiftState>): void => {
    if (!signal.aborted) set(state);
  };
  set({ problem: null, isRunning: true, done: null });
  try {
    const { corruption, most } = get();
    const { seed } = useSettings.getState();
    const own = scene.run.getState().dataset ?? useLearning.getState().dataset;
    const found = await learntHere(scene, scene.shown.getState().test, own, {
      doing: 'corrupt its images',
      opened:
        'An opened trace keeps labels and confidences, and no network that could see other images.',
    });
    const { started, trace: test, dataset } = found;
    const part = firstImages(dataset.test, dataset.shape, Math.min(most, test.count));
    const images = part.images.slice(0, part.count * imageBytes(dataset.shape));
    let traces: readonly ShiftedTrace[] = [
      { severity: 0, trace: firstOf(test, part.count), images },
    ];
    const tell = (): void => write({ done: { corruption, seed, of: test, dataset, traces } });
    tell();
    for (const severity of SEVERITIES) {
      const shift = { corruption, severity, seed };
      const pixels = await data().shift(images, dataset.shape, shift);
      signal.throwIfAborted();
      const note = `${corruption}, severity ${severity}, seed ${seed}`;
      const changed: Dataset = { ...dataset, note, test: { ...part, images: pixels } };
      const trace = await started.trace(changed, 'test', { signal });
      traces = [...traces, { severity, trace, images: pixels }];
      tell();
    }
    write({ isRunning: false });
  } catch (error) {
    write({ isRunning: false, ...(!isAbort(error) && { problem: sentenceOf(error) }) });
  }
}
