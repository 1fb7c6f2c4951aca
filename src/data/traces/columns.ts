/**
 * What the columns of a table are, by their names, and the arrays that follow: a row an image with each exit's columns
 * ("label, prediction_1, confidence_1, …"), or long form, where a row is an image at an exit, or one score of it.
 */
import { NdArray, type Content } from '../arrays/array.ts';
import type { Column } from '../arrays/table.ts';
import { DataError } from '../errors.ts';
import type { ColumnMeaning } from './draft.ts';

type Role = ColumnMeaning['role'];

const meaning = (role: Role, exit = '', of = ''): ColumnMeaning => ({ role, exit, of });

const WHOLE: readonly [RegExp, Role][] = [
  [/^(labels?|targets?|y|y_?true|true|truth|ground_?truth|gt)$/, 'label'],
  [/^(images?|image_?id|ids?|idx|index|sample|sample_?id|example|unnamed: 0|)$/, 'image'],
  [/^(exits?|exit_?id|layer|head|branch|ic|block|stage)$/, 'exit'],
  [/^(class|class_?id|k)$/, 'class'],
  [/^(predictions?|preds?)$/, 'prediction'],
  [/^(confidences?|confs?|entropy|max_?prob)$/, 'confidence'],
  [/^(logits?|scores?|probs?|probability|value|softmax)$/, 'score'],
];

const PREDICTION = '(?:predictions?|preds?)';
const CONFIDENCE = '(?:confidences?|confs?|entropy|max_?prob)';
const SCORE = '(?:logits?|scores?|probs?)';
const GAP = '[ _.\\-:/]*';
const BETWEEN = '[ _.\\-:/]+';

/** Columns by their names; what has no known name is ignored. */
export function meaningsOf(names: readonly string[]): ColumnMeaning[] {
  const whole = names.map(
    (name) => WHOLE.find(([pattern]) => pattern.test(name.trim().toLowerCase()))?.[1],
  );
  const isLong = whole.includes('exit');
  const found = names.map((name, n) => {
    const role = whole[n];
    if (role) return meaning(role);
    return inParts(name.trim(), isLong);
  });
  // "class" is the label where no scores of classes stand beside it.
  const isScored = found.some(({ role }) => role === 'score');
  return found.map((one) => (one.role === 'class' && !isScored ? meaning('label') : one));
}

function inParts(name: string, isLong: boolean): ColumnMeaning {
  const match = (pattern: string): RegExpExecArray | null =>
    new RegExp(`^${pattern}$`, 'i').exec(name);
  for (const [word, role] of [
    [PREDICTION, 'prediction'],
    [CONFIDENCE, 'confidence'],
  ] as const) {
    const at = match(`${word}${GAP}(.+)`) ?? match(`(.+?)${BETWEEN}${word}`);
    if (at) return meaning(role, at[1]!);
  }
  const of = match(`${SCORE}${GAP}(.+)`);
  if (isLong && of) return meaning('score', '', of[1]!);
  const both =
    match(`${SCORE}${GAP}(.+)${BETWEEN}(.+)`) ?? match(`(.+?)${BETWEEN}${SCORE}${GAP}(.+)`);
  return both ? meaning('score', both[1]!, both[2]!) : meaning('ignored');
}

/** Numbers of the columns that are read. */
export const wantedOf = (
  columns: readonly ColumnMeaning[],
  names: readonly string[],
): Map<number, string> =>
  new Map(
    columns.flatMap(({ role }, n) =>
      role === 'ignored' ? [] : [[n, names[n] ?? `${n}`] as const],
    ),
  );

/**
 * Arrays of a table by our names: labels, and prediction and confidence or scores, exits first.
 * @throws DataError with a sentence without the file's name.
 */
export function arraysOf(
  meanings: readonly ColumnMeaning[],
  columns: ReadonlyMap<number, Column>,
): Content {
  const table = new Table(meanings, columns);
  if (table.placed.length === 0) throw new DataError(`no column is a prediction; ${EXPECTED}.`);
  if (table.rows === 0) throw new DataError('the table has no rows below its first.');
  return table.all('exit').length > 0 ? longArrays(table) : wideArrays(table);
}

interface Placed extends ColumnMeaning {
  readonly column: Column;
}

class Table {
  readonly placed: readonly Placed[];
  readonly rows: number;

  constructor(meanings: readonly ColumnMeaning[], columns: ReadonlyMap<number, Column>) {
    this.placed = [...columns].map(([n, column]) => ({ ...meanings[n]!, column }));
    this.rows = this.placed[0]?.column.length ?? 0;
  }

  all(role: Role): readonly Placed[] {
    return this.placed.filter((one) => one.role === role);
  }

  /** The only column of a role; null where there is none. */
  one(role: Role): Column | null {
    const [first, second] = this.all(role);
    if (first && second)
      throw new DataError(
        `the columns ${first.column.name} and ${second.column.name} are both taken for the ${role}; ignore one of them.`,
      );
    return first?.column ?? null;
  }
}

