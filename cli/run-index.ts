/** index.json of a folder of recorded runs, from the files in it. */
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  parseRunIndex,
  RUNS_FORMAT,
  type BudgetPoint,
  type ByClass,
  type CurvePoint,
  type FingerprintFile,
  type RecordedRun,
  type RecordedSplit,
  type RunIndex,
  underHeld,
  writeRunIndex,
} from '../src/core/run-index.ts';
import type { FrontierPoint } from '../src/core/search/frontier.ts';
import { pairings, underPairing } from '../src/core/pairing.ts';
import type { Rule } from '../src/core/policy.ts';
import { accuracyAt, type Trace } from '../src/core/trace.ts';
import { clusteringId, isMethodId } from '../src/methods/registry.ts';
import {
  accuracyAtBudget,
  BUDGETS,
  SEARCH_SEED,
  SEARCHES,
  testCurve,
  trainHull,
} from './curves.ts';
import { writeDigests } from './digests.ts';
import { readTrace } from './files.ts';
import { fingerprintFile, readFingerprints, runId } from './write.ts';

/** How an index is made. */
export interface IndexOptions {
  /** How confidences are held of which neither method nor file says it; else what an index of before was told. */
  readonly rule?: Rule | undefined;
}

/**
 * Writes index.json from the traces of a folder, whoever wrote them, and digests.json.
 * @returns the index, and a sentence about each trace that is not in it.
 */
export async function refreshIndex(
  folder: string,
  options: IndexOptions = {},
): Promise<{ index: RunIndex; notes: string[] }> {
  const result = await makeIndex(folder, options);
  await writeFile(join(folder, 'index.json'), writeRunIndex(result.index));
  await writeDigests(folder);
  return result;
}

