/** The engine: networks, runs and single images on a pool of compute workers. */
import { imageBytes, type Dataset } from '../../core/dataset.ts';
import type { OptionValues } from '../../core/options/option.ts';
import type { Schema } from '../../core/options/schema.ts';
import { show } from '../../core/read.ts';
import type { Trace, TraceSplit } from '../../core/trace.ts';
import type { ThresholdPart } from '../../methods/contract/confidence.ts';
import type { Method } from '../../methods/contract/method.ts';
import type { MethodReport, RunContext } from '../../methods/contract/run.ts';
import type { Runner } from '../../methods/contract/runner.ts';
import type { SavedMethod } from '../../methods/contract/saved.ts';
import type { Explanation } from '../../methods/contract/story.ts';
import {
  knownOptions,
  METHODS,
  type MethodId,
  type MethodOptions,
} from '../../methods/registry.ts';
import { matchClasses } from '../../network/classes.ts';
import { fetchNetwork, networkFromFiles, type NetworkFiles } from '../../network/files.ts';
import { shapeProblem } from '../../network/preprocess.ts';
import { Pool } from './pool.ts';
import { spawnWebWorker } from './spawn.ts';
import type {
  BackendInfo,
  Engine,
  EngineOptions,
  LoadedNetwork,
  NetworkSource,
  RunCallbacks,
  RunResult,
} from './types.ts';

export type * from './types.ts';

/**
 * Starts the workers and chooses the backend.
 * @throws Error with a sentence when no worker can be started at all, or when WebGPU is asked for and absent.
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  const pool = await Pool.start({
    backend: options.backend ?? 'auto',
    workers: options.workers,
    spawn: options.spawn ?? spawnWebWorker,
    onStatus: options.onStatus ?? (() => undefined),
  });
  const around = options.around ?? ((workers: Runner) => workers);
  return new PooledEngine(pool, options.commit ?? 'live', around);
}

/** A method whose own types do not matter here: it gets back only what it gave. */
type AnyMethod = Method<object, unknown, MethodReport>;

/** @throws Error with a sentence when its code does not come. */
async function loadMethod(id: MethodId): Promise<AnyMethod> {
  try {
    return await METHODS[id].load();
  } catch (cause) {
    throw new Error(
      `The code of ${METHODS[id].name} could not be loaded. Look at the connection, then run it again.`,
      { cause },
    );
  }
}

/** @throws Error with a sentence when an option is not of scope `variant`, or its value not allowed. */
function underVariant(id: MethodId, fitted: unknown, varied: OptionValues): unknown {
  const { name: method, options: schema }: { name: string; options: Schema } = METHODS[id];
  for (const [name, value] of Object.entries(varied)) {
    const option = schema[name];
    if (option?.scope !== 'variant')
      throw new Error(`${method} cannot change "${name}" after it was fitted; fit it again.`);
    if (!option.allowed.has(value))
      throw new Error(`options.${name} is ${show(value)}; expected ${option.allowed.expected}.`);
  }
  // A method with variants keeps the options that it was fitted under.
  const { options, ...learnt } = fitted as { readonly options: object };
  return { ...learnt, options: { ...options, ...varied } };
}

/** What a run has learnt, or what was loaded. */
interface Learnt {
  readonly id: MethodId;
  readonly method: AnyMethod;
  readonly dataset: Dataset;
  readonly fitted: unknown;
  readonly explainer: ReturnType<AnyMethod['explainer']>;
}

