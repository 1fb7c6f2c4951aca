/** What is exported, run by what it is exported for: onnxruntime, a C compiler, the drivers that go with it. */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import * as ort from 'onnxruntime-web';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { firstImages, imageBytes, type Dataset } from '../core/dataset.ts';
import { cellOf, forEachClass, leaves, type Policy } from '../core/policy.ts';
import { randomFrom } from '../core/random.ts';
import { replay } from '../core/replay.ts';
import { readThresholdsFile } from '../core/thresholds-file.ts';
import type { Trace } from '../core/trace.ts';
import { generateStrokes } from '../data/strokes/index.ts';
import { createEngine, type Engine } from '../engine/client/engine.ts';
import { localPort } from '../engine/test-port.ts';
import { METHODS, type ClassifierId } from '../methods/registry.ts';
import { cutNetwork } from '../network/cut.ts';
import { networkFromFiles } from '../network/files.ts';
import { bundle, type Drivers, type Wanted } from './bundle.ts';
import { imagesToCheck, someImages } from './check.ts';
import { stagedModels, wholeModel, type Exported } from './model.ts';
import { isAnyEnough, planOf } from './plan.ts';
import { zipped } from './zip.ts';

ort.env.wasm.numThreads = 1;
vi.setConfig({ testTimeout: 300_000 });
const NETWORKS = new URL('../../public/networks/', import.meta.url);

async function networkFiles(id: string) {
  const files = new Map<string, Uint8Array>();
  const folder = new URL(`${id}/`, NETWORKS);
  for (const name of await readdir(folder)) files.set(name, await readFile(new URL(name, folder)));
  return networkFromFiles(files);
}

const few = generateStrokes({ seed: 1, train: 400, test: 100 });
const plain = await networkFiles('resnet18-w16-strokes');
const branchy = await networkFiles('resnet18-w16-strokes-branchy');

async function fit(method: ClassifierId, dataset: Dataset, options: object) {
  const engine = await createEngine({ backend: 'wasm', workers: 1, spawn: () => localPort() });
  onTestFinished(() => engine.dispose());
  const built = method.includes('branchynet') ? branchy : plain;
  await engine.loadNetwork({ built });
  const { train, test } = await engine.run(method, dataset, { epochs: 1, ...options });
  return { engine, train, test };
}

/** Thresholds between two confidences, so that none is exactly met: at each exit a share leaves. */
function policyOf(
  method: ClassifierId,
  { confidence, count, exits }: Trace,
  share: number,
): Policy {
  const { rule } = METHODS[method].confidence;
  const thresholds = Array.from({ length: exits.length - 1 }, (_, j) => {
    const sorted = [...confidence.subarray(j * count, (j + 1) * count)].sort((a, b) => a - b);
    if (rule !== 'below') sorted.reverse();
    const at = Math.floor(share * count);
    return (sorted[at]! + sorted[at + 1]!) / 2;
  });
  return { rule, thresholds };
}

/** Of two judges, a threshold for each that lets some go and some not; the same for labels that differ, a lower one for others. */
function apartOf(train: Trace, each: Policy): Policy {
  const { second } = train;
  const others = second
    ? policyOf('e2cm-sdn', { ...train, confidence: second.confidence }, 0.6).thresholds
    : [];
  const isByLabel = train.provenance.options.agreement === 'by-label';
  const thresholds = each.thresholds.flatMap((own, j) => [own, isByLabel ? 0.9 * own : others[j]!]);
  return { ...each, thresholds };
}

const numbers = (tensor: ort.Tensor | undefined): number[] =>
  Array.from(tensor!.data as ArrayLike<number | bigint>, Number);

/** Exits and labels of all test images by the model that decides inside. */
async function wholeDecides(bytes: Uint8Array, dataset: Dataset) {
  const session = await ort.InferenceSession.create(bytes);
  const size = imageBytes(dataset.shape);
  const said: { exit: number; label: number; confidence: number }[] = [];
  for (let i = 0; i < dataset.test.count; i++) {
    const pixels = dataset.test.images.slice(i * size, (i + 1) * size);
    const image = new ort.Tensor('uint8', pixels, [1, ...dataset.shape]);
    const { exit, label, confidence } = await session.run({ image });
    said.push({
      exit: numbers(exit)[0]!,
      label: numbers(label)[0]!,
      confidence: numbers(confidence)[0]!,
    });
  }
  await session.release();
  return said;
}