/** What `refreshIndex` writes. */
export async function makeIndex(
  folder: string,
  options: IndexOptions = {},
): Promise<{ index: RunIndex; notes: string[] }> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.trace.json')).sort();
  const { pairs, notes } = pairsOf(names);
  const told = await toldBefore(folder);
  const runs: RecordedRun[] = [];
  for (const pair of pairs)
    try {
      runs.push(...readPair(folder, pair, options.rule ?? told.get(pair.id)));
    } catch (error) {
      notes.push(
        `${pair.id} is not in the index. ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  const images: Record<string, Record<'train' | 'test', FingerprintFile>> = {};
  for (const dataset of new Set(runs.map((run) => run.dataset))) {
    const of = runs.filter((run) => run.dataset === dataset);
    const train = await fingerprintsFor(folder, dataset, 'train', of);
    const test = await fingerprintsFor(folder, dataset, 'test', of);
    if (train && test) images[dataset] = { train, test };
    else notes.push(`${dataset} has no fingerprints of its images: thumbnails cannot be found.`);
  }
  return { index: { format: RUNS_FORMAT, searchSeed: SEARCH_SEED, runs, images }, notes };
}

/** The rules that the folder's index was told before; none where there is no index, or it is broken. */
async function toldBefore(folder: string): Promise<ReadonlyMap<string, Rule>> {
  try {
    const { runs } = parseRunIndex(JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')));
    return new Map(
      runs.flatMap(({ id, held }) => (held?.saidBy === 'index' ? [[id, held.rule] as const] : [])),
    );
  } catch {
    return new Map();
  }
}

/** The two traces of a run: names without `.json`. */
interface Pair {
  readonly id: string;
  readonly train: string;
  readonly test: string;
}

/** Splits of a run have one name but for the split in it: ID-test as the recorder writes, ID.test as the page exports. */
const NAME = /^(.*)[-._](train|test)\.trace\.json$/;

function pairsOf(names: readonly string[]): { pairs: Pair[]; notes: string[] } {
  const notes: string[] = [];
  const pairs: Pair[] = [];
  const ids = new Map<string, Partial<Record<'train' | 'test', string>>>();
  for (const name of names) {
    const [, id, split] = NAME.exec(name) ?? [];
    if (id && (split === 'train' || split === 'test'))
      ids.set(id, { ...ids.get(id), [split]: name.slice(0, -'.json'.length) });
    else
      notes.push(
        `${name} is not in the index: its name does not end in -train.trace.json or -test.trace.json.`,
      );
  }
  for (const [id, { train, test }] of ids)
    if (train && test) pairs.push({ id, train, test });
    else notes.push(`${id} is not in the index: it has no ${train ? 'test' : 'train'} trace.`);
  return { pairs, notes };
}

/** File of the runs of which only results and curves are kept. */
const CURVES = 'curves.json';

/** A run as an index lists it when its traces are not kept: of two judges under each rule by which they go together. */
export function entriesOf(train: Trace, test: Trace, budget: RecordedRun['budget']): RecordedRun[] {
  const split = (trace: Trace): RecordedSplit => ({ ...splitOf('', trace), file: null });
  return underEach(train, test).map(([tuning, drawn]) => ({
    id: runId(drawn, budget),
    ...shared(drawn, budget),
    train: split(tuning),
    test: split(drawn),
    ...measured(tuning, drawn),
  }));
}

/** Of two judges, both traces under each rule; else as they are. */
function underEach(train: Trace, test: Trace): (readonly [Trace, Trace])[] {
  if (!test.second) return [[train, test]];
  return pairings.map((rule) => [underPairing(train, rule), underPairing(test, rule)]);
}

/** Adds runs to curves.json, in place of earlier ones of the same names. */
export async function keepCurves(folder: string, added: readonly RecordedRun[]): Promise<void> {
  const { runs: before, ...rest } = await keptCurves(folder);
  const ids = new Set(added.map(({ id }) => id));
  const runs = [...before.filter(({ id }) => !ids.has(id)), ...added].sort((a, b) =>
    a.id < b.id ? -1 : 1,
  );
  await writeCurves(folder, { ...rest, runs });
  for (const id of ids) console.log(`${join(folder, CURVES)}: ${id}, results and curves`);
}

/**
 * Searches thresholds by class for the runs of a folder whose traces are there, and keeps their results and curves in
 * curves.json. Of two judges no thresholds by class are searched, and of clusterings none.
 */
export async function searchByClass(folder: string): Promise<void> {
  const { runs } = parseRunIndex(JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')));
  const byClass: Record<string, ByClass> = {};
  for (const run of runs) {
    const { id, method, train, test } = run;
    if (method === clusteringId || !train.file || !test.file) continue;
    const [tuning, drawn] = [train.file, test.file].map((file) =>
      underHeld(readTrace(join(folder, file)).trace, run),
    ) as [Trace, Trace];
    if (tuning.second) continue;
    const curve = testCurve(trainHull('class-aware', tuning), drawn);
    byClass[id] = { results: atBudgets(curve), curve: curve.map(roundedPoint) };
    console.log(`${join(folder, CURVES)}: ${id}, thresholds by class`);
  }
  await writeCurves(folder, { ...(await keptCurves(folder)), byClass });
  await writeDigests(folder);
}

/** curves.json of a folder; one without runs where there is none yet. */
async function keptCurves(folder: string): Promise<RunIndex> {
  const path = join(folder, CURVES);
  if (existsSync(path)) return parseRunIndex(JSON.parse(await readFile(path, 'utf8')));
  return { format: RUNS_FORMAT, searchSeed: SEARCH_SEED, runs: [], images: {} };
}

const writeCurves = (folder: string, index: RunIndex): Promise<void> =>
  writeFile(join(folder, CURVES), writeRunIndex(index, 'compact'));

/** The runs of one fit as the index of a folder lists them: of two judges one under each rule. */
export const readRuns = (folder: string, id: string): RecordedRun[] =>
  readPair(folder, { id, train: `${id}-train.trace`, test: `${id}-test.trace` }, undefined);

/** @throws Error with a sentence when a trace is broken, the two are not of one run, or nothing says its rule. */
function readPair(folder: string, { id, ...names }: Pair, rule: Rule | undefined): RecordedRun[] {
  const [train, test] = [readTrace(join(folder, names.train)), readTrace(join(folder, names.test))];
  const [before, after] = [train, test].map(({ trace, budget }) => shared(trace, budget));
  if (JSON.stringify(before) !== JSON.stringify(after))
    throw new Error(
      `The two traces of ${id} are not of one run: they differ in network, cost or provenance. Record both again.`,
    );
  const { method } = test.trace;
  if (!test.trace.rule && !isMethodId(method) && !rule)
    throw new Error(
      `Its method “${method}” is not known here, and its files do not say how confidences are held against thresholds: say --rule above, at-least or below.`,
    );
  const held = (trace: Trace): Trace =>
    trace.rule || isMethodId(method) || !rule ? trace : { ...trace, rule };
  return underEach(held(train.trace), held(test.trace)).map(([tuning, drawn]) => ({
    id: drawn.second ? runId(drawn, test.budget) : id,
    ...shared(drawn, test.budget),
    ...heldOf(test.trace, rule),
    train: { ...splitOf(names.train, tuning), ...ownImages(folder, names.train) },
    test: { ...splitOf(names.test, drawn), ...ownImages(folder, names.test) },
    ...measured(tuning, drawn),
  }));
}

/** Fingerprints that lie beside a trace, NAME.images.bin: it is not of the images that its dataset's others are of. */
function ownImages(folder: string, trace: string): Pick<RecordedSplit, 'images'> {
  const images = `${trace.slice(0, -'.trace'.length)}.images.bin`;
  return existsSync(join(folder, images)) ? { images } : {};
}

/** The rule of a trace whose method does not imply one, and who said it. */
function heldOf({ method, rule: own }: Trace, rule: Rule | undefined): Pick<RecordedRun, 'held'> {
  if (own) return { held: { rule: own, saidBy: 'traces' } };
  return isMethodId(method) || !rule ? {} : { held: { rule, saidBy: 'index' } };
}

function shared(trace: Trace, budget: RecordedRun['budget']) {
  const { dataset, network, method, classes, exits, networkFlops, provenance } = trace;
  return { dataset, network, method, budget, classes, exits, networkFlops, provenance };
}

function splitOf(file: string, trace: Trace): RecordedSplit {
  return { file, count: trace.count, accuracy: trace.exits.map((_, j) => accuracyAt(trace, j)) };
}

/** What both searches make of a run; rounded, so that it reads the same on every machine. */
function measured(train: Trace, test: Trace): Pick<RecordedRun, 'results' | 'curves'> {
  const [paper, frontier] = SEARCHES.map((search) => testCurve(trainHull(search, train), test));
  return {
    results: { paper: atBudgets(paper!), frontier: atBudgets(frontier!) },
    curves: { paper: paper!.map(roundedPoint), frontier: frontier!.map(roundedPoint) },
  };
}

const atBudgets = (curve: readonly FrontierPoint[]): BudgetPoint[] =>
  BUDGETS.map((budget) => ({ budget, accuracy: accuracyAtBudget(curve, budget) }));

const rounded = (value: number): number => Number(value.toFixed(6));
const roundedPoint = ({ cost, accuracy }: FrontierPoint): CurvePoint => ({
  cost: rounded(cost),
  accuracy: rounded(accuracy),
});

async function fingerprintsFor(
  folder: string,
  dataset: string,
  split: 'train' | 'test',
  runs: readonly RecordedRun[],
): Promise<FingerprintFile | null> {
  const prints = await readFingerprints(folder, dataset, split);
  if (!prints) return null;
  const file = fingerprintFile(dataset, split);
  const longer = runs.find((run) => !run[split].images && run[split].count > prints.length);
  if (longer)
    throw new Error(
      `${file} has the fingerprints of ${prints.length} images, but ${longer.id} traced ${longer[split].count}.`,
    );
  return { file, count: prints.length };
}