class PooledEngine implements Engine {
  network: LoadedNetwork | null = null;
  /** The files of that network; the workers may have another one for as long as a run needs it. */
  private files: NetworkFiles | null = null;
  /** The same with outputs in another order, as the images of a run have their classes. */
  private matched: {
    readonly from: NetworkFiles;
    readonly key: string;
    readonly files: NetworkFiles;
  } | null = null;
  private learnt: Learnt | null = null;
  private loading: AbortController | null = null;
  private running: AbortController | null = null;
  /** Settles when the workers have the network that was asked for last. */
  private loaded: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly pool: Pool,
    private readonly commit: string,
    private readonly around: (workers: Runner) => Runner,
  ) {}

  get backend(): BackendInfo {
    return this.pool.backend;
  }

  async loadNetwork(source: NetworkSource, signal?: AbortSignal): Promise<LoadedNetwork> {
    this.loading?.abort(superseded('Another network was chosen.'));
    const { signal: current } = (this.loading = follow(signal));
    const files = await filesOf(source, current);
    current.throwIfAborted();
    this.running?.abort(superseded('Another network was chosen.'));
    const load = this.pool.load(files).then((summary) => {
      this.learnt = null;
      this.files = files;
      return (this.network = { ...summary, card: files.card });
    });
    this.loaded = load.catch(() => undefined);
    const network = await load;
    current.throwIfAborted();
    return network;
  }

  async run<Id extends MethodId>(
    id: Id,
    dataset: Dataset,
    options: Partial<MethodOptions<Id>> = {},
    callbacks: RunCallbacks = {},
  ): Promise<RunResult<Id>> {
    const { defaults } = METHODS[id];
    const { method, context } = await this.begin(id, loadMethod(id), dataset, callbacks);
    this.learnt = null;
    const sentence = this.network && matchOf(this.network, dataset).sentence;
    const run = await method.run(dataset, knownOptions(defaults, options), context);
    const { warnings } = run.report;
    const report = { ...run.report, warnings: sentence ? [sentence, ...warnings] : warnings };
    // A map's entry by a type parameter: TypeScript knows only the union of all methods' results.
    return { ...run, report } as RunResult<Id>;
  }

  async trace(dataset: Dataset, split: TraceSplit, callbacks: RunCallbacks = {}): Promise<Trace> {
    const { id, method, fitted } = this.atHand();
    const { context } = await this.begin(id, method, dataset, callbacks);
    return method.trace(fitted, dataset, split, context);
  }

  get fitted(): MethodId | null {
    return this.learnt?.id ?? null;
  }

  parts(exit: number, threshold: number): readonly ThresholdPart[] {
    if (!this.learnt) return [];
    const { method, fitted } = this.learnt;
    return method.parts?.(fitted, exit, threshold) ?? [];
  }

  vary(options: OptionValues): void {
    const { id, method, dataset, fitted } = this.atHand();
    this.learn(id, method, dataset, underVariant(id, fitted, options));
  }

  save(): SavedMethod {
    const { method, fitted } = this.atHand();
    return method.save(fitted, this.network!);
  }

  async restore(id: MethodId, saved: SavedMethod, dataset: Dataset): Promise<void> {
    const { network } = this;
    if (!network) throw new Error('No network is loaded; load the one that it was fitted to.');
    this.running?.abort(superseded('A saved method was loaded.'));
    const { signal } = (this.running = new AbortController());
    const method = await loadMethod(id);
    signal.throwIfAborted();
    const known = { ...network, classes: this.filesFor(dataset).card.classes };
    this.learn(id, method, dataset, method.load(saved, known, dataset.classes));
  }

  async explain(pixels: Uint8Array): Promise<Explanation> {
    const { dataset, method, fitted, explainer } = this.atHand();
    const { shape, classes } = dataset;
    if (pixels.length !== imageBytes(shape))
      throw new Error(
        `The image has ${pixels.length} bytes; expected ${imageBytes(shape)} (${shape.join('×')}).`,
      );
    const batch = { images: pixels.slice(), labels: new Uint8Array(1), shape };
    const files = method.network?.(fitted) ?? this.filesFor(dataset);
    const arrays = await this.pool.single(explainer, classes.length, batch, files);
    return method.explain(fitted, arrays!);
  }

  /** Tensors that live in each worker: flat over a run, or something leaks. */
  tensorCounts(): Promise<number[]> {
    return this.pool.tensorCounts();
  }

  /** The network's files with its outputs in the order of the images' classes; always the same object for the same order. */
  private filesFor(dataset: Dataset): NetworkFiles {
    const { network, files } = this;
    if (!network || !files) throw new Error('No network is loaded; load one before a run.');
    const { outputs } = matchOf(network, dataset);
    if (!outputs) return files;
    const key = outputs.join();
    if (this.matched?.from !== files || this.matched.key !== key) {
      const card = { ...files.card, classes: dataset.classes, outputs };
      this.matched = { from: files, key, files: { ...files, card } };
    }
    return this.matched.files;
  }

  private atHand(): Learnt {
    if (!this.learnt)
      throw new Error('Nothing has been learnt yet: run a method first, or load a saved one.');
    return this.learnt;
  }

  private learn(id: MethodId, method: AnyMethod, dataset: Dataset, fitted: unknown): void {
    this.learnt = { id, method, dataset, fitted, explainer: method.explainer(fitted) };
  }

  /** Ends the run in progress and gives the next one what it computes with. */
  private async begin(
    id: MethodId,
    loading: AnyMethod | Promise<AnyMethod>,
    dataset: Dataset,
    { signal: outer, ...callbacks }: RunCallbacks,
  ): Promise<{ readonly method: AnyMethod; readonly context: RunContext<unknown> }> {
    this.running?.abort(superseded('Another run was started.'));
    const mine = (this.running = follow(outer));
    const [method] = await Promise.all([loading, this.loaded]);
    mine.signal.throwIfAborted();
    const { network, files, pool } = this;
    if (!network || !files) throw new Error('No network is loaded; load one before a run.');
    const problem = shapeProblem(dataset.shape, network.card.input);
    if (problem) throw new Error(`${dataset.title} does not fit ${network.card.title}: ${problem}`);
    const plain = pool.runner(network, files, dataset.shape);
    const matched = this.filesFor(dataset);
    const runner = matched === files ? plain : await plain.withNetwork(matched);
    mine.signal.throwIfAborted();
    const context: RunContext<unknown> = {
      runner: this.around(runner),
      commit: this.commit,
      signal: mine.signal,
      ...callbacks,
      // A run that its caller cancelled may still hand over what it has; one that was superseded may not.
      onFitted: (fitted) => {
        if (this.running === mine && this.network === network)
          this.learn(id, method, dataset, fitted);
      },
    };
    return { method, context };
  }

  dispose(): void {
    this.loading?.abort(superseded('The engine was closed.'));
    this.running?.abort(superseded('The engine was closed.'));
    this.pool.dispose();
  }
}

/** Embeddings tell no classes apart, and images without classes have none to match. */
function matchOf({ classes, embedding, clustering }: LoadedNetwork, dataset: Dataset) {
  if (embedding !== null || clustering || dataset.labelled === false)
    return { outputs: null, sentence: null };
  return matchClasses(classes, dataset.classes);
}

function filesOf(source: NetworkSource, signal: AbortSignal): Promise<NetworkFiles> {
  if ('built' in source) return Promise.resolve(source.built);
  return 'url' in source ? fetchNetwork(source.url, signal) : networkFromFiles(source.files);
}

/** A controller that is also aborted when the caller's signal is. */
function follow(signal: AbortSignal | undefined): AbortController {
  const controller = new AbortController();
  if (signal?.aborted) controller.abort(signal.reason);
  signal?.addEventListener('abort', () => controller.abort(signal.reason), { once: true });
  return controller;
}

function superseded(reason: string): DOMException {
  return new DOMException(reason, 'AbortError');
}