describe('model.onnx', () => {
  it('lets 1,000 drawn images leave where a replay does, with its labels and confidences', async () => {
    const dataset = generateStrokes({ seed: 1, train: 300, test: 1000 });
    const { engine, train, test } = await fit('e2cm', dataset, { trainImages: 300 });
    const policy = policyOf('e2cm', train, 0.25);
    const { exitOf, leaving } = replay(test, policy);
    expect(leaving.filter((images) => images > 0).length).toBeGreaterThan(5);
    const { files, exits } = await engine.portable(firstImages(dataset.test, dataset.shape, 1));
    const plan = planOf(exits, dataset.classes, policy);
    const network = await cutNetwork(files);
    const of = { network, card: files.card, shape: dataset.shape, plan, says: 'A test.' };
    const said = await wholeDecides(wholeModel(of), dataset);
    const differing = said.filter(({ exit, label, confidence }, i) => {
      const at = exitOf[i]! * test.count + i;
      return (
        exit !== exitOf[i] ||
        label !== test.prediction[at] ||
        Math.abs(confidence - test.confidence[at]!) > 1e-5
      );
    });
    expect(differing).toEqual([]);
  });
});

/** Exits and labels of all test images by one model a stage, all images through all of them: who left is known beside. */
async function stagesDecide(of: Exported, dataset: Dataset) {
  const { plan } = of;
  const { rule } = plan;
  const { count } = dataset.test;
  let x: ort.Tensor = new ort.Tensor('uint8', dataset.test.images, [count, ...dataset.shape]);
  const left = new Array<{ exit: number; label: number } | null>(count).fill(null);
  const surest = left.map(() => ({ label: -1, confidence: -Infinity }));
  for (const [s, { bytes }] of stagedModels(of).entries()) {
    const session = await ort.InferenceSession.create(bytes);
    const { output, label, confidence } = await session.run({ [session.inputNames[0]!]: x });
    const labels = numbers(label);
    const confidences = numbers(confidence);
    const width = confidences.length / count;
    const { exit, thresholds, agree } = plan.exits[s]!;
    labels.forEach((own, i) => {
      const said = confidences.slice(i * width, (i + 1) * width);
      if (said[0]! > surest[i]!.confidence) surest[i] = { label: own, confidence: said[0]! };
      if (left[i]) return;
      const met = thresholds.map((t, j) => leaves(rule, said[j]!, t[t.length > 1 ? own : 0]!));
      const isLet = isAnyEnough(agree) ? met.includes(true) : !met.includes(false);
      if (!output) left[i] = { exit, label: plan.takesSurest ? surest[i]!.label : own };
      else if (isLet) left[i] = { exit, label: own };
    });
    if (output) x = output;
    await session.release();
  }
  return left;
}

const DRIVERS = ['offramp.py', 'offramp.mjs', 'offramp.h', 'check.c'] as const;
const folder = await mkdtemp(join(tmpdir(), 'offramp-export-'));
afterAll(() => rm(folder, { recursive: true }));

const works = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const pythons = [process.env.OFFRAMP_PYTHON ?? 'python3', 'python3'];
const native = pythons.find((command) => works(command, '-c', 'import numpy, onnxruntime'));
const python = native ?? pythons.find((command) => works(command, '-c', 'import numpy'));
/** Where Python finds the runtime: its own, or what stands for it in NumPy. */
const runtime: NodeJS.ProcessEnv = native
  ? {}
  : { PYTHONPATH: fileURLToPath(new URL('reference', import.meta.url)) };

describe.each([
  ['e2cm', { lastExit: 'nearest-mean', label: 'raw' }, []],
  ['sdn', { unconfident: 'most-confident' }, []],
  ['bwds', {}, []],
  ['e2cm-sdn', {}, [{ agreement: 'or' }, { agreement: 'and-label' }, { agreement: 'by-label' }]],
  ['branchynet', {}, []],
  ['e2cm-branchynet', {}, []],
] as const)('an export of %s %o', (method, options, variants) => {
  it('lets images leave where a replay does, and has drivers that find that themselves', async () => {
    const { engine, ...traced } = await fit(method, few, options);
    let { train, test } = traced;
    for (const variant of [null, ...variants]) {
      if (variant) {
        engine.vary(variant);
        train = await engine.trace(few, 'train');
        test = await engine.trace(few, 'test');
      }
      const { files, exits } = await engine.portable(firstImages(few.test, few.shape, 1));
      const network = await cutNetwork(files);
      const each = policyOf(method, train, 0.3);
      const random = randomFrom(1);
      const byClass = forEachClass(each.thresholds, few.classes.length).map(
        (threshold) => threshold * (0.9 + 0.2 * random()),
      );
      const policies = [each, { ...each, thresholds: byClass }, apartOf(train, each)].filter(
        ({ thresholds }) => cellOf(thresholds, test) !== null,
      );
      for (const policy of policies) {
        const plan = planOf(exits, few.classes, policy);
        const exported = { network, card: files.card, shape: few.shape, plan, says: '' };
        const replayed = [...replay(test, policy).exitOf].map((exit, i) => ({
          exit,
          label: test.prediction[exit * test.count + i],
        }));
        expect(await stagesDecide(exported, few)).toEqual(replayed);
      }
    }
    const each = policyOf(method, train, 0.3);
    await checkDrivers(engine, method, test, test.second ? apartOf(train, each) : each);
  });
});

