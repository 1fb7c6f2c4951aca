/** What a person relies on when things go wrong or change: cancel, supersede, lose a worker, explain meanwhile. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { imageAt, type Dataset } from '../../core/dataset.ts';
import { checkTrace, type Trace } from '../../core/trace.ts';
import { filesOf, localPort, randomDataset, type Sabotage } from '../test-port.ts';
import { e2cm } from '../../methods/e2cm/method.ts';
import type { E2cmOptions } from '../../methods/e2cm/options.ts';
import type { Distances } from '../../methods/parts/means/arrays.ts';
import type { Method } from '../../methods/contract/method.ts';
import { METHODS } from '../../methods/registry.ts';
import { goldenOutputs, type Golden } from '../../network/golden.ts';
import { loadNetwork } from '../../network/network.ts';
import { chooseBackend as onWasm } from '../worker/backend.ts';
import { networkFromFiles, type NetworkFiles } from '../../network/files.ts';
import { createEngine } from './engine.ts';
import type { EngineStatus } from './types.ts';

const dataset = randomDataset(1, [8, 8, 1], 3, 2000, 300);

const seeded = (seed: number) => tfl.initializers.glorotUniform({ seed });

async function smallFiles(data: Dataset, seed = 1) {
  const model = tfl.sequential({
    layers: [
      tfl.layers.conv2d({
        inputShape: [8, 8, 1],
        filters: 4,
        kernelSize: 3,
        activation: 'relu',
        kernelInitializer: seeded(seed),
        name: 'a',
      }),
      tfl.layers.flatten(),
      tfl.layers.dense({
        units: data.classes.length,
        kernelInitializer: seeded(2),
        name: 'fc',
      }),
    ],
  });
  return filesOf(model, {
    id: 'small',
    title: 'Small',
    classes: data.classes,
    input: { size: 8, channels: 1, mean: [0.5], std: [0.5] },
  });
}
await tf.setBackend('wasm');
const files = await smallFiles(dataset);

async function start(sabotage?: Sabotage, workers = 2) {
  const statuses: EngineStatus[] = [];
  const engine = await createEngine({
    spawn: () => localPort(sabotage),
    backend: 'wasm',
    workers,
    onStatus: (status) => statuses.push(status),
  });
  await engine.loadNetwork({ files });
  return { engine, statuses };
}

function sameTrace(a: Trace, b: Trace): void {
  expect(a.count).toBe(b.count);
  expect(a.prediction).toEqual(b.prediction);
  a.confidence.forEach((value, i) => expect(Math.abs(value - b.confidence[i]!)).toBeLessThan(1e-6));
}

describe('the engine', () => {
  it("takes the network's outputs in the order of the images' classes, by their names", async () => {
    const { engine } = await start();
    const plain = await engine.run('e2cm', dataset);
    const k = dataset.classes.length;
    const turned = ({ labels, ...split }: Dataset['train']) => ({
      ...split,
      labels: labels.map((label) => k - 1 - label),
    });
    const other: Dataset = {
      ...dataset,
      classes: [...dataset.classes].reverse(),
      train: turned(dataset.train),
      test: turned(dataset.test),
    };
    const run = await engine.run('e2cm', other);
    expect(run.test.prediction).toEqual(plain.test.prediction.map((label) => k - 1 - label));
    expect(run.report.warnings[0]).toContain('The order of the classes differs');
    expect(plain.report.warnings).toEqual([]);
    const pixels = imageAt(other.test, other.shape, 0);
    expect((await engine.explain(pixels)).prediction.at(-1)).toBe(
      run.test.prediction[(run.test.exits.length - 1) * run.test.count],
    );
    engine.dispose();
  });

  it('leaves no worker when it is disposed of while it loads, or while an image is driven', async () => {
    for (const isLoaded of [false, true]) {
      let live = 0;
      const engine = await createEngine({
        spawn: () => {
          const port = localPort();
          const end = port.terminate.bind(port);
          live++;
          port.terminate = () => {
            live--;
            port.terminate = () => undefined;
            end();
          };
          return port;
        },
        ...{ backend: 'wasm', workers: 2 },
      });
      const work = isLoaded
        ? engine.loadNetwork({ files }).then(async () => {
            await engine.run('e2cm', dataset);
            const driving = engine.drive(imageAt(dataset.test, dataset.shape, 0), null, 50);
            await new Promise((resolve) => setTimeout(resolve, 1));
            engine.dispose();
            await driving;
          })
        : engine.loadNetwork({ files });
      if (!isLoaded) setTimeout(() => engine.dispose());
      await expect(work).rejects.toThrow('The engine was closed.');
      // A worker that was on its way comes, and goes.
      await vi.waitFor(() => expect(live).toBe(0), { timeout: 5000 });
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(live).toBe(0);
    }
  });

  it('says what it computes on', async () => {
    const { engine, statuses } = await start();
    expect(engine.backend).toEqual({
      name: 'wasm',
      description: 'CPU · wasm ×2',
      workers: 2,
      software: false,
      fallback: null,
      trainsConvolutions: false,
    });
    expect(statuses.map((status) => status.kind)).toEqual(['starting', 'ready']);
    engine.dispose();
  });

  it('falls back to wasm with a reason, and refuses WebGPU in a sentence, where there is no adapter', async () => {
    const engine = await createEngine({ spawn: () => localPort(), workers: 1 });
    expect(engine.backend.fallback).toBe('This browser offers no WebGPU adapter.');
    engine.dispose();
    await expect(createEngine({ spawn: () => localPort(), backend: 'webgpu' })).rejects.toThrow(
      'This browser offers no WebGPU adapter.',
    );
  });

  it('goes on with the workers that start, and with wasm when the first attempt kills its worker', async () => {
    let starts = 0;
    const sabotage: Sabotage = ({ type }) =>
      type === 'start' && [1, 3].includes(++starts) ? 'crashed' : undefined;
    const engine = await createEngine({ spawn: () => localPort(sabotage), workers: 3 });
    expect(engine.backend.workers).toBe(2);
    expect(engine.backend.fallback).toBe('The compute worker did not start: crashed.');
    await engine.loadNetwork({ files });
    expect((await engine.run('e2cm', dataset)).test.count).toBe(300);
    engine.dispose();
  });

  it('gives the same trace with one worker and with three', async () => {
    const one = await start(undefined, 1);
    const three = await start(undefined, 3);
    const a = await one.engine.run('e2cm', dataset);
    const b = await three.engine.run('e2cm', dataset);
    sameTrace(a.train, b.train);
    sameTrace(a.test, b.test);
    one.engine.dispose();
    three.engine.dispose();
  });

  it.each(['batch', 'flush'])(
    'goes on when a worker dies at a %s, and every image counts once',
    async (at) => {
      const quiet = await start(undefined, 1);
      const expected = await quiet.engine.run('e2cm', dataset);
      let seen = 0;
      const { engine, statuses } = await start(({ type }) =>
        type === at && [3, 9].includes(++seen) ? 'pulled out' : undefined,
      );
      const got = await engine.run('e2cm', dataset);
      expect(got.report.imagesPerClass).toEqual(expected.report.imagesPerClass);
      sameTrace(got.train, expected.train);
      sameTrace(got.test, expected.test);
      const lost = statuses.filter((status) => status.kind === 'lost');
      expect(lost.length).toBeGreaterThan(0);
      expect(lost[0]!.message).toBe(
        'A compute worker was lost (pulled out); it is started again and the run goes on.',
      );
      engine.dispose();
      quiet.engine.dispose();
    },
  );

  it('gives up with a sentence after three losses in a row', async () => {
    const { engine } = await start(({ type }) => (type === 'batch' ? 'no memory' : undefined), 1);
    await expect(engine.run('e2cm', dataset)).rejects.toThrow(
      'The compute worker was lost 3 times in a row (no memory). Close other pages to free memory and run again.',
    );
    engine.dispose();
  });

  it('rejects at once when cancelled, after handing over what is finished', async () => {
    const { engine } = await start();
    const controller = new AbortController();
    const traces: Trace[] = [];
    const run = engine.run(
      'e2cm',
      dataset,
      {},
      {
        signal: controller.signal,
        onTrace: (trace) => traces.push(trace),
        onProgress: ({ step, done }) => step === 3 && done > 50 && controller.abort(),
      },
    );
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(traces.some((trace) => trace.split === 'train' && trace.count === 2000)).toBe(true);
    const last = traces.at(-1)!;
    expect(last.split).toBe('test');
    expect(last.count).toBeGreaterThan(50);
    expect(last.count).toBeLessThan(300);
    expect(last.total).toBe(300);
    const again = await engine.run('e2cm', dataset);
    for (let i = 0; i < last.count; i++) expect(last.prediction[i]).toBe(again.test.prediction[i]);
    expect(again.test.count).toBe(300);
    engine.dispose();
  });

  it('lets the latest run win', async () => {
    const { engine } = await start();
    const first = engine.run('e2cm', dataset);
    const second = engine.run('e2cm', dataset, { trainImages: 500 });
    await expect(first).rejects.toMatchObject({
      name: 'AbortError',
      message: 'Another run was started.',
    });
    expect((await second).train.count).toBe(500);
    engine.dispose();
  });

  it('stops a run when another network is loaded, and lets the latest network win', async () => {
    const { engine } = await start();
    const run = engine.run('e2cm', dataset);
    const [first, second] = [engine.loadNetwork({ files }), engine.loadNetwork({ files })];
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    expect((await second).id).toBe('small');
    await expect(engine.explain(imageAt(dataset.test, dataset.shape, 0))).rejects.toThrow(
      /Nothing has been learnt yet/,
    );
    engine.dispose();
  });

  it('explains an image while a run is going on, and after its worker was lost', async () => {
    let doomed = false;
    const { engine } = await start(() => (doomed ? ((doomed = false), 'gone') : undefined), 1);
    const image = imageAt(dataset.test, dataset.shape, 7);
    let during: ReturnType<typeof engine.explain> | undefined;
    const { test } = await engine.run(
      'e2cm',
      dataset,
      {},
      {
        onProgress: ({ step }) => {
          if (step === 3) during ??= engine.explain(image);
        },
      },
    );
    const explanation = await during!;
    expect(explanation.prediction[0]).toBe(test.prediction[7]);
    doomed = true;
    const after = await engine.explain(image);
    expect(after.distance).toEqual(explanation.distance);
    engine.dispose();
  });

  it('takes up to 256 classes, some of them without training images', async () => {
    const many = randomDataset(3, [8, 8, 1], 256, 600, 40);
    const { engine } = await start();
    await engine.loadNetwork({ files: await smallFiles(many) });
    const { train, test, report } = await engine.run('e2cm', many);
    checkTrace(train);
    checkTrace(test);
    expect(Math.max(...train.confidence.subarray(0, 600))).toBeLessThan(0.02);
    expect(report.imagesPerClass).toHaveLength(256);
    expect(report.warnings).toHaveLength(1);
    engine.dispose();
  });

  it('refuses images that the network cannot take, in a sentence', async () => {
    const { engine } = await start();
    const colour = randomDataset(1, [8, 8, 3], 3, 10, 10);
    await expect(engine.run('e2cm', colour)).rejects.toThrow(
      'Random does not fit Small: The images have 3 channels; this network takes 1.',
    );
    const large = randomDataset(1, [9, 8, 1], 3, 10, 10);
    await expect(engine.run('e2cm', large)).rejects.toThrow(
      /9×8 pixels; this network takes at most 8×8/,
    );
    const other = randomDataset(1, [8, 8, 1], 4, 10, 10);
    await expect(engine.run('e2cm', other)).rejects.toThrow(/knows 3 classes, the dataset has 4/);
    expect((await engine.run('e2cm', other, { lastExit: 'nearest-mean' })).test.count).toBe(10);
    engine.dispose();
  });

  it('refuses broken network files and keeps what it had', async () => {
    const { engine } = await start();
    const truncated = new Map(files).set('weights.bin', files.get('weights.bin')!.subarray(0, 40));
    await expect(engine.loadNetwork({ files: truncated })).rejects.toThrow(
      /weights.bin hold 40 bytes; model.json accounts for \d+/,
    );
    const missing = new Map(files);
    missing.delete('card.json');
    await expect(engine.loadNetwork({ files: missing })).rejects.toThrow(/card.json is missing/);
    expect(engine.network?.id).toBe('small');
    expect((await engine.run('e2cm', dataset)).test.count).toBe(300);
    engine.dispose();
  });
});

/** In place of a worker's choice: the wasm that there is, under a GPU's name; `lose` takes a device away. */
function pretendGpu(starts = Infinity) {
  const losing: ((reason: string) => void)[] = [];
  let started = 0;
  const choose: typeof onWasm = async (choice, paths) => {
    const isGpu = choice !== 'wasm';
    if (isGpu && ++started > starts) throw new Error('WebGPU did not start: it is blocked.');
    const chosen = await onWasm('wasm', paths);
    if (!isGpu) return chosen;
    const lost = new Promise<string>((resolve) => losing.push(resolve));
    return { ...chosen, name: 'webgpu', device: 'pretended', lost, largestTensor: 2 ** 27 };
  };
  const lose = () => losing.splice(0).forEach((tell) => tell('the GPU took its device away'));
  return { choose, lose };
}

