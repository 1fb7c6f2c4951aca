/** What a method runs on: something that sends splits through kernels, and opens learners. */
import type { Split } from '../../core/dataset.ts';
import type { NetworkFiles } from '../../network/files.ts';
import type { NetworkSummary } from '../../network/network.ts';
import type { Arrays } from './arrays.ts';
import type { Through } from './kernel.ts';
import type { LearnerTypes, Lesson, RemoteLearner } from './learner.ts';

/** One pass of a split through a kernel. */
export interface Pass<
  Parameters extends Arrays = Arrays,
  Result extends Arrays = Arrays,
> extends Through<Parameters, Result> {
  readonly classes: number;
  readonly split: Split;
  /**
   * The network's outputs for all images of the split, known beforehand: float32 [count, D_j] by exit j. The kernel sees
   * them and no image goes through the network; exits that are missing have no columns for it.
   */
  readonly outputs?: ReadonlyMap<number, Float32Array>;
  /** Arrays of the images [from, from + count), in any order of `from`; each image comes exactly once. */
  onBatch?(from: number, count: number, arrays: Result): void;
  /**
   * Accumulated arrays of some workers over some batches; each image is in exactly one of them. The pass ends
   * when all promises returned here are settled.
   */
  onFlush?(arrays: Result): Promise<void> | void;
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
  run<Parameters extends Arrays, Result extends Arrays>(
    pass: Pass<Parameters, Result>,
  ): Promise<void>;
  /** How many learners can train side by side, 1 or more. */
  places(): number;
  /** Opens a learner at a place, 0…places − 1. Learners at one place share a worker. */
  teach<Of extends LearnerTypes>(place: number, lesson: Lesson<Of>): Promise<RemoteLearner<Of>>;
  /**
   * The same workers on another network: passes of the runner that is returned go through that one. Passes of both may
   * be asked for; the workers change networks between them.
   */
  withNetwork(files: NetworkFiles): Promise<Runner>;
}
