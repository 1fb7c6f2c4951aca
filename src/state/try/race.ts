/** Many test images in batches: each batch is made smaller at every exit, beside the plain network. */
import { costUnit } from '../../core/costs.ts';
import { imageBytes } from '../../core/dataset.ts';
import { replay } from '../../core/replay.ts';
import { isAbort } from '../../data/errors.ts';
import { notify, sentenceOf } from '../notices.ts';
import { scenes } from '../scenes.ts';
import { atHand, imagesAtHand, racing } from './drive.ts';
import { useTry } from './store.ts';
import { spreadOf } from './times.ts';

const IMAGES = 1000;
const BATCH = 128;
const ROUNDS = 3;

const { setState: set } = useTry;

/** Drives a thousand test images both ways, in turns; what it finds is told when it is over. */
export async function race(): Promise<void> {
  const { signal } = racing.begin();
  const isAsked = () => !signal.aborted;
  set({ racing: 0, raced: null });
  try {
    const found = await atHand();
    const dataset = imagesAtHand();
    if (!found || !dataset)
      throw new Error('Nothing is learnt yet that images could be driven past.');
    const { started, trace, policy } = found;
    const { test } = scenes.explore.shown.getState();
    const replayed = test && test.count >= Math.min(IMAGES, dataset.test.count) ? test : null;
    const outcome = replayed && replay(replayed, policy);
    const count = Math.min(IMAGES, dataset.test.count);
    const size = imageBytes(dataset.shape);
    const spent = { staged: [] as number[], plain: [] as number[] };
    const right = { staged: 0, plain: 0 };
    const leaving = trace.exits.map(() => 0);
    let [flops, asReplayed] = [0, 0];
    for (let round = 0; round < ROUNDS; round++) {
      const ms = { staged: 0, plain: 0 };
      for (let from = 0; from < count; from += BATCH) {
        const some = Math.min(BATCH, count - from);
        const images = dataset.test.images.subarray(from * size, (from + some) * size);
        for (const name of ['staged', 'plain'] as const) {
          const driven = await started.drive(images, name === 'staged' ? policy : null);
          if (!isAsked()) return;
          ms[name] += driven.milliseconds[0]!;
          if (round > 0) continue;
          for (let i = 0; i < some; i++) {
            const exit = driven.exitOf[i]!;
            const label = driven.prediction[exit * some + i]!;
            if (label === dataset.test.labels[from + i]) right[name]++;
            if (name === 'plain') continue;
            leaving[exit]!++;
            flops += trace.exits[exit]!.flops;
            if (!outcome || !replayed) continue;
            const there = outcome.exitOf[from + i]!;
            const same = replayed.prediction[there * replayed.count + from + i] === label;
            if (there === exit && same) asReplayed++;
          }
        }
        set({ racing: round * count + from + some });
      }
      for (const name of ['staged', 'plain'] as const) spent[name].push(ms[name]);
    }
    const rate = (of: readonly number[]) => (1000 * count) / spreadOf(of.map((ms) => [ms])).median;
    set({
      racing: null,
      raced: {
        ...{ images: count, batch: BATCH, leaving },
        asReplayed: outcome && asReplayed,
        rates: { staged: rate(spent.staged), plain: rate(spent.plain) },
        accuracy: { staged: right.staged / count, plain: right.plain / count },
        cost: flops / count / trace.networkFlops,
        unit: costUnit(trace),
      },
    });
  } catch (error) {
    if (!isAsked()) return;
    set({ racing: null });
    if (!isAbort(error)) notify('error', sentenceOf(error));
  }
}

/** All images that a race drives, round by round. */
export const raceLength = (test: number): number => ROUNDS * Math.min(IMAGES, test);
