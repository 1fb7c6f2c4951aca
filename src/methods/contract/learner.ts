/**
 * A method that trains something has learners besides kernels. Those of classifiers on a frozen network keep features in
 * a worker and walk through them in plain arrays, so that they give the same result on every backend; one that trains the
 * network itself keeps images and computes with tensors.
 */
import type { NetworkFiles } from '../../network/files.ts';
import type { Arrays } from './arrays.ts';
import type { types } from './kernel.ts';

/** What goes to a learner and comes from it. */
export interface LearnerTypes {
  /** Numbers by name. */
  readonly settings: object;
  /** Initial weights, and what else it begins with. */
  readonly parameters: Arrays;
  /** Features, or pixels, of some images. */
  readonly feed: Arrays;
  /** What it has learnt. */
  readonly state: Arrays;
  /** What it can be asked between two steps, where it can be. */
  readonly question?: Arrays;
  readonly answer?: Arrays;
}

type QuestionTo<Of extends LearnerTypes> = NonNullable<Of['question']>;
type AnswerOf<Of extends LearnerTypes> = NonNullable<Of['answer']>;

/** What to train in a worker: a learner, its numbers and its initial weights. */
export interface Lesson<Of extends LearnerTypes = LearnerTypes> {
  readonly learner: LearnerRef<Of>;
  readonly settings: NoInfer<Of>['settings'];
  readonly parameters: NoInfer<Of>['parameters'];
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
export interface Learner<Of extends LearnerTypes = LearnerTypes> {
  /** Keeps features, or pixels, of some images. */
  feed(arrays: Of['feed']): void;
  /** Goes on for at most `steps` steps, never past the end of an epoch. */
  train(steps: number): Trained | Promise<Trained>;
  /** The weights as they are now, in the middle of an epoch too. */
  state(): Of['state'] | Promise<Of['state']>;
  /** Answers a question about what it has learnt so far, between two steps; for a learner that can be looked at. */
  look?(question: QuestionTo<Of>): AnswerOf<Of> | Promise<AnswerOf<Of>>;
  /** Frees tensors; for a learner that has any. */
  dispose?(): void;
}

/** A learner of a worker's half. Written as a method, so that learners of any types fit into one record. */
export interface Teachable<Of extends LearnerTypes = LearnerTypes> {
  /** @throws Error with a sentence when the features would not fit. */
  open(
    settings: Of['settings'],
    parameters: Of['parameters'],
    network?: NetworkFiles,
  ): Learner<Of> | Promise<Learner<Of>>;
  readonly [types]?: Of;
}

/** An entry of `learners` in a method's `worker.ts`; its types are those of whoever asks for it, too. */
export const defineLearner = <Of extends LearnerTypes>(
  open: (
    settings: Of['settings'],
    parameters: Of['parameters'],
    network?: NetworkFiles,
  ) => Learner<Of> | Promise<Learner<Of>>,
): Teachable<Of> => ({ open });

/** A learner by name, as a lesson asks for it: `own.learner('linear')`. */
export interface LearnerRef<Of extends LearnerTypes = LearnerTypes> {
  /** The method in whose folder it is; null for one of the engine's own. */
  readonly method: string | null;
  readonly name: string;
  readonly [types]?: Of;
}

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
export interface RemoteLearner<Of extends LearnerTypes = LearnerTypes> {
  readonly isLost: boolean;
  /** The arrays are handed over. */
  feed(arrays: Of['feed']): Promise<void>;
  train(steps: number): Promise<Trained>;
  state(): Promise<Of['state']>;
  /** @throws Error with a sentence when this learner answers no questions. */
  look(question: QuestionTo<Of>): Promise<AnswerOf<Of>>;
  close(): void;
}
