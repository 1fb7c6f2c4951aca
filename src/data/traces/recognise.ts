/** What arrays are, by their names and shapes. Only what a name or a shape says is filled in; the rest is asked. */
import { areProbabilities, type ScoreKind } from '../../core/scores.ts';
import type { TraceSplit } from '../../core/trace.ts';
import type { Answers, Axes, CostUnit, PartAnswers } from './draft.ts';
import type { Held } from './inventory.ts';
import { rowsOf } from './stacked.ts';

const NAMES = {
  logits: /^(logits?|scores?|outputs?)$/,
  probs: /^(probs?|probabilities|softmax)$/,
  prediction: /^(predictions?|preds?)$/,
  confidence: /^(confidences?|confs?|entropy|entropies|max_?probs?)$/,
  labels: /^(labels?|targets?|y|y_?true|ground_?truth|gt)$/,
  costs: /^(costs?|flops|macs|madds|seconds|latency|latencies|times?|ms|mj|energy|relative)$/,
  classes: /^(classes|class_?names?)$/,
  exits: /^(exits|exit_?names?)$/,
} as const;

type Name = keyof typeof NAMES;

const SPLITS: readonly [TraceSplit, RegExp][] = [
  ['holdout', /(^|[^a-z])(val|valid|validation|hold-?_?out|dev)(?![a-z])/i],
  ['train', /(^|[^a-z])(train|training)(?![a-z])/i],
  ['test', /(^|[^a-z])(test|testing)(?![a-z])/i],
];

/** The split that a name says; null where it says none, or several. */
function splitIn(text: string): TraceSplit | null {
  const found = SPLITS.filter(([, pattern]) => pattern.test(text));
  return found.length === 1 ? found[0]![0] : null;
}

/** A file that is called after what it holds says nothing of the dataset. */
const NAMES_NUMBERS = /logit|score|pred|prob|output|result|conf/;

const splitOf = ({ path, file }: Held): TraceSplit | null =>
  splitIn(path.join(' ')) ?? splitIn(stemOf(file));

const stemOf = (file: string): string => file.replace(/(\.[a-z]{1,6})+$/i, '');

/** A name without the words for its split. */
const withoutSplit = (text: string): string =>
  text
    .toLowerCase()
    .replace(
      /(^|[^a-z])(val|valid|validation|train|training|test|testing|dev|holdout)(?![a-z])/g,
      '$1',
    )
    .replace(/[ _.-]+/g, '_')
    .replace(/^_|_$/g, '');

function nameOf(held: Held): Name | null {
  const text = withoutSplit(held.path.at(-1) ?? stemOf(held.file));
  return (Object.keys(NAMES) as Name[]).find((name) => NAMES[name].test(text)) ?? null;
}

interface Known {
  readonly held: Held;
  readonly name: Name | null;
  readonly split: TraceSplit | null;
}

/** Most exits of a trace: an axis that is longer is not theirs. */
const MOST_EXITS = 200;

export function recognise(items: readonly Held[]): Answers {
  const known = items.map((held): Known => ({ held, name: nameOf(held), split: splitOf(held) }));
  const of = (name: Name): Known[] => known.filter((one) => one.name === name);
  const parts = partsOf(known);
  const exits = exitsOf(parts[0], items);
  const costs = of('costs').find(({ held }) => held.shape.length === 1 && !held.texts);
  const names = (name: Name): string =>
    of(name)
      .find(({ held }) => held.texts)
      ?.held.texts?.map((text) => text.replaceAll(',', ' '))
      .join(', ') ?? '';
  const isEntropy = items.some(
    ({ id, path }) =>
      parts.some(({ confidence }) => confidence === id) && /entrop/i.test(path.join(' ')),
  );
  const stem = withoutSplit(stemOf(items.find(({ id }) => id === mainOf(parts[0]))?.file ?? ''));
  return {
    dataset: NAMES_NUMBERS.test(stem) ? '' : stem,
    network: '',
    method: '',
    // Labels of their own are classes; without, nothing says what predictions are.
    predicted: parts.length > 0 && parts.every(({ labels }) => labels !== '') ? 'classes' : '',
    measure: 'max-softmax',
    rule: isEntropy ? 'below' : '',
    unit: isEntropy ? 'entropy' : '',
    costs: costs && costs.held.shape[0]! <= MOST_EXITS ? [...valuesOf(costs.held)].join(', ') : '',
    costUnit: costs ? unitOf(withoutSplit(costs.held.path.at(-1) ?? stemOf(costs.held.file))) : '',
    isLastPlain: '',
    plainCost: '',
    classes: names('classes'),
    exits: exits ?? names('exits'),
    parts: parts.length > 0 ? parts : [nothing],
  };
}

const mainOf = (part: PartAnswers | undefined): string => part?.scores || part?.prediction || '';

const valuesOf = (held: Held): ArrayLike<number> & Iterable<number> => held.arrays[0]!.values();

function unitOf(name: string): CostUnit | '' {
  if (name === 'flops') return 'FLOPs';
  if (/^(macs|madds)$/.test(name)) return 'MACs';
  if (name === 'seconds') return 'seconds';
  if (name === 'ms') return 'ms';
  if (/^mj$/.test(name)) return 'mJ';
  return name === 'relative' ? 'relative' : '';
}