const EXPECTED =
  'expected a label, and a prediction and a confidence of every exit, or a score of every exit and class';

/** Labels and predictions as numbers of classes, and names where they were text. */
class Classes {
  private readonly numbers: ReadonlyMap<string, number> | null;
  readonly names: readonly string[] | null;

  constructor(columns: readonly Column[], known: readonly string[] | null) {
    const isText = columns.some((column) => column.isText);
    const found = new Set<string>();
    if (isText)
      for (const column of columns)
        for (let row = 0; row < column.length; row++) found.add(column.text(row));
    const names = known ?? [...found].sort();
    this.names = isText || known ? names : null;
    this.numbers = isText ? new Map(names.map((name, k) => [name, k] as const)) : null;
  }

  at(column: Column, row: number): number {
    if (!this.numbers) return column.number(row);
    const found = this.numbers.get(column.text(row));
    if (found === undefined)
      throw new DataError(
        `row ${row + 1} of the column ${column.name} is “${column.text(row).slice(0, 40)}”, which is none of the classes.`,
      );
    return found;
  }
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}

const numbersArray = (shape: readonly number[], values: Float64Array): NdArray =>
  new NdArray('float64', shape, () => values);

function wideArrays(table: Table): Content {
  const scores = table.all('score');
  const label = table.one('label');
  const { rows } = table;
  const result = new Map<string, Content>();
  if (scores.length > 0) {
    const exits = distinct(scores.map(({ exit }) => exit));
    const names = distinct(scores.map(({ of }) => of));
    const values = new Float64Array(exits.length * rows * names.length);
    exits.forEach((exit, j) =>
      names.forEach((name, k) => {
        const [only, other] = scores.filter((one) => one.exit === exit && one.of === name);
        if (!only || other)
          throw new DataError(
            `there ${only ? 'are several columns' : 'is no column'} with the score of class ${name} at exit ${exit}; expected one.`,
          );
        for (let i = 0; i < rows; i++)
          values[(j * rows + i) * names.length + k] = only.column.number(i);
      }),
    );
    result.set('scores', numbersArray([exits.length, rows, names.length], values));
    result.set('exits', exits);
    const classes = new Classes(label ? [label] : [], names);
    addNames(result, names);
    addLabels(result, label, rows, classes);
    return result;
  }
  const predictions = table.all('prediction');
  const confidences = table.all('confidence');
  if (predictions.length === 0) throw new DataError(`no column is a prediction; ${EXPECTED}.`);
  const exits = distinct(predictions.map(({ exit }) => exit));
  const stray = confidences.find(({ exit }) => !exits.includes(exit));
  if (stray)
    throw new DataError(`the confidence of exit ${stray.exit} has no prediction beside it.`);
  const classes = new Classes(
    [...predictions.map(({ column }) => column), ...(label ? [label] : [])],
    null,
  );
  const prediction = new Float64Array(exits.length * rows);
  const confidence = new Float64Array(exits.length * rows);
  exits.forEach((exit, j) => {
    const own = predictions.filter((one) => one.exit === exit);
    const [sure, ...more] = confidences.filter((one) => one.exit === exit);
    if (own.length > 1 || more.length > 0)
      throw new DataError(`several columns are of exit ${exit}; expected one of each kind.`);
    if (!sure) throw new DataError(`the prediction of exit ${exit} has no confidence beside it.`);
    for (let i = 0; i < rows; i++) {
      prediction[j * rows + i] = classes.at(own[0]!.column, i);
      confidence[j * rows + i] = sure.column.number(i);
    }
  });
  result.set('prediction', numbersArray([exits.length, rows], prediction));
  result.set('confidence', numbersArray([exits.length, rows], confidence));
  result.set('exits', exits);
  if (classes.names) result.set('classes', [...classes.names]);
  addLabels(result, label, rows, classes);
  return result;
}

function addLabels(
  result: Map<string, Content>,
  label: Column | null,
  rows: number,
  classes: Classes,
): void {
  if (!label) return;
  const values = Float64Array.from({ length: rows }, (_, i) => classes.at(label, i));
  result.set('labels', numbersArray([rows], values));
}

/** Names of classes that say more than their numbers. */
function addNames(result: Map<string, Content>, names: readonly string[]): void {
  if (names.some((name, k) => name !== `${k}`)) result.set('classes', [...names]);
}

/** Where each row of a column belongs, in the order in which its values come. */
function placesOf(column: Column): { places: Uint32Array; names: string[] } {
  const known = new Map<string, number>();
  const places = new Uint32Array(column.length);
  for (let row = 0; row < column.length; row++) {
    const name = column.text(row);
    const at = known.get(name) ?? known.size;
    known.set(name, at);
    places[row] = at;
  }
  return { places, names: [...known.keys()] };
}

