/** What a person has chosen to run. Serialisable, and in the URL. */
import { create } from 'zustand';
import type { BackendChoice } from '../engine/protocol.ts';
import type { E2cmOptions } from '../methods/e2cm/options.ts';
import type { Agreement } from '../methods/e2cm-sdn/options.ts';
import type { SdnOptions } from '../methods/sdn/options.ts';
import { METHODS, type MethodId } from '../methods/registry.ts';

export const backendChoices: readonly BackendChoice[] = ['auto', 'webgpu', 'wasm'];

/** `recorded`: replay what was recorded; `live`: compute here; `auto`: replay where the images would first have to be fetched. */
export type Source = 'auto' | 'recorded' | 'live';
export const sources: readonly Source[] = ['auto', 'recorded', 'live'];

export interface Settings {
  readonly dataset: string;
  /** Null: the first network that fits the dataset. */
  readonly network: string | null;
  readonly method: MethodId;
  /** Training budget of the methods that train something. */
  readonly epochs: number;
  /** Seed of generated datasets, of training and of searches. */
  readonly seed: number;
  /** Training images that the method learns from; 0 = all there are (of `strokes`: the default number). */
  readonly trainImages: number;
  /** Test images that are traced; 0 = all there are (of `strokes`: the default number). */
  readonly testImages: number;
  readonly label: E2cmOptions['label'];
  readonly lastExit: E2cmOptions['lastExit'];
  /** Who must be sure for an image to leave with E2CM+SDN. */
  readonly agreement: Agreement;
  /** What an image takes that no internal classifier of SDN lets go. */
  readonly unconfident: SdnOptions['unconfident'];
  /** Share of the training images that the method does not learn from and that choose thresholds instead; 0 = none, as in the paper. */
  readonly holdout: number;
  readonly backend: BackendChoice;
  readonly source: Source;
}

export const defaultSettings: Settings = {
  dataset: 'cifar-10',
  network: null,
  method: 'e2cm',
  epochs: 6,
  seed: 1,
  trainImages: 0,
  testImages: 0,
  label: 'normalised',
  lastExit: 'network',
  agreement: 'and-confidence',
  unconfident: 'network',
  holdout: 0,
  backend: 'auto',
  source: 'auto',
};

/** Shares that may be kept back. */
export const holdouts: readonly number[] = [0, 0.1, 0.2, 0.3, 0.5];

/** Training budgets that the paper uses, and the most that a person may ask for. */
export const budgets: readonly number[] = [1, 6, 100];
export const MAX_EPOCHS = 1000;

/** Most images a person may ask `strokes` for: 100,000 are 78 MB. */
export const MAX_IMAGES = 100_000;
export const MAX_SEED = 4_294_967_295;

export const useSettings = create<Settings>(() => defaultSettings);

export const choose = (change: Partial<Settings>): void => useSettings.setState(change);

/** Settings that only some methods have. */
const OPTIONS = ['epochs', 'label', 'lastExit', 'agreement', 'unconfident'] as const;

/** Whether two settings ask for the same run: whatever computes it, and whatever is chosen for other methods. */
export function isSameRun(one: Settings, other: Settings): boolean {
  const { defaults } = METHODS[one.method];
  const free = new Set<string>(['backend', ...OPTIONS.filter((name) => !(name in defaults))]);
  return (Object.keys(one) as (keyof Settings)[]).every(
    (name) => free.has(name) || one[name] === other[name],
  );
}

/** A training budget as a person wrote it, or the sentence that says what was expected. */
export function readBudget(text: string): number | string {
  const written = text.trim();
  const value = Number(written);
  if (written !== '' && Number.isInteger(value) && value >= 1 && value <= MAX_EPOCHS) return value;
  const came = written === '' ? 'no number' : `“${written.slice(0, 20)}”`;
  return `A training budget is a whole number of epochs from 1 to ${MAX_EPOCHS}; ${came} came.`;
}
