/**
 * What a method is. A method has two halves:
 *
 * - kernels run in a compute worker, where the tensors are: they see one batch of exit outputs at a time;
 * - `run` runs where the images are: it asks a `Runner` to send a split through a kernel and merges what comes
 *   back, in plain typed arrays.
 *
 * Batches are independent and merging is addition or placing, so one worker or eight give the same result,
 * and a batch that is lost with its device can be sent again.
 *
 * A method that trains something has learners besides. Those of classifiers on a frozen network keep features in a
 * worker and walk through them in plain arrays, so that they give the same result on every backend; one that trains
 * the network itself keeps images and computes with tensors.
 */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Dataset, Split } from '../core/dataset.ts';
import type { Rule } from '../core/policy.ts';
import type { Exit, Trace, TraceSplit } from '../core/trace.ts';
import type { NetworkFiles } from '../network/files.ts';
import type { NetworkSummary } from '../network/network.ts';

export type { NetworkSummary } from '../network/network.ts';

/** Named arrays that cross the wire; their buffers are transferred. */
export type Arrays = Record<
  string,
  Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array
>;

/**
 * The worker's half: computes on the outputs of every exit for one batch. Lives as long as one pass.
 * A kernel either returns arrays for every batch or accumulates and returns null; never both, so that a lost
 * batch can be sent again.
 */
export interface BatchKernel {
  /**
   * Accumulates before its first `await`, so that a flush that is asked for later includes this batch; resolves
   * when the device has done the batch.
   * @param outputs outputs[j] has shape [B, D_j]: the flattened output at exit j. The caller disposes of them
   * once the promise settles.
   * @param labels class of each of the B images.
   */
  batch(outputs: readonly Tensor2D[], labels: Uint8Array): Promise<Arrays | null>;
  /** What has been accumulated since the last flush; resets it. Null when nothing accumulates. */
  flush(): Promise<Arrays | null>;
  dispose(): void;
}

/** Makes a kernel for a pass. `parameters` are what the pass needs: class means, thresholds, weights. */
export type KernelFactory = (context: KernelContext, parameters: Arrays) => BatchKernel;

export interface KernelContext {
  /** Number of classes of the dataset. */
  readonly classes: number;
  /** D_j: numbers in the flattened output at exit j. */
  readonly dimensions: readonly number[];
  /** Logits of the network's branches, each [B, K], from the outputs that `batch` was given; the caller disposes. */
  readonly branches: (outputs: readonly Tensor2D[]) => Tensor2D[];
}

/** What to train in a worker: a learner of the registry, its numbers and its initial weights. */
export interface Lesson {
  readonly learner: string;
  readonly settings: Readonly<Record<string, number>>;
  readonly parameters: Arrays;
  /**
   * The network to train, for a learner that computes with tensors: it lives in the worker that computes, whatever its
   * place, because only there is the device.
   */
  readonly network?: NetworkFiles;
  /** Whether the learner computes with tensors though it trains no network of files: it then lives with the device too. */
  readonly onDevice?: boolean;
}

/**
 * Training in a worker. Lives until it is closed; answers the same whatever the order in which it was fed. Calls come
 * one after the other: the next when the one before has settled.
 */
export interface Learner {
  /** Keeps features, or pixels, of some images. */
  feed(arrays: Arrays): void;
  /** Goes on for at most `steps` steps, never past the end of an epoch. */
  train(steps: number): Trained | Promise<Trained>;
  /** The weights as they are now, in the middle of an epoch too. */
  state(): Arrays | Promise<Arrays>;
  /** Answers a question about what it has learnt so far, between two steps; for a learner that can be looked at. */
  look?(question: Arrays): Arrays | Promise<Arrays>;
  /** Frees tensors; for a learner that has any. */
  dispose?(): void;
}

/** @throws Error with a sentence when the features would not fit. */
export type LearnerFactory = (
  settings: Lesson['settings'],
  parameters: Arrays,
  network?: NetworkFiles,
) => Learner | Promise<Learner>;

/** What the steps of one call did; loss and labels are those before each step. */
export interface Trained {
  /** Sum of the images' losses. */
  readonly loss: number;
  /** Images labelled right. */
  readonly right: number;
  readonly images: number;
  /** Steps since the beginning. */
  readonly steps: number;
  /** The epoch that they belong to, from 1. */
  readonly epoch: number;
  readonly isDone: boolean;
  /** Of each exit, from a learner that trains several jointly; `loss` is then that which it descends. */
  readonly exits?: readonly { readonly loss: number; readonly right: number }[];
}

/** A learner in a worker. Every call rejects once the worker is lost. */
export interface RemoteLearner {
  readonly isLost: boolean;
  /** The arrays are handed over. */
  feed(arrays: Arrays): Promise<void>;
  train(steps: number): Promise<Trained>;
  state(): Promise<Arrays>;
  /** @throws Error with a sentence when this learner answers no questions. */
  look(question: Arrays): Promise<Arrays>;
  close(): void;
}