function longArrays(table: Table): Content {
  const image = table.one('image');
  if (!image)
    throw new DataError(
      'a row is an image at an exit, but no column says which image; name one “image”.',
    );
  const images = placesOf(image);
  const exits = placesOf(table.one('exit')!);
  const label = table.one('label');
  const result = new Map<string, Content>([['exits', exits.names]]);
  const [m, n] = [exits.names.length, images.names.length];
  const cell = (row: number): number => exits.places[row]! * n + images.places[row]!;
  const once = new Once(
    table.rows,
    (row) => `image ${image.text(row)} at exit ${exits.names[exits.places[row]!]}`,
  );
  const scores = table.all('score');
  const inClasses = table.one('class');
  if (scores.length > 0) {
    const { names, values } = inClasses
      ? longScores(table, inClasses, scores, cell, m * n, once)
      : rowScores(table, scores, cell, m * n, once);
    result.set('scores', numbersArray([m, n, names.length], values));
    addNames(result, names);
    longLabels(result, label, images.places, n, new Classes(label ? [label] : [], names));
    return result;
  }
  const [prediction, confidence] = [table.one('prediction'), table.one('confidence')];
  if (!prediction || !confidence)
    throw new DataError(
      `no column is a ${prediction ? 'confidence' : 'prediction'}; expected a prediction and a confidence, or scores.`,
    );
  const classes = new Classes([prediction, ...(label ? [label] : [])], null);
  const predicted = new Float64Array(m * n);
  const sure = new Float64Array(m * n);
  for (let row = 0; row < table.rows; row++) {
    once.take(cell(row), row);
    predicted[cell(row)] = classes.at(prediction, row);
    sure[cell(row)] = confidence.number(row);
  }
  once.finish(m * n, 'an image at an exit');
  result.set('prediction', numbersArray([m, n], predicted));
  result.set('confidence', numbersArray([m, n], sure));
  if (classes.names) result.set('classes', [...classes.names]);
  longLabels(result, label, images.places, n, classes);
  return result;
}

/** Every place is written once. */
class Once {
  private readonly written = new Set<number>();
  private readonly rows: number;
  private readonly words: (row: number) => string;

  constructor(rows: number, words: (row: number) => string) {
    this.rows = rows;
    this.words = words;
  }

  take(place: number, row: number): void {
    if (this.written.has(place))
      throw new DataError(`row ${row + 1} is a second one for ${this.words(row)}.`);
    this.written.add(place);
  }

  finish(expected: number, what: string): void {
    if (this.written.size !== expected)
      throw new DataError(
        `the table has ${this.rows} rows; expected ${expected}, one for ${what}: some are missing.`,
      );
  }
}

/** A row an image at an exit, a column a class. */
function rowScores(
  table: Table,
  scores: readonly Placed[],
  cell: (row: number) => number,
  cells: number,
  once: Once,
): { names: string[]; values: Float64Array } {
  const names = scores.map(({ of }) => of);
  if (distinct(names).length !== names.length)
    throw new DataError('two columns are scores of one class; expected one of each.');
  const values = new Float64Array(cells * names.length);
  for (let row = 0; row < table.rows; row++) {
    once.take(cell(row), row);
    scores.forEach(({ column }, k) => {
      values[cell(row) * names.length + k] = column.number(row);
    });
  }
  once.finish(cells, 'an image at an exit');
  return { names, values };
}

/** A row an image at an exit and a class. */
function longScores(
  table: Table,
  inClasses: Column,
  scores: readonly Placed[],
  cell: (row: number) => number,
  cells: number,
  once: Once,
): { names: string[]; values: Float64Array } {
  if (scores.length > 1)
    throw new DataError(
      'several columns are scores, but another one says of which class; keep one.',
    );
  const found = placesOf(inClasses);
  const isCounted = found.names.every(
    (name) => /^\d+$/.test(name) && Number(name) < found.names.length,
  );
  const names = isCounted ? found.names.map((_, k) => `${k}`) : found.names;
  const values = new Float64Array(cells * names.length);
  for (let row = 0; row < table.rows; row++) {
    const k = isCounted ? inClasses.number(row) : found.places[row]!;
    const place = cell(row) * names.length + k;
    once.take(place, row);
    values[place] = scores[0]!.column.number(row);
  }
  once.finish(values.length, 'an image at an exit and a class');
  return { names, values };
}

/** Labels that stand in every row of an image are one. */
function longLabels(
  result: Map<string, Content>,
  label: Column | null,
  places: Uint32Array,
  images: number,
  classes: Classes,
): void {
  if (!label) return;
  const values = new Float64Array(images).fill(-1);
  for (let row = 0; row < label.length; row++) {
    const i = places[row]!;
    const value = classes.at(label, row);
    if (values[i] !== -1 && values[i] !== value)
      throw new DataError(
        `row ${row + 1} gives its image another label (${label.text(row)}) than a row before it.`,
      );
    values[i] = value;
  }
  result.set('labels', numbersArray([images], values));
}
