/** Golden outputs: what the framework that trained a network gives for images that a formula makes (training/golden.py). */
import * as tf from '@tensorflow/tfjs-core';
import type { Network } from './network.ts';
import { preprocess } from './preprocess.ts';

/** golden.json beside a network's weights. */
export interface Golden {
  readonly seed: number;
  readonly count: number;
  readonly shape: readonly [height: number, width: number, channels: number];
  /** The network's own output [count, K], before a softmax. */
  readonly logits: readonly (readonly number[])[];
  /** Of every branch the same, where the network has some. */
  readonly branches?: readonly (readonly (readonly number[])[])[];
  /**
   * What goes into the network [count, height, width, channels], where it is not what the formula makes: of test data
   * that came beside a network, whose outputs may be probabilities.
   */
  readonly pixels?: readonly number[];
}

/** Two float32 programs that add in different orders differ by about 1e-5 of the largest output; GPUs round more freely. */
const TOLERANCE = 5e-3;
/** More images than this say nothing more, and cost time at every load. */
const MOST_IMAGES = 256;
/** Images for which one device is held beside another: as many as wasm takes side by side. */
const COMPARED = 8;

/** A network whose outputs are not those that golden.json states; known by its name on the other side of a wire. */
class WrongOutputs extends Error {
  override readonly name = 'WrongOutputs';
}

/** @throws Error with a sentence when the bytes are no golden.json. */
export function parseGolden(bytes: Uint8Array): Golden {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new Error(`golden.json is not JSON: it has ${bytes.byteLength} bytes that do not parse.`);
  }
  const { seed, count, shape, logits, branches, pixels } = (json ?? {}) as Partial<Golden>;
  const isWhole = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0;
  if (!Number.isInteger(seed) || !isWhole(count) || count > MOST_IMAGES)
    throw new Error(
      `golden.json: "seed" must be a whole number and "count" one of 1 to ${MOST_IMAGES}.`,
    );
  if (!Array.isArray(shape) || shape.length !== 3 || !shape.every(isWhole))
    throw new Error('golden.json: "shape" must be height, width and channels of the images.');
  const isTable = (rows: unknown): boolean =>
    Array.isArray(rows) &&
    rows.length === count &&
    rows.every((row) => Array.isArray(row) && row.every((value) => typeof value === 'number'));
  const tables: unknown = branches ?? [];
  if (!isTable(logits) || !Array.isArray(tables) || !tables.every(isTable))
    throw new Error(
      `golden.json: "logits", and each of "branches", must list ${count} rows of numbers, one an image.`,
    );
  const numbers = count * shape.reduce((all, one) => all * one, 1);
  const arePixels =
    pixels === undefined ||
    (Array.isArray(pixels) &&
      pixels.length === numbers &&
      pixels.every((value) => typeof value === 'number'));
  if (!arePixels) throw new Error(`golden.json: "pixels" must be ${numbers} numbers.`);
  return json as Golden;
}

/** Bytes of a linear congruential generator, uint8 NHWC; odd images are smoothed along their rows. */
export function goldenImages({
  seed,
  count,
  shape: [height, width, channels],
}: Golden): Uint8Array {
  const out = new Uint8Array(count * height * width * channels);
  let state = seed >>> 0;
  for (let at = 0; at < out.length; at++) {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    const byte = state >>> 24;
    const isSmooth = Math.floor(at / (height * width * channels)) % 2 === 1;
    const isFirst = Math.floor(at / channels) % width === 0;
    out[at] = isSmooth && !isFirst ? Math.floor((7 * out[at - channels]! + byte) / 8) : byte;
  }
  return out;
}

/**
 * Sends the golden images through a network, on whatever computes.
 * @returns its outputs for them, the branches' first, beside those that are stated.
 */
export async function goldenOutputs(
  network: Network,
  golden: Golden,
): Promise<{ readonly found: number[][]; readonly stated: readonly (readonly number[])[] }[]> {
  const { count, shape } = golden;
  const pixels = golden.pixels
    ? Float32Array.from(golden.pixels)
    : preprocess(goldenImages(golden), count, shape, network.card.input);
  const { size, channels } = network.card.input;
  const x = tf.tensor4d(pixels, [count, size, size, channels]);
  const outputs = network.forward(x);
  const branches = golden.branches ? network.branchLogits(outputs) : [];
  try {
    const stated = [...(golden.branches ?? []), golden.logits];
    const found = [...branches, outputs.at(-1)!];
    return await Promise.all(
      stated.map(async (rows, j) => ({
        stated: rows,
        found: inTermsOf(rows, ((await found[j]?.array()) ?? []) as number[][], golden),
      })),
    );
  } finally {
    tf.dispose([x, outputs, branches]);
  }
}

/** Outputs as they are stated: test data has probabilities where a network ends with a softmax, which is left out here. */
function inTermsOf(
  stated: readonly (readonly number[])[],
  found: number[][],
  { pixels }: Golden,
): number[][] {
  const sumOf = (row: readonly number[]): number => row.reduce((sum, value) => sum + value, 0);
  const areProbabilities = stated.every(
    (row) => row.every((value) => value >= 0) && Math.abs(sumOf(row) - 1) < 1e-3,
  );
  if (!pixels || !areProbabilities) return found;
  return found.map((row) => {
    const largest = Math.max(...row);
    const parts = row.map((value) => Math.exp(value - largest));
    return parts.map((part) => part / sumOf(parts));
  });
}

/** What a network gives for a few images on whatever computes here: what another device must give. */
export async function goldenHere(network: Network): Promise<Golden> {
  const { size, channels } = network.card.input;
  const images = { seed: 1, count: COMPARED, shape: [size, size, channels] as const };
  const unknown = network.summary().branches.map(() => []);
  const outputs = await goldenOutputs(network, { ...images, logits: [], branches: unknown });
  const found = outputs.map((output) => output.found);
  return { ...images, logits: found.pop()!, branches: found };
}

/**
 * @param said who states the outputs: "golden.json states".
 * @throws WrongOutputs with a sentence when what computes does not give the golden outputs; Error where they are of other images.
 */
export async function checkGolden(network: Network, golden: Golden, said: string): Promise<void> {
  const { title, input } = network.card;
  const wanted = [input.size, input.size, input.channels];
  if (golden.shape.join() !== wanted.join())
    throw new Error(
      `${said} outputs for images of ${golden.shape.join(' × ')}; ${title} takes ${wanted.join(' × ')}.`,
    );
  for (const { found, stated } of await goldenOutputs(network, golden)) {
    const largest = stated
      .flat()
      .filter(Number.isFinite)
      .reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    stated.forEach((row, i) =>
      row.forEach((value, k) => {
        const got = found[i]?.[k] ?? NaN;
        // A network that overflows does so everywhere.
        if (Object.is(got, value) || Math.abs(got - value) <= TOLERANCE * largest) return;
        throw new WrongOutputs(
          `${title} does not give the outputs that ${said}: number ${k + 1} of image ${i + 1} is ` +
            `${got.toPrecision(3)}, expected ${value.toPrecision(3)}`,
        );
      }),
    );
  }
}