/** How far the training of one exit's classifier is: called when an epoch ends, and a few times a second. */
export interface Training {
  /** Name of the exit. */
  readonly exit: string;
  /** The epoch that is going on or has just ended, from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Images of this epoch that were seen; all of them when it has ended. */
  readonly done: number;
  readonly total: number;
  /** Mean cross-entropy of those images in nats, each before the step that it was part of. */
  readonly loss: number;
  /** Share of them that was labelled right. */
  readonly accuracy: number;
}

/** What a clustering in training looks like: called a few times a minute and when a stage ends. */
export interface ClusteringView {
  /** Name of the exit whose encoder is trained: "DEC-large". */
  readonly exit: string;
  readonly stage: 'pretraining' | 'centres' | 'refinement';
  /** Steps of the stage that are done, and most that it takes: a refinement ends sooner where the labels have settled. */
  readonly step: number;
  readonly steps: number;
  /**
   * Mean since the view before: squared error an image and pixel (of inputs as the encoder sees them), squared distance
   * to the nearest centre, or KL divergence an image in nats.
   */
  readonly loss: number;
  /** Share of the images that went to another cluster at the last target; null before the second one. */
  readonly changed: number | null;
  /** How well the clusters are the true classes, over all images; null where either is not known. */
  readonly scores: ClusteringScores | null;
  /** Some images (of the training split, then of the test split) in the embedding [n, D]; with their clusters, once there are any. */
  readonly sample: {
    readonly images: Uint32Array;
    readonly embedding: Float32Array;
    readonly dimensions: number;
    readonly clusters: Uint8Array | null;
  } | null;
  /** Reconstructions of some images [n, inputs], on the scale of the encoder's input; null where none are made. */
  readonly strip: { readonly images: Uint32Array; readonly reconstruction: Float32Array } | null;
}

/** A clustering against true classes. */
export interface ClusteringScores {
  /** Under the best one-to-one map of clusters to classes (Xie et al. 2016). */
  readonly accuracy: number;
  /** Normalised mutual information, by the arithmetic mean of the entropies. */
  readonly nmi: number;
  /** Adjusted Rand index. */
  readonly ari: number;
}

export interface Progress {
  /** What is being done, in words: "class means", "distances", "test images". */
  readonly phase: string;
  /** Position of the phase: 1 of 3. */
  readonly step: number;
  readonly steps: number;
  readonly done: number;
  readonly total: number;
  /** 0 until there is a rate. */
  readonly imagesPerSecond: number;
  /** Over all phases; null until there is a rate. */
  readonly secondsLeft: number | null;
}

/** One pass of a split through a kernel. */
export interface Pass {
  readonly kernel: string;
  readonly classes: number;
  /** Sent to each worker once. */
  readonly parameters: Arrays;
  readonly split: Split;
  /** Arrays of the images [from, from + count), in any order of `from`; each image comes exactly once. */
  readonly onBatch?: (from: number, count: number, arrays: Arrays) => void;
  /**
   * Accumulated arrays of some workers over some batches; each image is in exactly one of them. The pass ends
   * when all promises returned here are settled.
   */
  readonly onFlush?: (arrays: Arrays) => Promise<void> | void;
  /** Images done so far; may step back when a worker is lost with what it had accumulated. */
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal;
}

/** Sends splits through kernels on whatever computes. */
export interface Runner {
  readonly network: NetworkSummary;
  /** The files of that network. */
  readonly files: NetworkFiles;
  /** In plain words, for provenance: "CPU · wasm ×2". */
  readonly backend: string;
  /** Whether what computes has the gradients of convolutions (tfjs's wasm has not): joint training needs them. */
  readonly trainsConvolutions: boolean;
  run(pass: Pass): Promise<void>;
  /** How many learners can train side by side, 1 or more. */
  places(): number;
  /** Opens a learner at a place, 0…places − 1. Learners at one place share a worker. */
  teach(place: number, lesson: Lesson): Promise<RemoteLearner>;
  /**
   * The same workers on another network: passes of the runner that is returned go through that one. Passes of both may
   * be asked for; the workers change networks between them.
   */
  withNetwork(files: NetworkFiles): Promise<Runner>;
}

export interface RunContext<Fitted> {
  readonly runner: Runner;
  /** Commit of the code for provenance, or "live". */
  readonly commit: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Called a few times a second with the trace so far (its first `count` images), and once when complete. */
  readonly onTrace?: (trace: Trace) => void;
  readonly onTraining?: (training: Training) => void;
  readonly onClustering?: (view: ClusteringView) => void;
  /** What an earlier run of the same settings, that was stopped, left to go on from; for a method that can. */
  readonly checkpoint?: unknown;
  /** Called with that when a run is stopped or fails, before it rejects. */
  readonly onCheckpoint?: (checkpoint: unknown) => void;
  /**
   * Called as soon as single images can be explained, and again when what was learnt has changed; also with what is
   * fitted so far before a cancelled run rejects.
   */
  readonly onFitted?: (fitted: Fitted) => void;
}

