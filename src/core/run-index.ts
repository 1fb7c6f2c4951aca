/**
 * The index of a folder of recorded runs: what each is, on which images, and what it reaches, so that a page can list
 * and compare them before it has loaded a single trace. Written by `npm run record`; untrusted when it is read.
 */
import { rules, type Rule } from './policy.ts';
import { list, number, numbers, record, show, text, whole } from './read.ts';
import { readBudget, readClasses, readExits, readProvenance } from './trace-fields.ts';
import type { Budget } from './trace-file.ts';
import type { Exit, Provenance, Trace } from './trace.ts';

export const RUNS_FORMAT = 'offramp-runs/1';

/** A rule, and who said it: the traces themselves, or whoever made the index. */
export interface Held {
  readonly rule: Rule;
  readonly saidBy: 'traces' | 'index';
}

/** One split of a run: how many of its images were traced, always the first ones. */
export interface RecordedSplit {
  /** Name of the two files, without `.json` and `.bin`; null where only what is said here was kept of the trace. */
  readonly file: string | null;
  readonly count: number;
  /** Of the images that would be right, were all to leave at exit j. */
  readonly accuracy: readonly number[];
  /** File of its images' fingerprints, where they are not the first of those that the dataset's other runs traced. */
  readonly images?: string;
}

/** Accuracy on test at exactly a cost, thresholds found on train; null where no policy is so cheap. */
export interface BudgetPoint {
  /** Relative FLOPs. */
  readonly budget: number;
  readonly accuracy: number | null;
}

export interface RecordedRun {
  /** DATASET-NETWORK-METHOD, and what else tells it from its neighbours. */
  readonly id: string;
  readonly dataset: string;
  readonly network: string;
  readonly method: string;
  /** How confidences are held, where the method does not say it. */
  readonly held?: Held;
  readonly budget: Budget | null;
  readonly classes: readonly string[];
  readonly exits: readonly Exit[];
  readonly networkFlops: number;
  readonly provenance: Provenance;
  readonly train: RecordedSplit;
  readonly test: RecordedSplit;
  /** What each search makes of the run. */
  readonly results: Readonly<Record<SearchName, readonly BudgetPoint[]>>;
  /** The policies of each search's hull on train, where they fall on test, by rising cost. */
  readonly curves: Readonly<Record<SearchName, readonly CurvePoint[]>>;
}

/** Whether a run's traces were kept: without them its curve can be drawn, but no image be followed. */
export function hasTraces({ train, test }: Pick<RecordedRun, 'train' | 'test'>): boolean {
  return train.file !== null && test.file !== null;
}

/** A trace under the rule that the index was told of it, where the trace does not say one. */
export const underHeld = (trace: Trace, { held }: Pick<RecordedRun, 'held'>): Trace =>
  trace.rule || !held ? trace : { ...trace, rule: held.rule };

/** One policy on test. */
export interface CurvePoint {
  /** Relative FLOPs. */
  readonly cost: number;
  readonly accuracy: number;
}

/** `paper`: the paper's random starts and bisections; `frontier`: the exact coordinate search. */
export type SearchName = 'paper' | 'frontier';
export const searchNames: readonly SearchName[] = ['paper', 'frontier'];

/** What a run gets from thresholds for each exit and predicted class, found and drawn as the others are. */
export interface ByClass {
  readonly results: readonly BudgetPoint[];
  readonly curve: readonly CurvePoint[];
}

/** A search whose curves can be compared: thresholds by class are kept beside the runs, since fewer ask for them. */
export type ComparedSearch = SearchName | 'class-aware';
export const comparedSearches: readonly ComparedSearch[] = [...searchNames, 'class-aware'];

/** The images behind the runs of a dataset: the file of their fingerprints, in the order of the traces. */
export interface FingerprintFile {
  readonly file: string;
  readonly count: number;
}

export interface RunIndex {
  readonly format: typeof RUNS_FORMAT;
  /** Seed of the paper's search in every `results`. */
  readonly searchSeed: number;
  readonly runs: readonly RecordedRun[];
  readonly images: Readonly<Record<string, Readonly<Record<'train' | 'test', FingerprintFile>>>>;
  /** By the id of a run; of those that are not in it nobody has searched thresholds by class. */
  readonly byClass?: Readonly<Record<string, ByClass>>;
}

/** The curve of a run under a search; null where it was not searched. */
export function curveUnder(
  { byClass }: RunIndex,
  run: RecordedRun,
  search: ComparedSearch,
): readonly CurvePoint[] | null {
  return search === 'class-aware' ? (byClass?.[run.id]?.curve ?? null) : run.curves[search];
}

/**
 * Reads an index.
 * @param json the parsed content of index.json, whatever it is.
 * @throws Error with a sentence that names the field that is wrong, what was expected and what came.
 */
export function parseRunIndex(json: unknown): RunIndex {
  const index = record(json, 'the index of runs');
  if (index.format !== RUNS_FORMAT)
    throw new Error(
      `The index of runs has the format ${show(index.format)}; expected "${RUNS_FORMAT}".`,
    );
  const runs = list(index.runs, 'runs').map((run, n) => readRun(run, `runs[${n}]`));
  const ids = runs.map(({ id }) => id);
  const twice = ids.find((id, n) => ids.indexOf(id) !== n);
  if (twice !== undefined) throw new Error(`The index of runs lists ${twice} twice.`);
  const images = Object.entries(record(index.images, 'images')).map(([dataset, value]) => {
    const field = `images.${dataset}`;
    const files = record(value, field);
    return [
      dataset,
      {
        train: readFingerprintFile(files.train, `${field}.train`),
        test: readFingerprintFile(files.test, `${field}.test`),
      },
    ] as const;
  });
  return {
    format: RUNS_FORMAT,
    searchSeed: whole(index.searchSeed, 'searchSeed'),
    runs,
    images: Object.fromEntries(images),
    ...(index.byClass !== undefined && { byClass: readByClass(index.byClass) }),
  };
}