/** Writes an export to a folder, and lets each of its drivers check itself. */
async function checkDrivers(engine: Engine, method: ClassifierId, test: Trace, policy: Policy) {
  const { exitOf } = replay(test, policy);
  const which = imagesToCheck(exitOf);
  const checked = someImages(few.test, few.shape, which);
  expect(which).toHaveLength(32);
  const texts = DRIVERS.map(async (name) => [
    name,
    await readFile(new URL(`drivers/${name}`, import.meta.url), 'utf8'),
  ]);
  const costs = {
    ...{ unit: 'ms', source: 'a phone, one image at a time', network: 8 },
    exits: test.exits.map((_, j) => j + 1),
  };
  const wanted: Wanted = {
    ...{ costs: method === 'e2cm' ? costs : null },
    ...(await engine.portable(checked)),
    ...{
      trace: test,
      policy,
      which,
      shape: few.shape,
      commit: 'test',
      curve: null,
      setBy: null,
    },
    checked: someImages(few.test, few.shape, which),
    methodName: METHODS[method].name,
    images: { title: 'Strokes', licence: 'None.', citation: '', url: '' },
  };
  const files = unzipSync(
    zipped(await bundle(wanted, Object.fromEntries(await Promise.all(texts)) as Drivers), method),
  );
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  const text = (name: string) => new TextDecoder().decode(files[`${method}/${name}`]);
  const file = readThresholdsFile(JSON.parse(text('thresholds.json')));
  expect(file.thresholds).toEqual(policy.thresholds);
  expect(text('README.txt')).toContain('32 images');
  const { meanFlops } = replay(test, policy);
  for (const name of ['thresholds.json', 'card.json']) {
    const { measured, cost } = JSON.parse(text(name)) as {
      readonly measured: { readonly relativeFlops: number };
      readonly cost?: object;
    };
    expect(measured.relativeFlops).toBeCloseTo(meanFlops / test.networkFlops, 12);
    expect(cost).toEqual(
      wanted.costs ? { unit: 'ms', source: costs.source, network: 8 } : undefined,
    );
  }
  const table = text('README.txt').match(/of FLOPs +(of ms +)?leaving/);
  expect(table?.[1] !== undefined).toBe(wanted.costs !== null);
  expect(text('README.txt').includes('a phone')).toBe(wanted.costs !== null);

  const { check } = await import('./drivers/offramp.mjs');
  const lines: string[] = [];
  const fails = await check(
    (name) => Promise.resolve(files[`${method}/${name}`]!),
    (line) => lines.push(line),
  );
  expect(fails, lines.join('\n')).toBe(0);
  expect(lines).toHaveLength(2);

  if (works('gcc', '--version'))
    for (const flags of method === 'e2cm' ? [[], ['-DOFFRAMP_INT8']] : [[]]) {
      const c = join(folder, method, 'c');
      const build = spawnSync(
        'gcc',
        ['-Wall', '-Werror', '-O2', ...flags, '-o', 'check', 'check.c', '-lm'],
        { cwd: c, encoding: 'utf8' },
      );
      expect(build.stderr).toBe('');
      const { stdout } = spawnSync('./check', ['check.bin'], { cwd: c, encoding: 'utf8' });
      const [, agree, of] = /(\d+) of (\d+) agree/.exec(stdout)!;
      // Class means of a byte are rounded: a few images may leave elsewhere.
      expect(Number(agree), stdout).toBeGreaterThanOrEqual(Number(of) - (flags.length > 0 ? 4 : 0));
    }
  else console.warn('There is no gcc: the C header is not compiled here.');

  if (python) {
    const said = spawnSync(python, [join(folder, method, 'offramp.py')], {
      encoding: 'utf8',
      env: { ...process.env, ...runtime, PYTHONDONTWRITEBYTECODE: '1' },
    });
    expect(said.status, said.stdout + said.stderr).toBe(0);
    expect(said.stdout.match(/of 32 agree/g), said.stdout).toHaveLength(2);
  } else console.warn('There is no Python with NumPy: offramp.py is not run here.');
}
