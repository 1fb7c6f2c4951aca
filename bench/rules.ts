/**
 * What thresholds by class, two judges' thresholds apart and better knowledge of when to leave are worth on recorded runs.
 * Thresholds are found on the training trace and drawn on test.
 *
 *   npm run bench:rules                            every run of public/runs whose traces are there, as docs/rules.md has it
 *   npm run bench:rules -- FOLDER …                those of these folders
 *   npm run bench:rules -- --only REGEX            some of them
 *   npm run bench:rules -- --discounts 0,1,1.5,2   gains over the plain frontier under other discounts
 *   npm run bench:rules -- --discounts 1.5 --halves 1,2,3   the same, thresholds found on one half of the test images and
 *                                                  drawn on the other; the numbers are seeds of how they are halved
 *   npm run bench:rules -- --discounts 1.5 --fewest 0,5,10  the same under other numbers of images that a class needs at an
 *                                                  exit for a threshold of its own there
 *   npm run bench:rules -- --json FILE             the policies too, for training/rules.py to compute everything again
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { accuracyAtBudget, BUDGETS, SEARCH_SEED, testCurve, trainHull } from '../cli/curves.ts';
import { readTrace } from '../cli/files.ts';
import {
  decided,
  pairCell,
  pairings,
  statedPairing,
  underPairing,
  type Pairing,
} from '../src/core/pairing.ts';
import { randomFrom, shuffled } from '../src/core/random.ts';
import { firstRight, labelStable } from '../src/core/room.ts';
import { classAwareSearch, type ClassAwareOptions } from '../src/core/search/class-aware.ts';
import { hullByWorth, type FrontierPoint } from '../src/core/search/frontier.ts';
import type { Budget } from '../src/core/trace-file.ts';
import { accuracyAt, imagesAt, type Trace } from '../src/core/trace.ts';
import { catalogue, isDatasetId } from '../src/data/catalogue.ts';
import { plainOptions, type SearchId } from '../src/engine/searches.ts';
import {
  classifierIds,
  METHODS,
  ruleOf,
  searchedBy,
  type ClassifierId,
} from '../src/methods/registry.ts';
import { networks } from '../src/network/catalogue.ts';

const RUNS = fileURLToPath(new URL('../public/runs', import.meta.url));
const TRAIN = '-train.trace.json';
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '' },
    discounts: { type: 'string' },
    halves: { type: 'string' },
    fewest: { type: 'string' },
    json: { type: 'string' },
  },
});

interface Run {
  readonly folder: string;
  readonly name: string;
  readonly method: ClassifierId;
  readonly budget: Budget | null;
  readonly train: Trace;
  readonly test: Trace;
}

/** Runs of methods that tell classes apart, in the order of menus: datasets, networks, methods, epochs. */
function runsIn(folders: readonly string[], only: string): Run[] {
  const place = ({ train, method, budget }: Run): number[] => [
    networks.findIndex(({ id }) => id === train.network),
    classifierIds.indexOf(method),
    budget?.epochs ?? 0,
  ];
  return folders
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((file) => file.endsWith(TRAIN) && file.match(only))
        .flatMap((file) => runOf(folder, file.slice(0, -TRAIN.length))),
    )
    .sort((a, b) => {
      const before = place(b);
      return (
        place(a)
          .map((n, i) => n - before[i]!)
          .find((difference) => difference !== 0) ?? 0
      );
    });
}

function runOf(folder: string, name: string): Run[] {
  const { trace: train, budget } = readTrace(join(folder, `${name}-train.trace`));
  const method = classifierIds.find((id) => id === train.method);
  if (!method) return [];
  return [
    {
      folder,
      name,
      method,
      budget,
      train,
      test: readTrace(join(folder, `${name}-test.trace`)).trace,
    },
  ];
}