function readByClass(value: unknown): Record<string, ByClass> {
  const entries = Object.entries(record(value, 'byClass')).map(([id, entry]) => {
    const field = `byClass.${id}`;
    const { results, curve } = record(entry, field);
    const read = {
      results: readPoints(results, `${field}.results`),
      curve: readCurve(curve, `${field}.curve`),
    };
    return [id, read] as const;
  });
  return Object.fromEntries(entries);
}

function readRun(value: unknown, field: string): RecordedRun {
  const run = record(value, field);
  const exits = readExits(run.exits, `${field}.exits`);
  if (exits.length === 0) throw new Error(`${field}.exits is empty; a run has at least one exit.`);
  const networkFlops = number(run.networkFlops, `${field}.networkFlops`);
  if (networkFlops <= 0)
    throw new Error(`${field}.networkFlops is ${networkFlops}; expected a positive number.`);
  const results = record(run.results, `${field}.results`);
  const curves = record(run.curves, `${field}.curves`);
  return {
    id: text(run.id, `${field}.id`),
    dataset: text(run.dataset, `${field}.dataset`),
    network: text(run.network, `${field}.network`),
    method: text(run.method, `${field}.method`),
    ...(run.held !== undefined && { held: readHeldBy(run.held, `${field}.held`) }),
    budget: readBudget(run.budget, `${field}.budget`),
    classes: readClasses(run.classes, `${field}.classes`),
    exits,
    networkFlops,
    provenance: readProvenance(run.provenance, `${field}.provenance`),
    train: readSplit(run.train, exits.length, `${field}.train`),
    test: readSplit(run.test, exits.length, `${field}.test`),
    results: {
      paper: readPoints(results.paper, `${field}.results.paper`),
      frontier: readPoints(results.frontier, `${field}.results.frontier`),
    },
    curves: {
      paper: readCurve(curves.paper, `${field}.curves.paper`),
      frontier: readCurve(curves.frontier, `${field}.curves.frontier`),
    },
  };
}

function readHeldBy(value: unknown, field: string): Held {
  const { rule: stated, saidBy } = record(value, field);
  const rule = rules.find((one) => one === stated);
  if (!rule) throw new Error(`${field}.rule is ${show(stated)}; expected ${rules.join(', ')}.`);
  if (saidBy !== 'traces' && saidBy !== 'index')
    throw new Error(`${field}.saidBy is ${show(saidBy)}; expected "traces" or "index".`);
  return { rule, saidBy };
}

function readSplit(value: unknown, exits: number, field: string): RecordedSplit {
  const split = record(value, field);
  return {
    file: split.file === null ? null : fileName(split.file, `${field}.file`),
    count: whole(split.count, `${field}.count`),
    accuracy: numbers(split.accuracy, exits, `${field}.accuracy`),
    ...(split.images !== undefined && { images: fileName(split.images, `${field}.images`) }),
  };
}

function readPoints(value: unknown, field: string): BudgetPoint[] {
  return list(value, field).map((entry, n) => {
    const point = record(entry, `${field}[${n}]`);
    const budget = number(point.budget, `${field}[${n}].budget`);
    if (point.accuracy === null) return { budget, accuracy: null };
    return { budget, accuracy: number(point.accuracy, `${field}[${n}].accuracy`) };
  });
}

/** Pairs of cost and accuracy, costs rising: short, since an index holds many. */
function readCurve(value: unknown, field: string): CurvePoint[] {
  let before = -Infinity;
  return list(value, field).map((entry, n) => {
    const [cost, accuracy] = numbers(entry, 2, `${field}[${n}]`) as [number, number];
    if (cost < before)
      throw new Error(`${field}[${n}] costs ${cost}, less than the policy before it (${before}).`);
    before = cost;
    return { cost, accuracy };
  });
}

/**
 * An index as it is written: curves as pairs.
 * @param layout a line a value, which people and diffs can read, or one line for what programs alone read.
 */
export function writeRunIndex(index: RunIndex, layout: 'lines' | 'compact' = 'lines'): string {
  const runs = index.runs.map((run) => ({
    ...run,
    curves: { paper: pairs(run.curves.paper), frontier: pairs(run.curves.frontier) },
  }));
  const byClass = Object.fromEntries(
    Object.entries(index.byClass ?? {}).map(([id, { results, curve }]) => [
      id,
      { results, curve: pairs(curve) },
    ]),
  );
  const written = { ...index, runs, ...(index.byClass && { byClass }) };
  if (layout === 'compact') return `${JSON.stringify(written)}\n`;
  return `${JSON.stringify(written, null, 1).replaceAll(/\[\s+([-\d.e]+),\s+([-\d.e]+)\s+\]/g, '[$1, $2]')}\n`;
}

function pairs(curve: readonly CurvePoint[]): (readonly [number, number])[] {
  return curve.map(({ cost, accuracy }) => [cost, accuracy]);
}

function readFingerprintFile(value: unknown, field: string): FingerprintFile {
  const entry = record(value, field);
  return {
    file: fileName(entry.file, `${field}.file`),
    count: whole(entry.count, `${field}.count`),
  };
}

/** A name of a file in the same folder: it becomes part of an address. */
function fileName(value: unknown, field: string): string {
  const name = text(value, field);
  if (!/^\w[\w.-]*$/.test(name))
    throw new Error(
      `${field} is ${show(name)}; expected the name of a file in the folder of the index.`,
    );
  return name;
}