/** What a run gives: what was learnt, the traces of both splits, and what else is worth telling. */
export interface MethodRun<Fitted, Report> {
  readonly fitted: Fitted;
  readonly train: Trace;
  readonly test: Trace;
  /** Training images that the method did not learn from; null when none were kept back. */
  readonly holdout: Trace | null;
  readonly report: Report;
}

/** What every method reports beside its traces. */
export interface MethodReport {
  /** Seconds of each phase and the rate at which it went through images. */
  readonly phases: readonly {
    readonly phase: string;
    readonly images: number;
    readonly seconds: number;
    readonly imagesPerSecond: number;
  }[];
  readonly seconds: number;
  /** What a reader of the numbers must know, as sentences: "No training image of class 7 …". */
  readonly warnings: readonly string[];
}

/** One image at every exit. Matrices are exit-major: entry j·K + k. */
export interface Explanation {
  readonly exits: readonly Exit[];
  readonly classes: readonly string[];
  /** Raw Euclidean distances to the class means [M, K], Infinity for a class without a mean; null without means. */
  readonly distance: Float32Array | null;
  /** Distances over their training mean, d / m [M, K] (E2CM, eq. 4); null without means. */
  readonly normalised: Float32Array | null;
  /** Probability of each class at each exit [M, K], as the method has it. */
  readonly probability: Float32Array;
  /** The method's label and confidence at each exit [M], by the options of the run. */
  readonly prediction: Uint8Array;
  readonly confidence: Float32Array;
  /** The network's own output and its softmax [K of the network]. */
  readonly logits: Float32Array;
  readonly softmax: Float32Array;
}

/** How a method's confidences are held against thresholds, and what they are. */
export interface Confidence {
  readonly rule: Rule;
  /** In words, as a slider says it: "max softmax of the internal classifier". */
  readonly unit: string;
  /** Smallest and largest that can occur, of K classes. */
  readonly range: (classes: number) => readonly [number, number];
  /**
   * Least and greatest threshold that the paper's search draws, evenly in their logarithm; missing where it draws them
   * evenly in [0, 1], of an entropy in [0, ln K].
   */
  readonly logarithmic?: readonly [number, number];
}

/** One of the thresholds that a threshold of a method with two judges stands for. */
export interface ThresholdPart {
  /** In a word or two: "classifier". */
  readonly judge: string;
  /** What is held against it, in words: "max softmax of the internal classifier". */
  readonly unit: string;
  readonly rule: Rule;
  readonly threshold: number;
}

/** What a method learnt, as a file: `header` is JSON, its arrays lie in `bytes`. */
export interface SavedMethod {
  readonly header: unknown;
  readonly bytes: Uint8Array;
}

/** What stands on the network at an exit: distances to class means, a classifier or a branch. */
export type ExitWork = 'distances' | 'classifiers';

/**
 * @template Options plain data, by name.
 * @template Fitted what the training images gave: all that a trace needs besides the network.
 */
export interface Method<Options, Fitted, Report extends MethodReport> {
  readonly id: string;
  readonly name: string;
  readonly defaults: Options;
  readonly confidence: Confidence;
  /** Epochs of training by default; null for a method that trains nothing. Others have an option `epochs`. */
  readonly trainsFor: number | null;
  /**
   * Forward passes over the training images that fitting takes on a network whose weights stay as they are, each with
   * what it computes at the exits: beside the epochs of a training, and without the pass that only traces the images.
   */
  readonly passes: readonly (readonly ExitWork[])[];
  /** Whether the network itself is trained, jointly with the exits; otherwise it stays as it is. */
  readonly trainsNetwork?: boolean;
  /** Learns from the training split and traces both splits. */
  run(
    dataset: Dataset,
    options: Options,
    context: RunContext<Fitted>,
  ): Promise<MethodRun<Fitted, Report>>;
  /** Traces one split with what was learnt before, here or elsewhere; held-out images are those of that run. */
  trace(
    fitted: Fitted,
    dataset: Dataset,
    split: TraceSplit,
    context: RunContext<Fitted>,
  ): Promise<Trace>;
  /**
   * What one threshold at an exit stands for, where a method's confidence combines several: each part's own threshold
   * in its own unit. Missing where the threshold is all there is.
   */
  parts?(fitted: Fitted, exit: number, threshold: number): readonly ThresholdPart[];
  /** The network that the explainer's kernel sees; null, as for most methods, where it is the visitor's own. */
  network?(fitted: Fitted): NetworkFiles | null;
  save(fitted: Fitted, network: NetworkSummary): SavedMethod;
  /** @throws Error with a sentence when it was saved for another network or other classes, or is damaged. */
  load(saved: SavedMethod, network: NetworkSummary, classes: readonly string[]): Fitted;
  /** The kernel through which one image is sent to be explained. The same arrays are sent once. */
  explainer(fitted: Fitted): { readonly kernel: string; readonly parameters: Arrays };
  /** Makes sense of what that kernel returned for one image. */
  explain(fitted: Fitted, arrays: Arrays): Explanation;
}
