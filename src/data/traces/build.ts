/** From answers to traces. Whatever is missing or does not fit is a fault of one field, and nothing is opened then. */
import { encodeScores, keepRows } from '../../core/kept-scores.ts';
import { decideRows, MEASURES, ScoreError } from '../../core/scores.ts';
import {
  checkTrace,
  classIndices,
  MOST_CLASSES,
  NOT_STATED,
  type ClassIndices,
  type Exit,
  type Trace,
} from '../../core/trace.ts';
import { grouped } from '../errors.ts';
import { shapeWords } from '../arrays/numbers.ts';
import { asClusters, renumberedRows } from './clusters.ts';
import type { Answers, Built, Fault, PartAnswers } from './draft.ts';
import type { Held } from './inventory.ts';
import type { OpenedTrace } from './open.ts';
import { cellOf, rowsOf, valuesOf } from './stacked.ts';

/** Faults as they are found; a value that is missing throws `Stop` where nothing can follow without it. */
class Faults {
  readonly all: Fault[] = [];

  add(field: string, sentence: string): void {
    if (!this.all.some((one) => one.field === field)) this.all.push({ field, sentence });
  }
}

/** A split that was built, and where its numbers are. */
interface Split {
  readonly trace: Trace;
  readonly part: PartAnswers;
  readonly main: Held;
}

/** What all splits have in common. */
interface Common {
  readonly costs: readonly number[] | null;
  readonly networkCost: number | null;
  readonly classes: readonly string[] | null;
  readonly exits: readonly string[] | null;
}

export function build(answers: Answers, items: readonly Held[]): Built {
  const faults = new Faults();
  const parts = answers.parts.map((part, n) => ({ part, n })).filter(({ part }) => part.isUsed);
  if (parts.length === 0)
    faults.add('parts', 'Nothing is chosen to open: choose at least one split.');
  const common = commonOf(answers, parts, faults);
  parts.forEach(({ part, n }, at) => {
    const before = parts.slice(0, at).find((one) => one.part.split === part.split);
    if (part.split && before)
      faults.add(`parts.${n}.split`, `Two parts are of the split “${part.split}”; expected one.`);
  });
  const opened = parts.map(({ part, n }) =>
    splitOf(answers, part, { at: `parts.${n}.`, items, common, faults }),
  );
  const splits = opened.filter((one) => one !== null);
  const [first] = splits;
  for (const [at, { trace }] of splits.entries())
    if (first && trace.classes.length !== first.trace.classes.length && !common.classes)
      faults.add(
        `parts.${parts[at]!.n}.scores`,
        `It has ${trace.classes.length} classes and the other split ${first.trace.classes.length}; name the classes.`,
      );
  if (faults.all.length > 0) return { faults: faults.all };
  const { predicted } = answers;
  if (predicted !== 'clusters' && predicted !== 'unlabelled')
    return { traces: splits.map((split) => openedAs(split, split.trace, null)) };
  try {
    const all = splits.map(({ trace }) => trace);
    const { traces, maps } = asClusters(all, predicted, common.classes);
    return { traces: splits.map((split, n) => openedAs(split, traces[n]!, maps)) };
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    return { faults: [{ field: 'predicted', sentence }] };
  }
}

function commonOf(
  answers: Answers,
  parts: readonly { part: PartAnswers }[],
  faults: Faults,
): Common {
  for (const name of ['dataset', 'network'] as const)
    if (answers[name].trim() === '')
      faults.add(name, `Say what the ${name} is called; any name will do.`);
  if (!answers.predicted)
    faults.add('predicted', 'Say whether predictions are classes or clusters.');
  const isDecided = parts.some(({ part }) => part.kind === 'decisions');
  if (isDecided && !answers.rule)
    faults.add('rule', 'Say how a confidence is held against a threshold.');
  if (isDecided && parts.some(({ part }) => part.kind !== 'decisions'))
    faults.add('parts', 'One split holds scores and another labels; open them one by one.');
  const costs = numbersIn(answers.costs, 'costs', faults);
  if (!answers.costUnit) faults.add('costUnit', 'Say in what unit exits cost.');
  return {
    costs,
    networkCost: networkCostOf(answers, costs, faults),
    classes: namesIn(answers.classes),
    exits: namesIn(answers.exits),
  };
}