async function startGpu({ choose }: ReturnType<typeof pretendGpu>, sabotage?: Sabotage) {
  const statuses: EngineStatus[] = [];
  const engine = await createEngine({
    spawn: () => localPort(sabotage, choose),
    backend: 'webgpu',
    workers: 2,
    onStatus: (status) => statuses.push(status),
  });
  const said = (kind: EngineStatus['kind']) =>
    statuses.filter((status) => status.kind === kind).map(({ message }) => message);
  return { engine, said };
}

/** Makes golden.json of a network: what it gives here, with something added to every number. */
async function goldenOf(source: Map<string, Uint8Array>) {
  const network = await loadNetwork(await networkFromFiles(source));
  const images = { seed: 1, count: 4, shape: [8, 8, 1], logits: [] } as const;
  const outputs = await goldenOutputs(network, images);
  network.dispose();
  return (added = 0) => {
    const logits = outputs[0]!.found.map((row) => row.map((value) => value + added));
    return new TextEncoder().encode(JSON.stringify({ ...images, logits }));
  };
}

describe('a GPU', () => {
  it.each([
    ['goes on where its device comes back', Infinity, 'WebGPU · pretended'],
    ['makes room for wasm where it does not', 1, 'CPU · wasm ×2'],
  ])('that loses its device in a run %s', async (_, starts, described) => {
    const quiet = await start(undefined, 1);
    const expected = await quiet.engine.run('e2cm', dataset);
    const gpu = pretendGpu(starts);
    const { engine, said } = await startGpu(gpu);
    await engine.loadNetwork({ files });
    let isLost = false;
    const onProgress = ({ step, done }: { step: number; done: number }) => {
      if (step !== 3 || done < 20 || isLost) return;
      isLost = true;
      gpu.lose();
    };
    const got = await engine.run('e2cm', dataset, {}, { onProgress });
    sameTrace(got.test, expected.test);
    expect(isLost).toBe(true);
    expect(said('lost')[0]).toContain('was lost (the GPU took its device away)');
    await expect.poll(() => engine.backend.description).toBe(described);
    if (starts === 1) {
      const reason = 'WebGPU was lost and did not come back (WebGPU did not start: it is blocked)';
      expect(said('moved')).toEqual([`${reason}. The CPU computes on, with wasm.`]);
      expect(engine.backend).toMatchObject({ name: 'wasm', fallback: `${reason}.`, workers: 2 });
      sameTrace((await engine.run('e2cm', dataset)).test, expected.test);
      expect(await engine.tensorCounts()).toHaveLength(2);
    }
    engine.dispose();
    quiet.engine.dispose();
  });

  it('that is lost time and again makes room for wasm', async () => {
    const gpu = pretendGpu();
    const { engine, said } = await startGpu(gpu);
    await engine.loadNetwork({ files });
    const losing = setInterval(gpu.lose, 1);
    expect((await engine.run('e2cm', dataset)).test.count).toBe(300);
    clearInterval(losing);
    expect(said('moved')[0]).toContain('WebGPU was lost 3 times in a row');
    engine.dispose();
  });

  it('whose outputs are not the golden ones makes room for wasm', async () => {
    const golden = await goldenOf(files);
    const gpu = pretendGpu();
    const whole = await startGpu(gpu);
    await whole.engine.loadNetwork({ files: new Map(files).set('golden.json', golden()) });
    expect(whole.said('moved')).toEqual([]);
    whole.engine.dispose();
    // As if the GPU gave other outputs: other ones are expected of it.
    let seen = 0;
    const { engine, said } = await startGpu(gpu, ({ type, ...rest }) => {
      if (type !== 'load' || !('request' in rest) || ++seen > 1) return;
      Object.assign(rest.request, { golden: golden(1) });
    });
    await engine.loadNetwork({ files: new Map(files).set('golden.json', golden()) });
    expect(said('moved')[0]).toMatch(
      /^WebGPU computes wrongly here: Small does not give the outputs .*\. The CPU computes on, with wasm\.$/,
    );
    expect((await engine.run('e2cm', dataset)).test.count).toBe(300);
    expect(engine.backend.description).toBe('CPU · wasm ×2');
    engine.dispose();
  });

  it('without golden outputs is held beside wasm, and makes room for it where it computes otherwise', async () => {
    const right = await startGpu(pretendGpu());
    await right.engine.loadNetwork({ files });
    expect(right.said('moved')).toEqual([]);
    // The worker on wasm is gone again.
    expect(await right.engine.tensorCounts()).toHaveLength(1);
    right.engine.dispose();
    const { engine, said } = await startGpu(pretendGpu(), (message) => {
      if (message.type !== 'load' || !('request' in message)) return;
      const { beside } = message.request as { beside?: Golden };
      if (beside)
        beside.logits.forEach((row) => row.forEach((_, k) => ((row as number[])[k]! += 1)));
    });
    await engine.loadNetwork({ files });
    expect(said('moved')[0]).toMatch(
      /^WebGPU computes wrongly here: Small does not give the outputs that wasm gives: .* The CPU computes on, with wasm\.$/,
    );
    expect((await engine.run('e2cm', dataset)).test.count).toBe(300);
    engine.dispose();
  });

  it('a network whose files bring other golden outputs is refused, and the one before stays', async () => {
    const golden = await goldenOf(files);
    const { engine } = await start();
    await engine.loadNetwork({ files: new Map(files).set('x/golden.json', golden()) });
    const wrong = new Map(files).set('golden.json', golden(1));
    await expect(engine.loadNetwork({ files: wrong })).rejects.toThrow(
      /^Small does not give the outputs that golden\.json states: .* without golden\.json it opens unchecked\.$/,
    );
    const none = new Map(files).set('golden.json', new Uint8Array(3));
    await expect(engine.loadNetwork({ files: none })).rejects.toThrow(/golden\.json is not JSON/);
    expect((await engine.run('e2cm', dataset)).test.count).toBe(300);
    engine.dispose();
  });
});

