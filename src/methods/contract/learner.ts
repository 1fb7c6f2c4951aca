/**
 * A method that trains something has learners besides kernels. Those of classifiers on a frozen network keep features in
 * a worker and walk through them in plain arrays, so that they give the same result on every backend; one that trains the
 * network itself keeps images and computes with tensors.
 */
import type { NetworkFiles } from '../../network/files.ts';
import type { Arrays } from './arrays.ts';

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