const namesIn = (text: string): string[] | null =>
  text.trim() === '' ? null : text.split(/[,;\n\t]/).map((name) => name.trim());

function numbersIn(text: string, field: string, faults: Faults): number[] | null {
  const cells = text.split(/[\s,;]+/).filter((cell) => cell !== '');
  if (cells.length === 0) {
    faults.add(field, 'Say what leaving at each exit costs: a number an exit, from the first on.');
    return null;
  }
  const wrong = cells.find((cell) => !(Number(cell) >= 0 && Number(cell) < Infinity));
  if (wrong === undefined) return cells.map(Number);
  faults.add(field, `A cost is “${wrong.slice(0, 30)}”; expected a finite number, 0 or more.`);
  return null;
}

function networkCostOf(
  { costUnit, isLastPlain, plainCost }: Answers,
  costs: readonly number[] | null,
  faults: Faults,
): number | null {
  // Relative costs are relative to the plain network's.
  if (costUnit === 'relative') return 1;
  if (isLastPlain === 'yes') {
    const last = costs?.at(-1) ?? null;
    if (last === 0)
      faults.add('costs', 'The last exit costs 0, so no cost is relative to anything.');
    return last;
  }
  if (isLastPlain === '') {
    faults.add('isLastPlain', 'Say whether the last exit is the output of the plain network.');
    return null;
  }
  const cost = Number(plainCost);
  if (plainCost.trim() !== '' && cost > 0 && cost < Infinity) return cost;
  faults.add('plainCost', 'Say what the plain network costs, in the unit of the exits: above 0.');
  return null;
}

interface Place {
  /** Begin of the names of its fields. */
  readonly at: string;
  readonly items: readonly Held[];
  readonly common: Common;
  readonly faults: Faults;
}

function splitOf(answers: Answers, part: PartAnswers, place: Place): Split | null {
  const { at, items, common, faults } = place;
  if (!part.split) faults.add(`${at}split`, 'Say which split this is.');
  const isScored = part.kind !== 'decisions';
  const field = isScored ? 'scores' : 'prediction';
  const main = chosen(items, part[field]);
  if (!main) {
    faults.add(
      `${at}${field}`,
      `Choose the array that holds the ${isScored ? 'scores' : 'predictions'}.`,
    );
    return null;
  }
  const axes = isScored ? 3 : 2;
  if (main.shape.length !== axes || main.texts) {
    faults.add(
      `${at}${field}`,
      `${main.name} has the shape ${shapeWords(main.shape)}; expected ${isScored ? '[exits, images, classes]' : '[exits, images]'}.`,
    );
    return null;
  }
  const [first, second, third] = main.shape as [number, number, number?];
  const [exits, images] = part.axes === 'exits first' ? [first, second] : [second, first];
  if (images === 0 || exits === 0) {
    faults.add(
      `${at}${field}`,
      `${main.name} has ${images} images at ${exits} exits; expected one or more.`,
    );
    return null;
  }
  if (common.costs && common.costs.length !== exits)
    faults.add(
      'costs',
      `There are ${common.costs.length} costs, but ${main.name} has ${grouped(exits)} exits.${hint(exits, images, common.costs.length)}`,
    );
  if (common.exits && common.exits.length !== exits)
    faults.add('exits', `There are ${common.exits.length} names for ${grouped(exits)} exits.`);
  // Of clusters without classes, the last exit's are what the others are held against.
  const label =
    answers.predicted === 'unlabelled'
      ? new Uint8Array(images)
      : labelsOf(part, main, images, place);
  const decided = isScored
    ? fromScores(answers, part, main, { exits, images, classes: third! }, place)
    : fromDecisions(part, main, { exits, images }, place);
  if (!label || !decided) return null;
  const classes = common.classes ?? counted(decided.classes ?? 1 + most(label, decided.prediction));
  if (decided.classes !== null && classes.length !== decided.classes) {
    faults.add('classes', `There are ${classes.length} names for ${decided.classes} classes.`);
    return null;
  }
  if (faults.all.length > 0) return null;
  const { prediction, confidence } = decided;
  const trace = traceOf(answers, part, { images, classes, label, prediction, confidence }, common);
  try {
    checkTrace(trace);
  } catch (error) {
    faults.add(`${at}${field}`, error instanceof Error ? error.message : String(error));
    return null;
  }
  return { trace, part, main };
}