describe('a method that runs on a network of its own', () => {
  type Fitted = { readonly inner: unknown; readonly files: NetworkFiles };
  const inner = e2cm as Method<E2cmOptions, unknown, never, Distances>;
  const trained = smallFiles(dataset, 9).then(networkFromFiles);
  /** E2CM on other weights than the visitor's. */
  const elsewhere: Method<E2cmOptions, Fitted, never, Distances> = {
    ...inner,
    async run(images, options, context) {
      const others = await trained;
      const wrap = (fitted: unknown): Fitted => ({ inner: fitted, files: others });
      const run = await inner.run(images, options, {
        ...context,
        runner: await context.runner.withNetwork(others),
        onFitted: (fitted) => context.onFitted?.(wrap(fitted)),
      });
      return { ...run, fitted: wrap(run.fitted) };
    },
    trace: async (fitted, images, split, context) =>
      inner.trace(fitted.inner, images, split, {
        ...context,
        runner: await context.runner.withNetwork(fitted.files),
        onFitted: () => undefined,
      }),
    fit: () => expect.unreachable(),
    judge: (fitted) => inner.judge!(fitted.inner),
    network: ({ files: others }) => others,
    save: (fitted, network) => inner.save(fitted.inner, network),
    load: () => expect.unreachable(),
    explainer: (fitted) => inner.explainer(fitted.inner),
    explain: (fitted, arrays) => inner.explain(fitted.inner, arrays),
  };
  const id = 'elsewhere' as 'e2cm';
  const image = imageAt(dataset.test, dataset.shape, 7);

  beforeAll(
    () =>
      void Object.assign(METHODS, { elsewhere: { ...METHODS.e2cm, load: async () => elsewhere } }),
  );
  afterAll(() => void Reflect.deleteProperty(METHODS, 'elsewhere'));

  async function expected(source: Map<string, Uint8Array>) {
    const { engine } = await start();
    await engine.loadNetwork({ files: source });
    const { test } = await engine.run('e2cm', dataset);
    const explanation = await engine.explain(image);
    engine.dispose();
    return { test, explanation };
  }

  it('is traced and explained on it, and the next method has the visitor’s network again', async () => {
    const [own, other] = [await expected(files), await expected(await smallFiles(dataset, 9))];
    expect(other.test.confidence).not.toEqual(own.test.confidence);
    const { engine } = await start();
    sameTrace((await engine.run(id, dataset)).test, other.test);
    expect((await engine.explain(image)).distance).toEqual(other.explanation.distance);
    expect(engine.network?.id).toBe('small');
    sameTrace((await engine.run('e2cm', dataset)).test, own.test);
    expect((await engine.explain(image)).distance).toEqual(own.explanation.distance);
    // And back again.
    await engine.run(id, dataset);
    sameTrace(await engine.trace(dataset, 'test'), other.test);
    const next = engine.run('e2cm', dataset);
    sameTrace((await next).test, own.test);
    engine.dispose();
  });

  it('changes networks between passes, not within one, and survives the loss of a worker', async () => {
    const own = await expected(files);
    const other = await expected(await smallFiles(dataset, 9));
    let [seen, loads] = [0, 0];
    const { engine } = await start(({ type }) =>
      (type === 'batch' && [20, 60].includes(++seen)) || (type === 'load' && ++loads === 4)
        ? 'pulled out'
        : undefined,
    );
    const first = engine.run(id, dataset);
    sameTrace((await first).test, other.test);
    const cut = engine.run(id, dataset, {}, { signal: AbortSignal.timeout(30) });
    await cut.catch(() => undefined);
    sameTrace((await engine.run('e2cm', dataset)).test, own.test);
    engine.dispose();
  });
});