const percent = (share: number | null): string => (share === null ? '–' : (100 * share).toFixed(2));
const row = (cells: readonly string[]): void => console.log(`| ${cells.join(' | ')} |`);
function head(cells: readonly string[]): void {
  row(cells);
  row(cells.map((_, n) => (n < 2 ? '---' : '---:')));
}

const COSTS = BUDGETS.map((budget) => budget.toFixed(2));
const atBudgets = (curve: readonly FrontierPoint[]): (number | null)[] =>
  BUDGETS.map((budget) => accuracyAtBudget(curve, budget));

/** One way of setting thresholds: a search, and of two judges the rule by which they go together. */
interface Way {
  readonly search: SearchId;
  readonly pairing: Pairing | null;
}

/** The plain way and the one beside it, or that alone: a row for each. */
function waysOf(trace: Trace): readonly (readonly Way[])[] {
  const alone = (search: SearchId, pairing: Pairing | null = null): Way => ({ search, pairing });
  if (!trace.second) return [[alone('frontier'), alone('class-aware')]];
  return pairings.map((pairing) =>
    pairCell(underPairing(trace, pairing)) === 'judge'
      ? [alone('tied', pairing), alone('frontier', pairing)]
      : [alone('frontier', pairing)],
  );
}

const WORDS: Readonly<Record<Pairing, string>> = {
  'and-confidence': 'both confident: tied → apart',
  or: 'either confident: tied → apart',
  'and-label': 'same label',
  'by-label': 'by label',
};

/** Of traces that hold two judges as one: the rule, under which both thresholds were tied when it was recorded. */
function tiedWords({ provenance }: Trace): string {
  const rule = statedPairing(provenance.options);
  return rule ? `${WORDS[rule].replace(/: .*/, '')}, recorded tied` : '';
}

/** What a way finds on the training trace, where it falls on test. */
function drawn({ search, pairing }: Way, { train, test }: Run) {
  const [tuning, on] = [train, test].map((trace) =>
    pairing ? underPairing(trace, pairing) : trace,
  ) as [Trace, Trace];
  const curve = testCurve(trainHull(search, tuning), decided(on));
  return { search, pairing, curve, atBudgets: atBudgets(curve) };
}

/** Dataset and network as menus name them. */
function pairName({ train: { dataset, network } }: Run): string {
  const title = networks.find(({ id }) => id === network)?.title ?? network;
  return `${isDatasetId(dataset) ? catalogue[dataset].title : dataset}, ${title}`;
}

function methodName({ method, budget }: Run): string {
  const { name } = METHODS[method];
  return budget ? `${name}, ${budget.epochs} ${budget.epochs === 1 ? 'epoch' : 'epochs'}` : name;
}

/** Prints a row for every way of a run; returns what training/rules.py computes again. */
function compareWays(run: Run) {
  const { folder, name, train, test, method } = run;
  const [first, stable] = [firstRight(test), labelStable(test)];
  const ways = waysOf(train).map((of) => of.map((way) => drawn(way, run)));
  for (const of of ways) {
    const { pairing } = of[0]!;
    row([
      pairName(run),
      [methodName(run), pairing ? WORDS[pairing] : tiedWords(train)].filter(Boolean).join(', '),
      ...BUDGETS.map((_, b) =>
        [...new Set(of.map(({ atBudgets }) => percent(atBudgets[b]!)))].join(' → '),
      ),
      `${percent(first.accuracy)} at ${first.cost.toFixed(3)}`,
      stable.cost.toFixed(3),
      percent(accuracyAt(test, test.exits.length - 1)),
    ]);
  }
  return {
    ...{ folder, name, rule: ruleOf(method), budgets: BUDGETS, first, stable },
    policies: ways.flat().map(({ curve, ...way }) => ({ ...way, curve: forJson(curve) })),
  };
}

/** Infinity is no JSON number. */
const forJson = (curve: readonly FrontierPoint[]) =>
  curve.map(({ cost, accuracy, thresholds }) => ({
    ...{ cost, accuracy },
    thresholds: thresholds.map((t) => (Number.isFinite(t) ? t : `${t}`)),
  }));

