/** What the engine offers to a page or a command: types only. */
import type { Dataset, Split } from '../../core/dataset.ts';
import type { OptionValues } from '../../core/options/option.ts';
import type { Schema } from '../../core/options/schema.ts';
import type { Policy } from '../../core/policy.ts';
import type { WrittenExit } from '../../methods/contract/written.ts';
import type { Trace, TraceSplit } from '../../core/trace.ts';
import type { Runner } from '../../methods/contract/runner.ts';
import type { Progress } from '../../methods/contract/run.ts';
import type { SavedMethod } from '../../methods/contract/saved.ts';
import type { Explanation } from '../../methods/contract/story.ts';
import type { Training } from '../../methods/contract/training.ts';
import type { ClusteringView } from '../../methods/contract/clustering.ts';
import type { NetworkSummary } from '../../network/network.ts';
import type { METHODS, MethodId } from '../../methods/registry.ts';
import type { Method } from '../../methods/contract/method.ts';
import type { MethodReport } from '../../methods/contract/run.ts';
import type { NetworkCard } from '../../network/card.ts';
import type { NetworkFiles, WeightsArriving } from '../../network/files.ts';
import type { Driven } from '../driven.ts';
import type { BackendChoice, ComputePort } from '../protocol.ts';

export type { Progress } from '../../methods/contract/run.ts';
export type { SavedMethod } from '../../methods/contract/saved.ts';
export type { Explanation, Formula } from '../../methods/contract/story.ts';
export type { Training } from '../../methods/contract/training.ts';
export type { ClusteringView } from '../../methods/contract/clustering.ts';
export type { Driven } from '../driven.ts';
export type { BackendChoice } from '../protocol.ts';

/** What computes. */
export interface BackendInfo {
  readonly name: 'webgpu' | 'wasm' | 'cpu';
  /** In plain words: "WebGPU · NVIDIA …", "WebGPU · SwiftShader (software, slow)", "CPU · wasm ×2", "CPU · JavaScript ×2". */
  readonly description: string;
  readonly workers: number;
  /** True when it is slower than it might be: WebGPU on the CPU, or plain JavaScript. */
  readonly software: boolean;
  /** Why WebGPU is not used, as a sentence; null when it is, or when wasm was asked for. */
  readonly fallback: string | null;
  /** Whether it can train a network from its images: tfjs's wasm lacks the gradients of convolutions. */
  readonly trainsConvolutions: boolean;
}

/** Where a network comes from: a folder with model.json, weights and card.json, or those files in memory. */
export type NetworkSource =
  | { readonly url: string }
  | { readonly files: ReadonlyMap<string, Uint8Array> }
  /**
   * Made by this program, as a network that is to be trained, or read before.
   * @property golden bytes of the golden.json that came with it.
   */
  | { readonly built: NetworkFiles; readonly golden?: Uint8Array | undefined };

/** Bytes of a golden.json, or to be compared with what wasm gives. */
export type ExpectedOutputs = Uint8Array | 'as wasm';

export type LoadedNetwork = NetworkSummary & { readonly card: NetworkCard };

/** What the engine has to say outside of a run: shown in the bar, never needed for control flow. */
export interface EngineStatus {
  readonly kind: 'starting' | 'ready' | 'lost' | 'moved';
  /** One sentence, or two. */
  readonly message: string;
}

export interface EngineOptions {
  /** `auto` takes WebGPU when there is a hardware adapter, else wasm. */
  readonly backend?: BackendChoice;
  /** Number of wasm workers; default one a core, at most 8. WebGPU always has one. */
  readonly workers?: number;
  /** Makes a compute worker; default: the module worker beside the page. */
  readonly spawn?: () => ComputePort;
  readonly onStatus?: (status: EngineStatus) => void;
  /** What methods run on, made of what the workers are: `keepOutputs`, for one. Default: the workers themselves. */
  readonly around?: (workers: Runner) => Runner;
  /** Commit of the code for provenance; default "live". */
  readonly commit?: string;
}

export interface RunCallbacks {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Called when an epoch of an exit's classifier ends, and a few times a second. */
  readonly onTraining?: (training: Training) => void;
  /** Called every second or so while a clustering is trained, and when a stage of it ends. */
  readonly onClustering?: (view: ClusteringView) => void;
  /** What `onCheckpoint` gave of an earlier run, to go on from; of other settings it is of no use and is left. */
  readonly checkpoint?: unknown;
  /** Called when a stage of a long training is done, and before a run that was stopped or failed rejects: it can go on from that. */
  readonly onCheckpoint?: (checkpoint: unknown) => void;
  /**
   * Called a few times a second with the trace so far (its first `count` images; `trace.split` says of which
   * split), once when a split is complete, and once more with what is finished before a cancelled run rejects.
   */
  readonly onTrace?: (trace: Trace) => void;
}

/** All that is needed to decide elsewhere as the learning at hand does, with what some images are checked by. */
export interface Portable {
  readonly method: string;
  /** The network that it decides on. */
  readonly files: NetworkFiles;
  readonly exits: readonly WrittenExit[];
  /** Outputs of the network for the images: of every stage [count, D], the last in the order of the classes. */
  readonly outputs: readonly Float32Array[];
  /** Logits of the branches and the network [count, branches + 1, K]; null for a network without branches. */
  readonly branches: Float32Array | null;
}