/** Names of exits that a table's columns gave. */
function exitsOf(part: PartAnswers | undefined, items: readonly Held[]): string | null {
  const main = items.find(({ id }) => id === mainOf(part));
  const beside = items.find(
    ({ file, path, texts }) => main && texts && file === main.file && path.at(-1) === 'exits',
  );
  return beside?.texts?.join(', ') ?? null;
}

function partsOf(known: readonly Known[]): PartAnswers[] {
  const isNumbers = ({ held }: Known, axes: number): boolean =>
    !held.texts && held.shape.length === axes;
  const taken = (one: Known, name: Name): boolean => one.name === name;
  const named = known.filter(
    (one) => isNumbers(one, 3) && (taken(one, 'logits') || taken(one, 'probs')),
  );
  const scores = named.length > 0 ? named : known.filter((one) => isNumbers(one, 3));
  const labels = known.filter((one) => isNumbers(one, 1) && !taken(one, 'costs'));
  if (scores.length > 0) {
    const isMsdnet = scores.length === 2 && scores.every(isPairedWithNext(known));
    return scores.map((one, n) => {
      const axes = axesOf(one, labels);
      return {
        ...nothing,
        isUsed: true,
        split: one.split ?? (isMsdnet ? (n === 0 ? 'holdout' : 'test') : ''),
        kind:
          one.name === 'logits'
            ? 'logits'
            : one.name === 'probs'
              ? 'probs'
              : kindOf(one.held, axes),
        axes,
        scores: one.held.id,
        labels: labelsOf(one, labels, one.held.shape[axes === 'exits first' ? 1 : 0]!),
      };
    });
  }
  const predictions = known.filter((one) => isNumbers(one, 2) && taken(one, 'prediction'));
  const confidences = known.filter((one) => isNumbers(one, 2) && taken(one, 'confidence'));
  return predictions.map((one) => {
    const axes = axesOf(one, labels);
    const beside = confidences.filter(({ split }) => split === one.split);
    const confidence = beside.find(({ held }) => held.file === one.held.file) ?? only(beside);
    return {
      ...nothing,
      isUsed: true,
      split: one.split ?? '',
      kind: 'decisions',
      axes,
      prediction: one.held.id,
      confidence: confidence?.held.id ?? '',
      labels: labelsOf(one, labels, one.held.shape[axes === 'exits first' ? 1 : 0]!),
    };
  });
}

const only = <One>(all: readonly One[]): One | undefined => (all.length === 1 ? all[0] : undefined);

const nothing: PartAnswers = {
  ...({ isUsed: true, split: '', kind: 'logits', axes: 'exits first' } as const),
  ...{ scores: '', prediction: '', confidence: '', labels: '' },
};

/** MSDNet's (scores, labels, scores, labels) of validation and test: an unnamed list, each scores before their labels. */
const isPairedWithNext =
  (known: readonly Known[]) =>
  ({ held }: Known): boolean => {
    const next = `${Number(held.path.at(-1)) + 1}`;
    return known.some(
      (one) =>
        one.held.file === held.file &&
        one.held.shape.length === 1 &&
        one.held.path.length === held.path.length &&
        one.held.path.at(-1) === next,
    );
  };

/** Labels of a part: of its file and split, of its split, or the only ones of that length. */
function labelsOf(part: Known, labels: readonly Known[], images: number): string {
  const fitting = labels.filter(({ held }) => held.shape[0] === images);
  const named = fitting.filter(({ name }) => name === 'labels');
  const next = `${Number(part.held.path.at(-1)) + 1}`;
  const ranked = [
    fitting.find(({ held }) => held.file === part.held.file && held.path.at(-1) === next),
    only(named.filter(({ held, split }) => held.file === part.held.file && split === part.split)),
    only(named.filter(({ split }) => split !== null && split === part.split)),
    only(named.filter(({ held }) => held.file === part.held.file)),
    only(named),
    only(fitting),
  ];
  return ranked.find((one) => one !== undefined)?.held.id ?? '';
}

/** By the length of the labels where that says it, else by the shorter axis: there are more images than exits. */
function axesOf({ held }: Known, labels: readonly Known[]): Axes {
  const [first, second] = held.shape as [number, number];
  const has = (length: number): boolean => labels.some((one) => one.held.shape[0] === length);
  if (has(second) && !has(first)) return 'exits first';
  if (has(first) && !has(second)) return 'images first';
  return first > second && second > 0 && second <= MOST_EXITS && held.arrays.length === 1
    ? 'images first'
    : 'exits first';
}

/** Rows that are looked at: enough that logits do not happen to sum to 1 in all of them. */
const LOOKED_AT = 200;

function kindOf(held: Held, axes: Axes): ScoreKind {
  const images = held.shape[axes === 'exits first' ? 1 : 0]!;
  const rows = rowsOf(held, axes, 0);
  const count = Math.min(images, LOOKED_AT);
  return count > 0 && areProbabilities(rows, count, held.shape[2]!) ? 'probs' : 'logits';
}
