/** What a person has chosen on the Unsupervised page. Serialisable, and in the URL. */
import { create } from 'zustand';
import { defaultsOf, type ValuesOf } from '../../core/options/schema.ts';
import { DEC_DEFAULTS, DEC_OPTIONS } from '../../methods/dec/options.ts';
import { runOptions, type Source } from '../settings.ts';

const { trainImages, ...others } = DEC_OPTIONS;

/** The options of a clustering and the images that are traced along with it, in the order of their fields. */
export const clusterOptions = {
  trainImages,
  testImages: { ...runOptions.testImages, help: 'They are clustered along with the others.' },
  ...others,
};

export interface ClusterChoices extends ValuesOf<typeof clusterOptions> {
  readonly dataset: string;
  /** `trained`: the weights that come with the page; `fresh`: trained here, from fresh weights. */
  readonly start: 'trained' | 'fresh';
  readonly source: Source;
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

const defaultClusters: ClusterChoices = {
  ...defaultsOf(clusterOptions),
  ...presets.quick,
  dataset: 'mnist',
  start: 'trained',
  source: 'auto',
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
