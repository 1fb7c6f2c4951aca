/** What leaving at each exit costs on this machine: the network driven past all exits, timed stage by stage. */
import { imageBytes } from '../../core/dataset.ts';
import { sense, type Policy, type Rule } from '../../core/policy.ts';
import type { Exit } from '../../core/trace.ts';
import type { Driven } from '../../engine/client/types.ts';
import { heldIn } from '../../methods/registry.ts';
import { useBackend } from '../lease/engine.ts';
import { repeatsFor, spreadOf, type Spread } from '../try/times.ts';
import type { CostWords } from './costs.ts';
import { learntHere } from './learnt.ts';
import type { Scene } from './scene.ts';

/** Images at a time that can be measured. */
export const BATCHES = [1, 32, 128] as const;

/** Rounds of the times; the exits and the plain network take turns. */
const ROUNDS = 9;
/** Calls before that, of which nothing is noted. */
const WARM_UP = 2;

/** Milliseconds an image, of leaving at each exit and of the plain network. */
export interface Measured {
  readonly exits: readonly Spread[];
  readonly network: Spread;
}

/** Every exit is asked and lets nobody go: a threshold that no confidence reaches, and that is not closed. */
const askingAll = (rule: Rule, exits: number): Policy => ({
  rule,
  thresholds: new Array<number>(exits - 1).fill(sense(rule).sign * Number.MAX_VALUE),
});

/**
 * What an image costs that leaves at each exit: all stages up to its own, and all exits that it was asked at.
 * @param rounds of the network past all exits, and of the plain one, `images` at a time.
 */
export function measuredOf(
  rounds: { readonly past: readonly Driven[]; readonly plain: readonly Driven[] },
  exits: readonly Pick<Exit, 'stage'>[],
  images: number,
): Measured {
  const leavingAt = ({ inStages, inExits }: Driven, j: number): number => {
    const stages = inStages.subarray(0, exits[j]!.stage + 1);
    const asked = inExits.subarray(0, j + 1);
    return (sum(stages) + sum(asked)) / images;
  };
  return {
    exits: exits.map((_, j) => spreadOf(rounds.past.map((round) => [leavingAt(round, j)]))),
    network: spreadOf(
      rounds.plain.map(({ milliseconds }) => Array.from(milliseconds, (ms) => ms / images)),
    ),
  };
}

const sum = (numbers: Float64Array): number => numbers.reduce((all, one) => all + one, 0);

/** What was measured as a person would write it into the form. */
export function inWords(
  { exits, network }: Measured,
  names: readonly Pick<Exit, 'name'>[],
  about: { readonly backend: string; readonly images: number },
): CostWords {
  const lines = exits.map(({ median }, j) => `${names[j]!.name} ${median.toPrecision(4)}`);
  const widest = Math.max(
    ...[...exits, network].map(({ low, high, median }) => (high - low) / 2 / median),
  );
  return {
    unit: 'ms',
    source:
      `measured here: ${about.backend}, one worker, ${about.images === 1 ? 'one image' : `${about.images} images`} at a time, ` +
      `median of ${ROUNDS} rounds, middle half within ±${(100 * widest).toFixed(0)} %`,
    numbers: [...lines, `network ${network.median.toPrecision(4)}`].join('\n'),
  };
}

/**
 * Measures what is on screen.
 * @param images at a time.
 * @throws Error with a sentence where nothing of it can run here.
 */
export async function measureHere(scene: Scene, images: number): Promise<CostWords> {
  const { dataset: own } = scene.run.getState();
  const { started, trace, dataset } = await learntHere(scene, scene.shown.getState().trace, own, {
    doing: 'measure',
    opened:
      'An opened trace is of a network that is not here: give its costs as numbers, or open a file of them.',
  });
  const count = Math.min(images, dataset.test.count);
  const pixels = dataset.test.images.slice(0, count * imageBytes(dataset.shape));
  const policy = askingAll(heldIn(trace), trace.exits.length);
  const past: Driven[] = [];
  const plain: Driven[] = [];
  for (let n = 0; n < WARM_UP; n++) {
    await started.drive(pixels, policy);
    await started.drive(pixels, null);
  }
  const repeats = repeatsFor((await started.drive(pixels, null)).milliseconds[0]!);
  for (let n = 0; n < ROUNDS; n++) {
    past.push(await started.drive(pixels, policy, repeats));
    plain.push(await started.drive(pixels, null, repeats));
  }
  const backend = useBackend.getState().backend?.description ?? 'an unknown backend';
  const measured = measuredOf({ past, plain }, trace.exits, count);
  return inWords(measured, trace.exits, { backend, images: count });
}
