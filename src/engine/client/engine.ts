/** The engine: networks, runs and single images on a pool of compute workers. */
import { imageBytes, type Dataset, type Split } from '../../core/dataset.ts';
import type { OptionValues } from '../../core/options/option.ts';
import { show } from '../../core/read.ts';
import type { Trace, TraceSplit } from '../../core/trace.ts';
import type { Policy } from '../../core/policy.ts';
import type { Judging } from '../../methods/contract/judge.ts';
import type { RunContext } from '../../methods/contract/run.ts';
import type { Runner } from '../../methods/contract/runner.ts';
import type { SavedMethod } from '../../methods/contract/saved.ts';
import type { Explanation } from '../../methods/contract/story.ts';
import { knownOptions, METHODS } from '../../methods/registry.ts';
import type { NetworkCard } from '../../network/card.ts';
import { matchClasses } from '../../network/classes.ts';
import {
  fetchGolden,
  fetchNetwork,
  isGolden,
  networkFromFiles,
  type NetworkFiles,
  type WeightsArriving,
} from '../../network/files.ts';
import { shapeProblem } from '../../network/preprocess.ts';
import { labelsOf } from './labels.ts';
import { Pool } from './pool.ts';
import { portableOf } from './portable.ts';
import { spawnWebWorker } from './spawn.ts';
import type {
  AnyMethod,
  BackendInfo,
  Driven,
  Engine,
  EngineOptions,
  LoadedNetwork,
  Methods,
  NetworkSource,
  Portable,
  RunCallbacks,
  RunResult,
} from './types.ts';

export type * from './types.ts';

/**
 * Starts the workers and chooses the backend.
 * @param methods that it runs, those of the registry by default; what they run in workers is found by their folders.
 * @throws Error with a sentence when no worker can be started at all, or when WebGPU is asked for and absent.
 */
export function createEngine(options?: EngineOptions): Promise<Engine>;
export function createEngine<Of extends Methods>(
  options: EngineOptions,
  methods: Of,
): Promise<Engine<Of>>;
export async function createEngine(
  options: EngineOptions = {},
  methods: Methods = METHODS,
): Promise<Engine<Methods>> {
  const pool = await Pool.start({
    backend: options.backend ?? 'auto',
    workers: options.workers,
    spawn: options.spawn ?? spawnWebWorker,
    onStatus: options.onStatus ?? (() => undefined),
  });
  const around = options.around ?? ((workers: Runner) => workers);
  return new PooledEngine(pool, methods, options.commit ?? 'live', around);
}

/** @throws Error with a sentence when there is no such method, or its code does not come. */
async function loadMethod(methods: Methods, id: string): Promise<AnyMethod> {
  const { name, load } = aboutOf(methods, id);
  try {
    return await load();
  } catch (cause) {
    throw new Error(
      `The code of ${name} could not be loaded. Look at the connection, then run it again.`,
      { cause },
    );
  }
}

function aboutOf(methods: Methods, id: string): Methods[string] {
  const found = Object.hasOwn(methods, id) ? methods[id] : undefined;
  if (found) return found;
  throw new Error(`There is no method "${id}"; there are ${Object.keys(methods).join(', ')}.`);
}

/** @throws Error with a sentence when an option is not of scope `variant`, or its value not allowed. */
function underVariant(
  { name: method, options: schema }: Methods[string],
  fitted: unknown,
  varied: OptionValues,
): unknown {
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
  readonly id: string;
  readonly method: AnyMethod;
  readonly dataset: Dataset;
  readonly fitted: unknown;
  readonly explainer: ReturnType<AnyMethod['explainer']>;
  /** Null for a method that cannot decide exit by exit. */
  readonly judging: Judging | null;
}