/** @param maps of clusters, as `asClusters` gives them; null where predictions are classes. */
function openedAs(
  { part, main, trace: { classes } }: Split,
  trace: Trace,
  maps: readonly Uint8Array[] | null,
): OpenedTrace {
  const isScored = part.kind !== 'decisions';
  const scores = isScored ? scoresOf(part, main, trace, classes.length, maps) : null;
  return { trace, budget: null, file: main.file, scores };
}

/** Beyond this many, scores make a trace and then go: twice as many bytes would have to stay. */
const MOST_SCORES = 2.5e8;

function scoresOf(
  { kind, axes }: PartAnswers,
  main: Held,
  { count, exits, classes }: Trace,
  columns: number,
  maps: readonly Uint8Array[] | null,
): Blob | null {
  const each = count * classes.length;
  // Clusters that are never predicted have no names where there are too many to be matched.
  if (each * exits.length > MOST_SCORES || columns > classes.length) return null;
  const scores = new Uint16Array(count * columns);
  const ordered = maps && new Uint16Array(each);
  const parts = exits.map((_, j) => {
    keepRows(
      rowsOf(main, axes, j),
      { kind: kind === 'probs' ? 'probs' : 'logits', images: count, classes: columns },
      { scores, to: 0 },
    );
    // A blob an exit: its bytes are copied before the next exit's take their place.
    return new Blob([
      encodeScores(ordered ? renumberedRows(scores, count, maps[j]!, ordered) : scores),
    ]);
  });
  return new Blob(parts);
}

const hint = (exits: number, images: number, costs: number): string =>
  images === costs && exits !== costs ? ' Its axes may be images first.' : '';

const chosen = (items: readonly Held[], id: string): Held | undefined =>
  items.find((one) => one.id === id);

/** As wide as the number of classes asks for. */
function asIndices(indices: ClassIndices, classes: number): ClassIndices {
  const wanted = classIndices(indices.length, classes);
  if (wanted.constructor === indices.constructor) return indices;
  wanted.set(indices);
  return wanted;
}

const counted = (length: number): string[] =>
  Array.from({ length: Math.max(2, length) }, (_, k) => `${k}`);

function most(...arrays: readonly ArrayLike<number>[]): number {
  let greatest = 0;
  for (const array of arrays)
    for (let i = 0; i < array.length; i++) if (array[i]! > greatest) greatest = array[i]!;
  return greatest;
}

function labelsOf(
  part: PartAnswers,
  main: Held,
  images: number,
  { at, items, faults }: Place,
): ClassIndices | null {
  const held = chosen(items, part.labels);
  if (!held) {
    faults.add(
      `${at}labels`,
      'Choose the array that holds the true labels; without them nothing can be right or wrong.',
    );
    return null;
  }
  if (held.shape.length !== 1 || held.texts) {
    faults.add(
      `${at}labels`,
      `${held.name} has the shape ${shapeWords(held.shape)}; expected [images].`,
    );
    return null;
  }
  if (held.shape[0] !== images) {
    faults.add(
      `${at}labels`,
      `${held.name} has ${grouped(held.shape[0]!)} labels, but ${main.name} has ${grouped(images)} images.`,
    );
    return null;
  }
  const values = valuesOf(held);
  const result = classIndices(images, most(values) + 1);
  for (let i = 0; i < images; i++) {
    const why = notAClass(values[i]!);
    if (why) {
      faults.add(`${at}labels`, `${held.name} gives image ${i} the label ${why}`);
      return null;
    }
    result[i] = values[i]!;
  }
  return result;
}

function notAClass(value: number): string | null {
  if (!Number.isInteger(value) || value < 0)
    return `${value}; expected the number of a class, 0 or more.`;
  return value >= MOST_CLASSES ? `${value}; at most ${MOST_CLASSES - 1} is possible.` : null;
}

interface Decided {
  readonly prediction: ClassIndices;
  readonly confidence: Float32Array;
  /** Null where predictions and labels alone say it. */
  readonly classes: number | null;
}

