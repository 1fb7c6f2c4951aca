/** What a recording leaves on disk: traces, and the fingerprints of their images. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset, SplitName } from '../src/core/dataset.ts';
import { fingerprintsOf } from '../src/core/fingerprint.ts';
import { idParts, type Schema } from '../src/core/options/schema.ts';
import type { ConfidenceType } from '../src/core/trace-arrays.ts';
import { encodeTrace, type Budget } from '../src/core/trace-file.ts';
import { accuracyAt, relativeCost, type Trace } from '../src/core/trace.ts';
import { isMethodId, METHODS } from '../src/methods/registry.ts';

/** DATASET-NETWORK-METHOD, and those of its options that tell it from its neighbours: rule of agreement, budget, seed. */
export function runId({ dataset, network, method, provenance }: Trace, budget: Budget | null) {
  const options: Schema = isMethodId(method) ? METHODS[method].options : {};
  return [dataset, network, method, ...idParts(options, { budget, provenance })].join('-');
}

/**
 * Writes the two files of a trace and prints what it holds. Fingerprints of its own that an earlier trace of the name had are
 * gone: this one is of the images that the folder's others are of (`checkedFingerprints`).
 */
export async function writeTrace(
  trace: Trace,
  folder: string,
  confidence: ConfidenceType,
  budget: Budget | null = null,
): Promise<void> {
  const { header, bytes } = encodeTrace(trace, budget, confidence);
  const of = join(folder, `${runId(trace, budget)}-${trace.split}`);
  const name = `${of}.trace`;
  await rm(`${of}.images.bin`, { force: true });
  await writeFile(`${name}.json`, `${JSON.stringify(header, null, 1)}\n`);
  await writeFile(`${name}.bin`, bytes);
  console.log(
    `${name}.json and .bin: ${trace.count} ${trace.split} images × ${trace.exits.length} exits`,
  );
  trace.exits.forEach(({ name: exit }, j) => {
    const accuracy = (100 * accuracyAt(trace, j)).toFixed(2);
    const cost = (100 * relativeCost(trace, j)).toFixed(1);
    console.log(
      `  ${exit.padEnd(12)} ${accuracy.padStart(6)} %  at ${cost.padStart(5)} % of the FLOPs`,
    );
  });
}

/** File of the fingerprints of a dataset's images: uint32, little-endian, in the order of the traces. */
export function fingerprintFile(dataset: string, split: SplitName): string {
  return `${dataset}-${split}.images.bin`;
}

/** The fingerprints of a dataset in a folder of runs; null when there are none yet. */
export async function readFingerprints(
  folder: string,
  dataset: string,
  split: SplitName,
): Promise<Uint32Array | null> {
  const path = join(folder, fingerprintFile(dataset, split));
  const bytes = await readFile(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
  if (bytes === null) return null;
  if (bytes.length % 4 !== 0)
    throw new Error(`${path} has ${bytes.length} bytes; expected four an image.`);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32LE(4 * i));
}

/**
 * The fingerprints of a split, checked against those of earlier runs: all traces of a dataset in one folder are of the
 * same images in the same order.
 * @throws Error with a sentence when they are not.
 */
export async function checkedFingerprints(
  { id, shape, ...dataset }: Dataset,
  split: SplitName,
  folder: string,
): Promise<Uint32Array> {
  const now = fingerprintsOf(dataset[split], shape);
  const before = await readFingerprints(folder, id, split);
  const differs = before?.findIndex((print, i) => i < now.length && print !== now[i]) ?? -1;
  if (differs >= 0)
    throw new Error(
      `The ${split} images of ${id} are not those of the runs in ${folder}: image ${differs} is another. ` +
        'Copies in another order, or another seed, belong into a folder of their own.',
    );
  return before && before.length > now.length ? before : now;
}

/** Keeps the fingerprints of the first `count` images, or of more where an earlier run had more. */
export async function writeFingerprints(
  prints: Uint32Array,
  count: number,
  dataset: string,
  split: SplitName,
  folder: string,
): Promise<void> {
  const before = await readFingerprints(folder, dataset, split);
  if (before && before.length >= count) return;
  const bytes = Buffer.alloc(4 * count);
  prints.subarray(0, count).forEach((print, i) => bytes.writeUInt32LE(print, 4 * i));
  await writeFile(join(folder, fingerprintFile(dataset, split)), bytes);
}