/** What thresholds are found on and what they are drawn on. */
interface Tuning {
  readonly name: string;
  readonly tuning: Trace;
  readonly on: Trace;
}

/** The two splits, or the test images halved by each seed. */
function tunings({ name, train, test }: Run, seeds: readonly number[] | undefined): Tuning[] {
  if (!seeds) return [{ name, tuning: train, on: test }];
  return seeds.map((seed) => {
    const order = shuffled(test.count, randomFrom(seed));
    const half = (from: number, to: number): Trace => imagesAt(test, order.slice(from, to));
    const middle = test.count >> 1;
    return {
      name: `${name}, halved by seed ${seed}`,
      ...{ tuning: half(0, middle), on: half(middle, test.count) },
    };
  });
}

/** What a search by class is asked beside what the page asks. */
type Brakes = Pick<ClassAwareOptions, 'discount' | 'fewest'>;

/**
 * Points of accuracy at each budget that thresholds by class gain over plain ones; null where there are none so cheap.
 * @param plain what those have at each budget.
 */
function gained(
  { tuning, on }: Tuning,
  brakes: Brakes,
  plain: readonly (number | null)[],
): (number | null)[] {
  const asked = { trace: tuning, seed: SEARCH_SEED, ...searchedBy(tuning) };
  const steps = [...classAwareSearch(tuning, asked.rule, { ...plainOptions(asked), ...brakes })];
  const own = atBudgets(testCurve(hullByWorth(steps.flatMap(({ found }) => found)), on));
  return own.map((one, b) => {
    const other = plain[b]!;
    return one === null || other === null ? null : 100 * (one - other);
  });
}

/** Of one judge: what each way of braking gains, by run and in all. */
function compareBrakes(
  runs: readonly Run[],
  all: ReadonlyMap<string, Brakes>,
  seeds: readonly number[] | undefined,
): void {
  head(['run', 'brakes', ...COSTS]);
  const tuned = runs.filter(({ train }) => !train.second).flatMap((run) => tunings(run, seeds));
  const gains = tuned.flatMap((tuning) => {
    const plain = atBudgets(testCurve(trainHull('frontier', tuning.tuning), tuning.on));
    return [...all].map(([name, brakes]) => {
      const points = gained(tuning, brakes, plain);
      row([tuning.name, name, ...points.map((gain) => gain?.toFixed(2) ?? '–')]);
      return { name, points: points.filter((gain) => gain !== null) };
    });
  });
  for (const name of all.keys()) {
    const of = gains.filter((one) => one.name === name).flatMap(({ points }) => points);
    const mean = of.reduce((sum, gain) => sum + gain, 0) / of.length;
    console.log(
      `${name}: mean gain ${mean.toFixed(3)} points over ${of.length} cells, ` +
        `worst ${Math.min(...of).toFixed(2)}, ${of.filter((gain) => gain < -0.1).length} below by more than 0.1`,
    );
  }
}

const numbers = (list: string | undefined): number[] | undefined => list?.split(',').map(Number);
const runs = runsIn(positionals.length > 0 ? positionals : [RUNS], values.only);
const discounts = numbers(values.discounts);
if (discounts) {
  const fewest = numbers(values.fewest);
  const brakes = discounts.flatMap((discount): [string, Brakes][] =>
    fewest
      ? fewest.map((images) => [
          `discount ${discount}, ${images} images`,
          { discount, fewest: images },
        ])
      : [[`discount ${discount}`, { discount }]],
  );
  compareBrakes(runs, new Map(brakes), numbers(values.halves));
} else {
  head(['dataset, network', 'method', ...COSTS, 'first right exit', 'label stable at', 'plain']);
  const compared = runs.map(compareWays);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(compared)}\n`);
}
