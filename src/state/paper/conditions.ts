/** What differs between a run of ours and the paper's, each as a pair that can be read side by side. */
import type { Option } from '../../core/options/option.ts';
import type { Schema } from '../../core/options/schema.ts';
import type { RecordedRun } from '../../core/run-index.ts';
import { grouped } from '../../data/errors.ts';
import type { NetworkCard } from '../../network/card.ts';
import { isMethodId, METHODS } from '../../methods/registry.ts';
import { datasetFacts } from './names.ts';

export interface Condition {
  readonly what: string;
  /** `NOT_PRINTED` where the paper does not say. */
  readonly paper: string;
  readonly ours: string;
}

/** Cards by network id, of those that are loaded. */
export type Cards = Readonly<Record<string, NetworkCard>>;

export const NOT_PRINTED = 'not printed';
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** What differs in the network itself: the same for every method on it. */
export function networkConditions(
  card: NetworkCard,
  dataset: string,
  ceiling: number | null,
): Condition[] {
  const facts = datasetFacts(dataset);
  const { before, after } = card.testAccuracy;
  const conditions: Condition[] = [
    { what: 'network trained', paper: NOT_PRINTED, ours: `${card.epochs} epochs` },
    {
      what: 'plain network, test',
      paper: ceiling === null ? NOT_PRINTED : `${ceiling} % is the best printed`,
      ours: `${percent(after)} of ${grouped(card.testImages)} images`,
    },
  ];
  if (facts.train !== null && card.trainImages < facts.train)
    conditions.push({
      what: 'trained on',
      paper: `${grouped(facts.train)} images`,
      ours: `${grouped(card.trainImages)} of ${grouped(facts.train)} images`,
    });
  if (card.quantisation)
    conditions.push({
      what: 'weights',
      paper: 'float32, by its size',
      ours: `${shortWeights(card)}; ${percent(before)} before`,
    });
  conditions.push({ what: 'framework', paper: NOT_PRINTED, ours: frameworkOf(card) });
  return conditions;
}

/** What differs in a run beyond its network: images behind the means, the thresholds and the test, and its training. */
export function runConditions(
  runs: readonly RecordedRun[],
  epochs: { readonly ours: number | null; readonly paper: string | null },
): Condition[] {
  const run = runs[0];
  if (!run) return [];
  const facts = datasetFacts(run.dataset);
  const conditions: Condition[] = [];
  if (epochs.ours !== null && epochs.paper !== null && epochs.paper !== `${epochs.ours} epochs`)
    conditions.push({ what: 'method trained', paper: epochs.paper, ours: `${epochs.ours} epochs` });
  const fewer = (what: string, ours: number, all: number | null): void => {
    if (all !== null && ours < all)
      conditions.push({
        what,
        paper: `${grouped(all)} images`,
        ours: `${grouped(ours)} of ${grouped(all)} images`,
      });
  };
  fewer('class means', run.provenance.trainImages, facts.train);
  fewer('thresholds found on', run.train.count, facts.train);
  fewer('test', run.test.count, facts.test);
  conditions.push(...optionConditions(run));
  conditions.push(...seedConditions(runs));
  return conditions;
}

/** Which seeds a number is of; the paper names none. */
function seedConditions(runs: readonly RecordedRun[]): Condition[] {
  const seeds = runs
    .filter(({ budget }) => budget !== null)
    .flatMap(({ provenance: { options } }) => options.seed ?? []);
  const said = [...seeds].sort().join(', ');
  if (runs.length > 1)
    return [
      {
        what: 'seeds',
        paper: NOT_PRINTED,
        ours: seeds.length === runs.length ? `${said}, their mean` : `mean of ${runs.length}`,
      },
    ];
  return seeds.length === 1 ? [{ what: 'seed', paper: NOT_PRINTED, ours: said }] : [];
}

/** Options that are not the paper's; and the rule of a combined method, which the paper states twice, differently. */
function optionConditions(run: RecordedRun): Condition[] {
  const options: Schema = isMethodId(run.method) ? METHODS[run.method].options : {};
  return Object.entries(options).flatMap(([name, option]): Condition[] => {
    const { usual, paper, scope } = option;
    const made = option.madeWith(run, name);
    if (scope === 'course' || made === undefined) return [];
    if (paper) return [{ what: paper.what, paper: paper.says, ours: named(option, made) }];
    if (option.matches(usual, made)) return [];
    return [{ what: `option ${name}`, paper: inWords(usual), ours: inWords(made) }];
  });
}

/** Splits the conditions of several runs into those that all share and the rest of each. */
export function shared(each: readonly (readonly Condition[])[]): {
  readonly common: readonly Condition[];
  readonly rest: readonly (readonly Condition[])[];
} {
  const same = (a: Condition, b: Condition): boolean =>
    a.what === b.what && a.paper === b.paper && a.ours === b.ours;
  const common = (each[0] ?? []).filter((one) =>
    each.every((others) => others.some((other) => same(one, other))),
  );
  const isCommon = (one: Condition): boolean => common.some((other) => same(one, other));
  return { common, rest: each.map((conditions) => conditions.filter((one) => !isCommon(one))) };
}

/** "convolution and dense kernels uint8 with …" → "uint8 kernels"; other words stay. */
export function shortWeights({ quantisation }: NetworkCard): string {
  const type = /\b(uint8|uint16|float16)\b/.exec(quantisation)?.[1];
  return type ? `${type} kernels` : quantisation || 'float32';
}

/** The card names what trained the network, though not every card must. */
export function frameworkOf(card: NetworkCard & { readonly framework?: unknown }): string {
  const trained = typeof card.framework === 'string' ? `${card.framework}, then ` : '';
  return `${trained}TensorFlow.js`;
}

/** A value of an option by its name, where it has one. */
function named({ control }: Option, made: unknown): string {
  const choices = control.kind === 'choice' ? control.choices : [];
  return choices.find(({ value }) => value === made)?.name ?? inWords(made);
}

/** A value of an option, as it stands in a link. */
const inWords = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);
