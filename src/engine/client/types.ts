/** What the engine offers to a page or a command: types only. */
import type { Dataset } from '../../core/dataset.ts';
import type { Trace } from '../../core/trace.ts';
import type { Explanation, NetworkSummary, Progress } from '../../methods/contract.ts';
import type { METHODS, MethodId, MethodOptions } from '../../methods/registry.ts';
import type { NetworkCard } from '../../network/card.ts';
import type { BackendChoice, WorkerPort } from '../protocol.ts';

export type { Explanation, Progress } from '../../methods/contract.ts';
export type { BackendChoice, WorkerPort } from '../protocol.ts';

/** What computes. */
export interface BackendInfo {
  readonly name: 'webgpu' | 'wasm';
  /** In plain words: "WebGPU · NVIDIA …", "WebGPU · SwiftShader (software, slow)", "CPU · wasm ×2". */
  readonly description: string;
  readonly workers: number;
  /** True when WebGPU runs on the CPU. */
  readonly software: boolean;
  /** Why WebGPU is not used, as a sentence; null when it is, or when wasm was asked for. */
  readonly fallback: string | null;
}

/** Where a network comes from: a folder with model.json, weights and card.json, or those files in memory. */
export type NetworkSource =
  { readonly url: string } | { readonly files: ReadonlyMap<string, Uint8Array> };

export type LoadedNetwork = NetworkSummary & { readonly card: NetworkCard };

/** What the engine has to say outside of a run: shown in the bar, never needed for control flow. */
export interface EngineStatus {
  readonly kind: 'starting' | 'ready' | 'lost' | 'recovered' | 'failed';
  /** One sentence. */
  readonly message: string;
}

export interface EngineOptions {
  /** `auto` takes WebGPU when there is a hardware adapter, else wasm. */
  readonly backend?: BackendChoice;
  /** Number of wasm workers; default one a core, at most 8. WebGPU always has one. */
  readonly workers?: number;
  /** Makes a compute worker; default: the module worker beside the page. */
  readonly spawn?: () => WorkerPort;
  readonly onStatus?: (status: EngineStatus) => void;
  /** Commit of the code for provenance; default "live". */
  readonly commit?: string;
}

export interface RunCallbacks {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /**
   * Called a few times a second with the trace so far (its first `count` images; `trace.split` says of which
   * split), once when a split is complete, and once more with what is finished before a cancelled run rejects.
   */
  readonly onTrace?: (trace: Trace) => void;
}

/** What a run of a method gives. */
export type RunResult<Id extends MethodId = MethodId> = Awaited<
  ReturnType<(typeof METHODS)[Id]['run']>
>;

export interface Engine {
  readonly backend: BackendInfo;
  /** The network that is loaded, if any. */
  readonly network: LoadedNetwork | null;
  /** Loads a network into every worker; a later call wins over this one and over a run in progress. */
  loadNetwork(source: NetworkSource, signal?: AbortSignal): Promise<LoadedNetwork>;
  /**
   * Fits a method on the training split and traces both splits. A later call wins: this one then rejects with
   * an AbortError, as it does when its signal is aborted.
   * @throws Error with a sentence when network and dataset do not go together.
   */
  run<Id extends MethodId>(
    method: Id,
    dataset: Dataset,
    options?: Partial<MethodOptions<Id>>,
    callbacks?: RunCallbacks,
  ): Promise<RunResult<Id>>;
  /**
   * One image through the network and past the class means of the current run (as soon as it has them) or of
   * the last one. Works while a run is going on.
   * @param pixels uint8 NHWC of one image of the dataset that was run.
   */
  explain(pixels: Uint8Array): Promise<Explanation>;
  /** Tensors that live in each worker: flat over a run, or something leaks. */
  tensorCounts(): Promise<number[]>;
  dispose(): void;
}
