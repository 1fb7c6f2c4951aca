/** What a person has chosen to run. Serialisable, and in the URL. */
import { create } from 'zustand';
import { step } from './address/steps.ts';
import { whole } from '../core/options/kinds.ts';
import type { Option } from '../core/options/option.ts';
import {
  defaultsOf,
  pick,
  type Schema,
  type SchemaOf,
  type ValuesOf,
} from '../core/options/schema.ts';
import { PICTURE_OPTIONS } from '../data/pictures/options.ts';
import type { BackendChoice } from '../engine/protocol.ts';
import { MAX_IMAGES } from '../methods/parts/options/images.ts';
import { epochs, seed } from '../methods/parts/options/training.ts';
import { classifierIds, METHODS, type ClassifierId, type MethodId } from '../methods/registry.ts';

export const backendChoices: readonly BackendChoice[] = ['auto', 'webgpu', 'wasm', 'cpu'];

/** `recorded`: replay what was recorded; `live`: compute here; `auto`: replay where the images would first have to be fetched. */
export type Source = 'auto' | 'recorded' | 'live';
export const sources: readonly Source[] = ['auto', 'recorded', 'live'];

/** Options of any run, whatever its method. */
export const runOptions = {
  /** Of generated datasets and of searches too, so that it counts where nothing is trained. */
  seed,
  /** Test images that are traced; 0 = all there are (of `strokes`: the default number). */
  testImages: whole(0, [1, MAX_IMAGES], {
    title: 'Test images',
    help: 'The first so many are traced.',
    noun: 'a number of test images',
    none: 'all',
    counts: 'test',
    scope: 'course',
    key: 'test',
  }),
};

type AllOf<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

type OptionsOfMethods = AllOf<(typeof METHODS)[ClassifierId]['defaults']>;

/** Every option of Explore's methods and of any run, by name: what several share they mean alike. */
export const settingOptions = classifierIds.reduce<Schema>(
  (all, id) => ({ ...METHODS[id].options, ...all }),
  runOptions,
) as SchemaOf<OptionsOfMethods & ValuesOf<typeof runOptions>>;

export interface Settings
  extends OptionsOfMethods, ValuesOf<typeof runOptions>, ValuesOf<typeof PICTURE_OPTIONS> {
  readonly dataset: string;
  /** Name of a dataset of the Hugging Face Hub whose files are a person's own images; null where they are others. */
  readonly hub: string | null;
  /** Null: the first network that fits the dataset. */
  readonly network: string | null;
  /** Exits that are kept of a network of a person’s own (“conv1,layer2.1=half”); null: as its card says. */
  readonly exits: string | null;
  readonly method: MethodId;
  readonly backend: BackendChoice;
  readonly source: Source;
}

export const defaultSettings: Settings = {
  ...defaultsOf(settingOptions),
  ...defaultsOf(PICTURE_OPTIONS),
  dataset: 'cifar-10',
  hub: null,
  network: null,
  exits: null,
  method: 'e2cm',
  backend: 'auto',
  source: 'auto',
};

/** Training budgets that the paper uses. */
export const budgets: readonly number[] = [1, 6, 100];

export const useSettings = create<Settings>(() => defaultSettings);

export const choose = (change: Partial<Settings>): void => useSettings.setState(change);

/** A person chooses something else to see, which the browser's Back takes back. */
export function chooseStep(change: Partial<Settings>): void {
  choose(change);
  step();
}

/** The options that a method takes, as they are chosen. */
export const optionsOf = (settings: Settings) => pick(METHODS[settings.method].options, settings);

/** What a person may choose of a run: its images, its seed, what every method has, then what its own alone has. */
export function offeredOptions(method: MethodId): [name: string, option: Option][] {
  const all: Schema = { ...METHODS[method].options, ...runOptions };
  const rank = ([name, { counts, scope }]: [string, Option]): number => {
    if (scope === 'course') return counts ? 0 : 1;
    return classifierIds.every((id) => name in METHODS[id].options) ? 2 : 3;
  };
  return Object.entries(all).sort((one, other) => rank(one) - rank(other));
}

/** Whether two settings ask for the same run: whatever computes it, and whatever is chosen for other methods. */
export function isSameRun(one: Settings, other: Settings): boolean {
  const own: Schema = { ...METHODS[one.method].options, ...runOptions };
  const isFree = (name: string): boolean =>
    name === 'backend' || (name in settingOptions && !(name in own));
  return (Object.keys(one) as (keyof Settings)[]).every(
    (name) => isFree(name) || one[name] === other[name],
  );
}

/** A training budget as a person wrote it, or the sentence that says what was expected. */
export function readBudget(text: string): number | string {
  const written = text.trim();
  const came = written === '' ? 'no number' : `“${written.slice(0, 20)}”`;
  return (
    epochs.offered.read(written) ?? `A training budget is ${epochs.offered.expected}; ${came} came.`
  );
}
