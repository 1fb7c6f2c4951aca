/** The engine: networks, runs and single images on a pool of compute workers. */
import { imageBytes, type Dataset } from '../../core/dataset.ts';
import type { Arrays, Explanation } from '../../methods/contract.ts';
import { METHODS, type MethodId, type MethodOptions } from '../../methods/registry.ts';
import { fetchNetwork, networkFromFiles } from '../../network/files.ts';
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
  return new PooledEngine(pool, options.commit ?? 'live');
}

/** How to explain one image with what the current run has learnt. */
interface Explainer {
  readonly dataset: Dataset;
  readonly kernel: string;
  readonly parameters: Arrays;
  readonly explain: (arrays: Arrays) => Explanation;
}

class PooledEngine implements Engine {
  network: LoadedNetwork | null = null;
  private explainer: Explainer | null = null;
  private loading: AbortController | null = null;
  private running: AbortController | null = null;
  /** Settles when the workers have the network that was asked for last. */
  private loaded: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly pool: Pool,
    private readonly commit: string,
  ) {}

  get backend(): BackendInfo {
    return this.pool.backend;
  }

  async loadNetwork(source: NetworkSource, signal?: AbortSignal): Promise<LoadedNetwork> {
    this.loading?.abort(superseded('Another network was chosen.'));
    const { signal: current } = (this.loading = follow(signal));
    const files = await ('url' in source
      ? fetchNetwork(source.url, current)
      : networkFromFiles(source.files));
    current.throwIfAborted();
    this.running?.abort(superseded('Another network was chosen.'));
    const load = this.pool.load(files).then((summary) => {
      this.explainer = null;
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
    this.running?.abort(superseded('Another run was started.'));
    const { signal } = (this.running = follow(callbacks.signal));
    await this.loaded;
    signal.throwIfAborted();
    const { network, pool } = this;
    if (!network) throw new Error('No network is loaded; load one before a run.');
    const problem = shapeProblem(dataset.shape, network.card.input);
    if (problem) throw new Error(`${dataset.title} does not fit ${network.card.title}: ${problem}`);
    this.explainer = null;
    const method = METHODS[id];
    const run = method.run(
      dataset,
      { ...method.defaults, ...options },
      {
        runner: {
          network,
          backend: pool.backend.description,
          run: (pass) => pool.run(pass, dataset.shape),
        },
        commit: this.commit,
        signal,
        ...(callbacks.onProgress && { onProgress: callbacks.onProgress }),
        ...(callbacks.onTrace && { onTrace: callbacks.onTrace }),
        onFitted: (fitted) => {
          if (signal.aborted) return;
          const { kernel, parameters } = method.explainer(fitted);
          this.explainer = {
            dataset,
            kernel,
            parameters,
            explain: (arrays) => method.explain(fitted, arrays),
          };
        },
      },
    );
    // A map's entry by a type parameter: TypeScript knows only the union of all methods' results.
    return run as Promise<RunResult<Id>>;
  }

  async explain(pixels: Uint8Array): Promise<Explanation> {
    const { explainer, pool } = this;
    if (!explainer)
      throw new Error('There are no class means to explain an image with yet; run a method first.');
    const { shape, classes } = explainer.dataset;
    if (pixels.length !== imageBytes(shape))
      throw new Error(
        `The image has ${pixels.length} bytes; expected ${imageBytes(shape)} (${shape.join('×')}).`,
      );
    const batch = { images: pixels.slice(), labels: new Uint8Array(1), shape };
    const { kernel, parameters } = explainer;
    const arrays = await pool.single(kernel, classes.length, parameters, batch);
    return explainer.explain(arrays!);
  }

  /** Tensors that live in each worker: flat over a run, or something leaks. */
  tensorCounts(): Promise<number[]> {
    return this.pool.tensorCounts();
  }

  dispose(): void {
    this.loading?.abort(superseded('The engine was closed.'));
    this.running?.abort(superseded('The engine was closed.'));
    this.pool.dispose();
  }
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