interface Sizes {
  readonly exits: number;
  readonly images: number;
}

function fromScores(
  { measure }: Answers,
  { kind, axes }: PartAnswers,
  main: Held,
  { exits, images, classes }: Sizes & { readonly classes: number },
  { at, faults }: Place,
): Decided | null {
  if (classes < 2 || classes > MOST_CLASSES) {
    faults.add(
      `${at}scores`,
      `${main.name} has ${grouped(classes)} classes; 2 to ${MOST_CLASSES} can be opened.`,
    );
    return null;
  }
  const prediction = classIndices(exits * images, classes);
  const confidence = new Float32Array(exits * images);
  for (let j = 0; j < exits; j++) {
    try {
      decideRows(
        rowsOf(main, axes, j),
        { kind: kind === 'probs' ? 'probs' : 'logits', measure, images, classes },
        { prediction, confidence, to: j * images },
      );
    } catch (error) {
      if (!(error instanceof ScoreError)) throw error;
      faults.add(
        `${at}scores`,
        `${main.name}: at exit ${j}, image ${error.image}, ${error.message}.`,
      );
      return null;
    }
  }
  return { prediction, confidence, classes };
}

function fromDecisions(
  part: PartAnswers,
  main: Held,
  { exits, images }: Sizes,
  { at, items, faults }: Place,
): Decided | null {
  const held = chosen(items, part.confidence);
  if (!held) {
    faults.add(
      `${at}confidence`,
      'There is a prediction but no confidence: choose the array that holds it.',
    );
    return null;
  }
  if (shapeWords(held.shape) !== shapeWords(main.shape)) {
    faults.add(
      `${at}confidence`,
      `${held.name} has the shape ${shapeWords(held.shape)}; expected ${shapeWords(main.shape)}, as ${main.name} has.`,
    );
    return null;
  }
  const [predicted, sure] = [cellOf(main, part.axes), cellOf(held, part.axes)];
  const prediction = new Uint16Array(exits * images);
  const confidence = new Float32Array(exits * images);
  for (let j = 0; j < exits; j++)
    for (let i = 0; i < images; i++) {
      const why = notAClass(predicted(j, i));
      if (why) {
        faults.add(
          `${at}prediction`,
          `${main.name} predicts for image ${i} at exit ${j} the class ${why}`,
        );
        return null;
      }
      prediction[j * images + i] = predicted(j, i);
      confidence[j * images + i] = sure(j, i);
      if (Number.isNaN(confidence[j * images + i])) {
        faults.add(
          `${at}confidence`,
          `${held.name} has no number for image ${i} at exit ${j} (NaN).`,
        );
        return null;
      }
    }
  return { prediction, confidence, classes: null };
}

interface Found {
  readonly images: number;
  readonly classes: readonly string[];
  readonly label: ClassIndices;
  readonly prediction: ClassIndices;
  readonly confidence: Float32Array;
}

function traceOf(
  answers: Answers,
  part: PartAnswers,
  { images, classes, label, prediction, confidence }: Found,
  { costs, networkCost, exits: names }: Common,
): Trace {
  const { measure, costUnit, unit } = answers;
  const isScored = part.kind !== 'decisions';
  const rule = isScored ? MEASURES[measure].rule : answers.rule || 'at-least';
  const held = isScored ? MEASURES[measure].name : unit.trim();
  const exits = costs!.map((flops, j): Exit => ({
    name: names?.[j] ?? `exit ${j + 1}`,
    stage: j,
    flops,
  }));
  return {
    dataset: answers.dataset.trim(),
    network: answers.network.trim(),
    method: answers.method.trim() || (isScored ? measure : 'confidence'),
    rule,
    ...(held && { unit: held }),
    split: part.split || 'test',
    classes,
    count: images,
    total: images,
    exits,
    networkFlops: networkCost!,
    label: asIndices(label, classes.length),
    prediction: asIndices(prediction, classes.length),
    confidence,
    provenance: {
      ...{ commit: NOT_STATED, backend: NOT_STATED, seed: null, trainImages: 0 },
      options: { ...(costUnit && costUnit !== 'FLOPs' && { cost: costUnit }) },
    },
  };
}
