/** A clustering in training as it looks now, and as it went so far. */
import { create } from 'zustand';
import type { ClusteringScores, ClusteringView } from '../../methods/contract.ts';

/** One moment of a stage: what its charts are drawn from. */
export interface Moment {
  readonly step: number;
  readonly loss: number;
  readonly changed: number | null;
  readonly scores: ClusteringScores | null;
}

/** The course of one stage of one encoder. */
export interface Course {
  readonly exit: string;
  readonly stage: ClusteringView['stage'];
  /** Most steps. */
  readonly steps: number;
  readonly moments: readonly Moment[];
}

export interface LiveState {
  /** By time: pretraining, centres and refinement of DEC-large, then of DEC-middle and DEC-small. */
  readonly courses: readonly Course[];
  /** The last view; null before the first. */
  readonly view: ClusteringView | null;
  /** The last strip of reconstructions; only DEC-large's pretraining makes some. */
  readonly strip: ClusteringView['strip'];
  /** The sample in the plane [n, 2], turned so that it does not flip between two views; null before the first. */
  readonly plane: Float32Array | null;
  /** Whether a training that was stopped can go on. */
  readonly canGoOn: boolean;
}

export const noLife: LiveState = {
  courses: [],
  view: null,
  strip: null,
  plane: null,
  canGoOn: false,
};

export const useLive = create<LiveState>(() => noLife);
