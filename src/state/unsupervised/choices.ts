/** What a person has chosen on the Unsupervised page. Serialisable, and in the URL. */
import { create } from 'zustand';
import { DEC_DEFAULTS } from '../../methods/dec/options.ts';
import type { Source } from '../settings.ts';

export interface ClusterChoices {
  readonly dataset: string;
  /** `trained`: the weights that come with the page; `fresh`: trained here, from fresh weights. */
  readonly start: 'trained' | 'fresh';
  readonly source: Source;
  /** Training and test images that are clustered; 0 = all there are (of `strokes`: the default numbers). */
  readonly trainImages: number;
  readonly testImages: number;
  /** K; 0 = as many as there are classes. */
  readonly clusters: number;
  /** Passes of the pretraining. */
  readonly epochs: number;
  /** Most steps of a refinement, and steps between two targets. */
  readonly refineSteps: number;
  readonly interval: number;
  readonly batch: number;
  /** Images a step of the refinement. */
  readonly refineBatch: number;
  readonly seed: number;
  /** Whether classes may be looked at, for measuring and naming. */
  readonly labelled: boolean;
}

type Schedule = Pick<
  ClusterChoices,
  'trainImages' | 'testImages' | 'epochs' | 'refineSteps' | 'interval' | 'batch' | 'refineBatch'
>;

/** Ready-made settings: `quick` takes under a minute on two cores, `long` is that of the recorded runs. */
export const presets: Readonly<Record<'quick' | 'long', Schedule>> = {
  quick: {
    ...{ trainImages: 8000, testImages: 2000, epochs: 2 },
    ...{ refineSteps: 100, interval: 50, batch: 32, refineBatch: 64 },
  },
  long: {
    ...{ trainImages: 0, testImages: 0, epochs: DEC_DEFAULTS.epochs },
    ...{ refineSteps: DEC_DEFAULTS.refineSteps, interval: DEC_DEFAULTS.interval },
    batch: DEC_DEFAULTS.batch,
    refineBatch: DEC_DEFAULTS.refineBatch,
  },
};

export type Preset = keyof typeof presets;

export const defaultClusters: ClusterChoices = {
  ...presets.quick,
  dataset: 'mnist',
  start: 'trained',
  source: 'auto',
  clusters: 0,
  seed: 1,
  labelled: true,
};

export const useClusters = create<ClusterChoices>(() => defaultClusters);

export const chooseClusters = (change: Partial<ClusterChoices>): void =>
  useClusters.setState(change);

/** The ready-made settings that a choice is; null for any other. */
export function presetOf(choices: ClusterChoices): Preset | null {
  const names = Object.keys(presets) as Preset[];
  return (
    names.find((name) =>
      (Object.entries(presets[name]) as [keyof Schedule, number][]).every(
        ([key, value]) => choices[key] === value,
      ),
    ) ?? null
  );
}

/** Limits of the numbers that a person may ask for. */
export const CLUSTER_LIMITS = {
  clusters: [2, 50],
  epochs: [1, 1000],
  refineSteps: [0, 100_000],
  interval: [1, 10_000],
  batch: [16, 4096],
  refineBatch: [16, 4096],
} as const satisfies Partial<Record<keyof ClusterChoices, readonly [number, number]>>;