/** A method whose own types do not matter: it gets back only what it gave. */
export type AnyMethod = Method<object, unknown, MethodReport>;

/** Methods by their ids, as far as an engine needs them. */
export type Methods = Readonly<
  Record<
    string,
    {
      readonly name: string;
      readonly options: Schema;
      readonly defaults: object;
      readonly load: () => Promise<AnyMethod>;
    }
  >
>;

/** What a run of a method gives. */
export type RunResult<
  Id extends keyof Of & string = MethodId,
  Of extends Methods = typeof METHODS,
> = Awaited<ReturnType<Awaited<ReturnType<Of[Id]['load']>>['run']>>;

/** @template Of the methods that it runs. */
export interface Engine<Of extends Methods = typeof METHODS> {
  /** Another one after `moved`: wasm took over from a GPU. */
  readonly backend: BackendInfo;
  /** The network that is loaded, if any. */
  readonly network: LoadedNetwork | null;
  /** Whether another one was asked for and is not there yet. */
  readonly isLoading: boolean;
  /**
   * Loads a network into every worker; a later call wins over this one and over a run in progress. On WebGPU, and wherever a
   * golden.json is given with the files, its outputs must be those stated there; a GPU on which they are not is left for wasm.
   * @param onArriving told while the weights of a folder come.
   */
  loadNetwork(
    source: NetworkSource,
    signal?: AbortSignal,
    onArriving?: WeightsArriving,
  ): Promise<LoadedNetwork>;
  /** Fetches what methods compute, so that their runs need no connection; what does not come is asked for again by a run. */
  prepare(methods: readonly (keyof Of & string)[]): Promise<void>;
  /**
   * Fits a method on the training split and traces both splits. A later call wins: this one then rejects with
   * an AbortError, as it does when its signal is aborted.
   * @throws Error with a sentence when network and dataset do not go together.
   */
  run<Id extends keyof Of & string>(
    method: Id,
    dataset: Dataset,
    options?: Partial<Of[Id]['defaults']>,
    callbacks?: RunCallbacks,
  ): Promise<RunResult<Id, Of>>;
  /**
   * Learns what `run` would have learnt and traces nothing: for images that come one by one. A later call wins, as there.
   * @throws Error with a sentence when the method cannot, or network and dataset do not go together.
   */
  fit(
    method: keyof Of & string,
    dataset: Dataset,
    options?: object,
    callbacks?: RunCallbacks,
  ): Promise<void>;
  /**
   * Inference that stops, with the learning at hand: images go through the network stage by stage, on one worker, and
   * each goes no further than the exit that lets it go. Works while a run is going on.
   * @param images uint8 NHWC, of the shape of the dataset that was run.
   * @param policy who leaves where; null for the plain network, which asks no exit.
   * @param repeats how often they are sent, for the times; 1 by default.
   * @throws Error with a sentence when nothing has been learnt yet, or the method cannot decide exit by exit.
   */
  drive(images: Uint8Array, policy: Policy | null, repeats?: number): Promise<Driven>;
  /** Which method's learning is at hand: of the current run as soon as it has any, of the last one, or loaded. */
  readonly fitted: (keyof Of & string) | null;
  /**
   * Traces a split with the learning at hand: that of a run that was cancelled in its training, or a loaded one.
   * @throws Error with a sentence when there is none, or when network and dataset do not go with it.
   */
  trace(dataset: Dataset, split: TraceSplit, callbacks?: RunCallbacks): Promise<Trace>;
  /**
   * The learning at hand decides under other options from now on, which `trace` then shows: one fit, several traces.
   * @param options of scope `variant`, of which fitting knows nothing; those that are not given stay.
   * @throws Error with a sentence when there is no learning, or when an option is none that it can decide under.
   */
  vary(options: OptionValues): void;
  /**
   * What the learning at hand needs to decide elsewhere.
   * @param images of the dataset that was run, whose outputs come along.
   * @throws Error with a sentence when there is no learning, or when it cannot be taken away.
   */
  portable(images: Split): Promise<Portable>;
  /** @throws Error with a sentence when nothing has been learnt yet. */
  save(): SavedMethod;
  /**
   * Takes what was saved as the learning at hand.
   * @throws Error with a sentence when it belongs to another network or other classes, or is damaged.
   */
  restore(method: keyof Of & string, saved: SavedMethod, dataset: Dataset): Promise<void>;
  /**
   * One image through the network and past what the current run has learnt (as soon as it has) or the last one.
   * Works while a run is going on.
   * @param pixels uint8 NHWC of one image of the dataset that was run.
   */
  explain(pixels: Uint8Array): Promise<Explanation>;
  /**
   * Labels that the network's own output gives the test images when it is fed in some way, in the classes of the dataset.
   * @returns one a test image; null where the network's classes are not those of the images.
   */
  ownLabels(dataset: Dataset, input: NetworkCard['input']): Promise<Uint16Array | null>;
  /** Tensors that live in each worker: flat over a run, or something leaks. */
  tensorCounts(): Promise<number[]>;
  dispose(): void;
}
