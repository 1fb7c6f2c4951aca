/** Sends the chosen image past the exits of what Explore shows, with its thresholds, and through the plain network. */
import { imageAt, imageBytes, type Dataset } from '../../core/dataset.ts';
import type { Policy } from '../../core/policy.ts';
import type { Trace } from '../../core/trace.ts';
import { isAbort } from '../../data/errors.ts';
import type { Driven, Engine } from '../../engine/client/types.ts';
import { useLearning } from '../explore/learn.ts';
import { engine } from '../lease/engine.ts';
import { notify, sentenceOf } from '../notices.ts';
import { Lane } from '../scene/attempt.ts';
import { isBusy } from '../scene/run.ts';
import { scenes } from '../scenes.ts';
import { useTry, type Tried } from './store.ts';
import { takeFile } from './take.ts';
import { meanRow, repeatsFor, spreadOf } from './times.ts';

const scene = scenes.explore;
const { getState: get, setState: set } = useTry;

/** Rounds of the times; the two take turns. */
const ROUNDS = 7;

/** What is at hand to try images with. */
export interface AtHand {
  readonly started: Engine;
  readonly trace: Trace;
  readonly policy: Policy;
}

/** The images whose like can be tried. */
export const imagesAtHand = (): Dataset | null =>
  scene.run.getState().dataset ?? useLearning.getState().dataset;

/** What Explore's run has learnt; null while it has not, or where that gave way to another run. */
export async function atHand(): Promise<AtHand | null> {
  const { trace, policy, chosen } = scene.shown.getState();
  const { recorded, opened, relearnt } = scene.run.getState();
  if (!trace || !policy || opened || (recorded && !relearnt)) return null;
  if (chosen === 'patience')
    throw new Error(
      'Patience holds how often a label was repeated, not a method’s own confidence. Choose another rule beside the curve on Explore.',
    );
  const started = await engine.thatLearnt(scene.id, trace.method);
  return started && { started, trace, policy };
}

const lane = new Lane('explore', 'an image');

/** Where many images are driven, until what they are driven under is another. */
export const racing = new Lane('explore', 'a thousand images');

export function stopRace(): void {
  racing.stop();
  set({ racing: null });
}

/** Tries the chosen image; the latest choice counts. */
export async function tryImage(): Promise<void> {
  const { signal } = lane.begin();
  const isAsked = () => !signal.aborted;
  const { image, taken } = get();
  set({ problem: null, status: 'driving' });
  try {
    const found = await atHand();
    const dataset = imagesAtHand();
    if (!isAsked()) return;
    if (!found || !dataset) {
      set({ status: 'idle', tried: null });
      return;
    }
    const at = Math.min(image, dataset.test.count - 1);
    const pixels = taken?.pixels ?? imageAt(dataset.test, dataset.shape, at);
    if (pixels.length !== imageBytes(dataset.shape)) {
      // It was taken for images of another shape.
      set({ status: 'idle', taken: null, tried: null });
      return;
    }
    const tried = await driveOne(found, pixels, isAsked);
    if (tried && isAsked()) set({ status: 'idle', tried });
  } catch (error) {
    if (isAsked()) set({ status: 'idle', ...(!isAbort(error) && { problem: sentenceOf(error) }) });
  }
}

async function driveOne(
  { started, trace, policy }: AtHand,
  pixels: Uint8Array,
  isAsked: () => boolean,
): Promise<Tried | null> {
  // The first time warms up, and says how often it must be done for its time to be told.
  const first = await started.drive(pixels, policy);
  const repeats = repeatsFor((await started.drive(pixels, null)).milliseconds[0]!);
  const rounds = { staged: [] as Driven[], plain: [] as Driven[] };
  for (let round = 0; round < ROUNDS; round++) {
    rounds.staged.push(await started.drive(pixels, policy, repeats));
    rounds.plain.push(await started.drive(pixels, null, repeats));
    if (!isAsked()) return null;
  }
  const timesOf = (of: readonly Driven[]) => spreadOf(of.map(({ milliseconds }) => milliseconds));
  const stagesOf = (of: readonly Driven[]) => meanRow(of.map(({ inStages }) => inStages));
  return {
    ...{ pixels, policy, trace, staged: first },
    times: { staged: timesOf(rounds.staged), plain: timesOf(rounds.plain) },
    stages: { staged: stagesOf(rounds.staged), plain: stagesOf(rounds.plain) },
    exits: meanRow(rounds.staged.map(({ inExits }) => inExits)),
    plainLabel: rounds.plain[0]!.prediction[0]!,
    explanation: await started.explain(pixels),
  };
}

/** Tries another test image. */
export function tryTest(image: number): void {
  set({ image, taken: null });
  void tryImage();
}

/** Takes a picture that was given as a file, dropped or pasted, and tries it. */
export async function give(file: Blob): Promise<void> {
  const dataset = imagesAtHand();
  if (!dataset) {
    notify('note', 'The images of the page are not here yet; give the picture once they are.');
    return;
  }
  try {
    set({ taken: await takeFile(file, dataset) });
    await tryImage();
  } catch (error) {
    notify('error', sentenceOf(error));
  }
}

/** How long thresholds stand still before an image is tried with them. */
const REST = 300;

/**
 * Tries the image anew when the thresholds, or what is learnt, change.
 * @returns ends that.
 */
export function followExplore(): () => void {
  let resting: ReturnType<typeof setTimeout> | undefined;
  let before = '';
  const ask = (): void => {
    const { policy, trace } = scene.shown.getState();
    const { status, recorded, relearnt, dataset } = scene.run.getState();
    const isComplete = trace !== null && trace.count === trace.total;
    const isReady = isComplete && !isBusy({ status });
    const now = `${isReady} ${trace?.method} ${trace?.network} ${recorded?.id} ${relearnt} ${dataset?.id} ${dataset?.seed} ${policy?.thresholds.join()}`;
    if (now === before) return;
    before = now;
    clearTimeout(resting);
    stopRace();
    set({ raced: null });
    if (isReady) resting = setTimeout(() => void tryImage(), REST);
    else {
      // A run begins: what would answer is not there any more.
      lane.stop();
      set({ tried: null });
    }
  };
  ask();
  const ends = [scene.shown.subscribe(ask), scene.run.subscribe(ask)];
  return () => {
    clearTimeout(resting);
    lane.stop();
    stopRace();
    for (const end of ends) end();
  };
}
