/** Records traces without a page: `npm run record -- --dataset D --network N --method e2cm --out DIR`. */
import { availableParallelism } from 'node:os';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { firstImages, type Dataset } from '../src/core/dataset.ts';
import { encodeTrace } from '../src/core/trace-file.ts';
import { accuracyAt, relativeCost, type Trace } from '../src/core/trace.ts';
import { datasetIds, isDatasetId, isFileDatasetId } from '../src/data/catalogue.ts';
import { generateStrokes } from '../src/data/strokes/index.ts';
import { createEngine } from '../src/engine/client/engine.ts';
import type { Progress } from '../src/engine/client/types.ts';
import { isMethodId, METHODS } from '../src/methods/registry.ts';
import { loadFolder } from './folder.ts';
import { spawnThread } from './spawn.ts';

const HELP = `npm run record -- --dataset D --network N --method M --out DIR
  --dataset       ${datasetIds.join(', ')}
  --network       an id under public/networks, or a folder with model.json and card.json
  --method        ${Object.keys(METHODS).join(', ')}
  --train-images  use the first n training images (default: all)
  --test-images   trace the first n test images (default: all)
  --split         train, test or both: which traces to write (default: both)
  --data          folder of published files (default: the variable OFFRAMP_DATA)
  --budget        epochs of training, for a method that trains (default: the method's)
  --seed          seed of strokes, and of training (default 1); --train and --test: its numbers of images (60000, 10000)
  --workers       compute threads (default: one a core)
  --holdout       share of the training images kept from the means and traced as a split of its own (default 0)
  --label         normalised or raw; --last-exit network or nearest-mean
  --out           folder for NAME.trace.json and NAME.trace.bin`;

const OPTIONS = {
  dataset: { type: 'string' },
  network: { type: 'string' },
  method: { type: 'string', default: 'e2cm' },
  'train-images': { type: 'string', default: '0' },
  'test-images': { type: 'string', default: '0' },
  split: { type: 'string', default: 'both' },
  data: { type: 'string', default: process.env.OFFRAMP_DATA ?? '' },
  budget: { type: 'string' },
  seed: { type: 'string', default: '1' },
  train: { type: 'string', default: '60000' },
  test: { type: 'string', default: '10000' },
  workers: { type: 'string', default: String(availableParallelism()) },
  holdout: { type: 'string', default: '0' },
  label: { type: 'string', default: 'normalised' },
  'last-exit': { type: 'string', default: 'network' },
  out: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new Error(`--${name} must be a whole number, 0 or more; got "${text}".`);
  return value;
}

function oneOf<Choice extends string>(
  name: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === text);
  if (!found) throw new Error(`--${name} must be one of ${choices.join(', ')}; got "${text}".`);
  return found;
}

async function readNetwork(network: string): Promise<Map<string, Uint8Array>> {
  const bundled = new URL(`../public/networks/${network}/`, import.meta.url);
  const folder = /^[\w.-]+$/.test(network) ? bundled : network;
  const files = new Map<string, Uint8Array>();
  try {
    for (const name of await readdir(folder))
      files.set(
        name,
        await readFile(typeof folder === 'string' ? join(folder, name) : new URL(name, folder)),
      );
  } catch (error) {
    throw new Error(
      `There is no network "${network}": neither an id under public/networks nor a folder.`,
      {
        cause: error,
      },
    );
  }
  return files;
}

/** The commit, with a mark when the tree differs from it; "unknown" outside a repository. */
function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
    const changed = git('status', '--porcelain', '--', 'src', 'cli', 'public') !== '';
    return git('rev-parse', '--short=12', 'HEAD') + (changed ? '+changes' : '');
  } catch {
    return 'unknown';
  }
}

function showProgress({ phase, step, steps, done, total, imagesPerSecond, secondsLeft }: Progress) {
  if (!process.stderr.isTTY) return;
  const left = secondsLeft === null ? '' : `, ${Math.ceil(secondsLeft)} s left`;
  const rate = imagesPerSecond.toFixed(0);
  process.stderr.write(
    `\r${step}/${steps} ${phase}: ${done} of ${total}, ${rate} images/s${left}    `,
  );
}

async function writeTrace(trace: Trace, folder: string): Promise<void> {
  const { header, bytes } = encodeTrace(trace);
  const name = join(
    folder,
    `${trace.dataset}-${trace.network}-${trace.method}-${trace.split}.trace`,
  );
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

async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help || !values.dataset || !values.network || !values.out) {
    console.log(HELP);
    if (!values.help) throw new Error('Name at least --dataset, --network and --out.');
    return;
  }
  const method = values.method;
  if (!isMethodId(method))
    throw new Error(`There is no method "${method}"; there is ${Object.keys(METHODS).join(', ')}.`);
  const split = oneOf('split', values.split, ['both', 'train', 'test']);
  const options = {
    label: oneOf('label', values.label, ['normalised', 'raw']),
    lastExit: oneOf('last-exit', values['last-exit'], ['network', 'nearest-mean']),
    trainImages: whole('train-images', values['train-images']),
    holdout: Number(values.holdout),
    seed: whole('seed', values.seed),
    ...(values.budget !== undefined && { epochs: Number(values.budget) }),
  };
  const workers = Math.max(1, whole('workers', values.workers));
  const dataset = await loadDataset(values);
  const files = await readNetwork(values.network);
  await mkdir(values.out, { recursive: true });
  const engine = await createEngine({
    backend: 'wasm',
    workers,
    spawn: spawnThread,
    commit: commit(),
    onStatus: ({ message }) => console.log(message),
  });
  try {
    await engine.loadNetwork({ files });
    const run = await engine.run(method, dataset, options, { onProgress: showProgress });
    if (process.stderr.isTTY) process.stderr.write('\n');
    for (const { phase, images, seconds, imagesPerSecond } of run.report.phases)
      console.log(
        `${phase}: ${images} images in ${seconds.toFixed(1)} s, ${imagesPerSecond.toFixed(0)}/s`,
      );
    for (const warning of run.report.warnings) console.warn(warning);
    if ('classMeanBytes' in run.report)
      console.log(`class means: ${run.report.classMeanBytes} bytes as float32`);
    if (split !== 'test') await writeTrace(run.train, values.out);
    if (split !== 'test' && run.holdout) await writeTrace(run.holdout, values.out);
    if (split !== 'train') await writeTrace(run.test, values.out);
  } finally {
    engine.dispose();
  }
}

async function loadDataset(values: {
  dataset?: string;
  data: string;
  seed: string;
  train: string;
  test: string;
  'test-images': string;
}): Promise<Dataset> {
  const id = values.dataset ?? '';
  if (!isDatasetId(id))
    throw new Error(`There is no dataset "${id}"; there are ${datasetIds.join(', ')}.`);
  const testImages = whole('test-images', values['test-images']);
  if (!isFileDatasetId(id)) {
    const [seed, train, test] = [
      whole('seed', values.seed),
      whole('train', values.train),
      whole('test', values.test),
    ];
    return limitTest(generateStrokes({ seed, train, test }), testImages);
  }
  if (!values.data)
    throw new Error(`${id} needs its published files: give --data DIR or set OFFRAMP_DATA.`);
  return limitTest(await loadFolder(values.data, id), testImages);
}

function limitTest(dataset: Dataset, count: number): Dataset {
  return count === 0
    ? dataset
    : { ...dataset, test: firstImages(dataset.test, dataset.shape, count) };
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