class PooledEngine implements Engine<Methods> {
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
  /** Loads that have not come to an end. */
  private pending = 0;
  private running: AbortController | null = null;
  /** Settles when the workers have the network that was asked for last. */
  private loaded: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly pool: Pool,
    private readonly methods: Methods,
    private readonly commit: string,
    private readonly around: (workers: Runner) => Runner,
  ) {}

  get backend(): BackendInfo {
    return this.pool.backend;
  }

  prepare(methods: readonly string[]): Promise<void> {
    return this.pool.prepare(methods);
  }

  async loadNetwork(
    source: NetworkSource,
    signal?: AbortSignal,
    onArriving?: WeightsArriving,
  ): Promise<LoadedNetwork> {
    this.loading?.abort(superseded('Another network was chosen.'));
    const { signal: current } = (this.loading = follow(signal));
    this.pending++;
    try {
      return await this.loadNext(source, current, onArriving);
    } finally {
      this.pending--;
    }
  }

  get isLoading(): boolean {
    return this.pending > 0;
  }

  private async loadNext(
    source: NetworkSource,
    current: AbortSignal,
    onArriving: WeightsArriving | undefined,
  ): Promise<LoadedNetwork> {
    const isGpu = this.backend.name === 'webgpu';
    const [files, golden] = await Promise.all([
      filesOf(source, current, onArriving),
      goldenOf(source, isGpu),
    ]);
    current.throwIfAborted();
    this.running?.abort(superseded('Another network was chosen.'));
    const load = this.pool
      .load(files, golden ?? (isGpu ? 'as wasm' : undefined))
      .then((summary) => {
        this.learnt = null;
        this.files = files;
        return (this.network = { ...summary, card: files.card });
      });
    this.loaded = load.catch(() => undefined);
    const network = await load;
    current.throwIfAborted();
    return network;
  }

  async run(
    id: string,
    dataset: Dataset,
    options: object = {},
    callbacks: RunCallbacks = {},
  ): Promise<RunResult<string, Methods>> {
    const { defaults } = aboutOf(this.methods, id);
    const loading = loadMethod(this.methods, id);
    const { method, context } = await this.begin(id, loading, dataset, callbacks);
    this.learnt = null;
    const sentence = this.network && matchOf(this.network, dataset).sentence;
    const run = await method.run(dataset, knownOptions(defaults, options), context);
    const { warnings } = run.report;
    const report = { ...run.report, warnings: sentence ? [sentence, ...warnings] : warnings };
    return { ...run, report };
  }

  async fit(
    id: string,
    dataset: Dataset,
    options: object = {},
    callbacks: RunCallbacks = {},
  ): Promise<void> {
    const { name, defaults } = aboutOf(this.methods, id);
    const loading = loadMethod(this.methods, id);
    const { method, context } = await this.begin(id, loading, dataset, callbacks);
    if (!method.fit) throw new Error(`${name} cannot be fitted without a trace. Run it instead.`);
    this.learnt = null;
    context.onFitted?.(await method.fit(dataset, knownOptions(defaults, options), context));
  }

  async drive(images: Uint8Array, policy: Policy | null, repeats = 1): Promise<Driven> {
    const { id, dataset, method, fitted, judging } = this.atHand();
    if (policy && !judging)
      throw new Error(
        `${aboutOf(this.methods, id).name} cannot decide one exit after the other, so its inference cannot stop.`,
      );
    const { shape, classes } = dataset;
    const size = imageBytes(shape);
    const count = images.length / size;
    if (count < 1 || !Number.isInteger(count))
      throw new Error(
        `The images have ${images.length} bytes; expected ${size} each (${shape.join('×')}).`,
      );
    const batch = { images: images.slice(), labels: new Uint8Array(count), shape };
    const files = method.network?.(fitted) ?? this.filesFor(dataset);
    return this.pool.drive(policy && judging, classes.length, { batch, policy, repeats }, files);
  }

  async trace(dataset: Dataset, split: TraceSplit, callbacks: RunCallbacks = {}): Promise<Trace> {
    const { id, method, fitted } = this.atHand();
    const { context } = await this.begin(id, method, dataset, callbacks);
    return method.trace(fitted, dataset, split, context);
  }

  get fitted(): string | null {
    return this.learnt?.id ?? null;
  }

  vary(options: OptionValues): void {
    const { id, method, dataset, fitted } = this.atHand();
    this.learn(id, method, dataset, underVariant(aboutOf(this.methods, id), fitted, options));
  }

  async portable(images: Split): Promise<Portable> {
    const { id, method, dataset, fitted } = this.atHand();
    const { network, pool } = this;
    const plain = this.filesFor(dataset);
    const runner = await pool
      .runner(network!, this.files!, dataset.shape)
      .withNetwork(method.network?.(fitted) ?? plain);
    const exits = method.written?.(fitted, runner.network);
    if (!exits)
      throw new Error(
        `${aboutOf(this.methods, id).name} cannot be taken away: nobody has written how its exits decide.`,
      );
    return { method: id, exits, ...(await portableOf(runner, images, dataset.classes.length)) };
  }

  save(): SavedMethod {
    const { method, fitted } = this.atHand();
    return method.save(fitted, this.network!);
  }

  async restore(id: string, saved: SavedMethod, dataset: Dataset): Promise<void> {
    const { network } = this;
    if (!network) throw new Error('No network is loaded; load the one that it was fitted to.');
    this.running?.abort(superseded('A saved method was loaded.'));
    const { signal } = (this.running = new AbortController());
    const method = await loadMethod(this.methods, id);
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

  async ownLabels(dataset: Dataset, input: NetworkCard['input']): Promise<Uint16Array | null> {
    await this.loaded;
    const { network, pool } = this;
    if (!network) throw new Error('No network is loaded; load one first.');
    const files = this.filesFor(dataset);
    const k = dataset.classes.length;
    if (files.card.classes.length !== k) return null;
    const fed = { ...files, card: { ...files.card, input } };
    const plain = pool.runner(network, files, dataset.shape);
    const runner = input === files.card.input ? plain : await plain.withNetwork(fed);
    return labelsOf(runner, dataset.test, k);
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

  private learn(id: string, method: AnyMethod, dataset: Dataset, fitted: unknown): void {
    const explainer = method.explainer(fitted);
    const judging = method.judge?.(fitted) ?? null;
    this.learnt = { id, method, dataset, fitted, explainer, judging };
  }

  /** Ends the run in progress and gives the next one what it computes with. */
  private async begin(
    id: string,
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

function filesOf(
  source: NetworkSource,
  signal: AbortSignal,
  onArriving: WeightsArriving | undefined,
): Promise<NetworkFiles> {
  if ('built' in source) return Promise.resolve(source.built);
  return 'url' in source
    ? fetchNetwork(source.url, signal, onArriving)
    : networkFromFiles(source.files);
}

/** A person's network is checked where golden outputs came with it, the page's own (whose files have digests) where a GPU computes. */
async function goldenOf(source: NetworkSource, isGpu: boolean): Promise<Uint8Array | undefined> {
  if ('built' in source) return source.golden;
  if ('url' in source) return isGpu ? fetchGolden(source.url) : undefined;
  return [...source.files].find(([name]) => isGolden(name))?.[1];
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
