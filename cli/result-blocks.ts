/** What docs/results.md takes from recorded runs, block by block: tables, and sentences made of their provenance. */
import { sense } from '../src/core/policy.ts';
import type { RecordedRun } from '../src/core/run-index.ts';
import { overheadOf, storageOf } from '../src/core/storage.ts';
import { relativeCost } from '../src/core/trace.ts';
import { clusteringId } from '../src/methods/registry.ts';
import type { NetworkCard } from '../src/network/card.ts';
import { clusterTables } from './clusters-table.ts';
import { SEARCHES } from './curves.ts';
import { findingsTable } from './findings-table.ts';
import { methodTables } from './methods-table.ts';
import { table } from './tables.ts';

/** The paper's MB: by it, its 0.242 MB an exit of ResNet-18 come out. */
const MEGABYTE = 2 ** 20;
const TITLES = { paper: "the paper's search", frontier: 'frontier search' } as const;

const percent = (share: number, digits = 2): string => `${(share * 100).toFixed(digits)} %`;
const megabytes = (bytes: number): string => (bytes / MEGABYTE).toFixed(bytes < MEGABYTE ? 3 : 2);

/** Methods other than E2CM are named. */
const named = ({ dataset, network, method }: RecordedRun): string =>
  [dataset, network, ...(method === 'e2cm' ? [] : [method])].join(', ');
const plainOf = ({ test }: RecordedRun): number => test.accuracy.at(-1)!;

/** The run's policies at each budget. */
function budgetTable(runs: readonly RecordedRun[]): string {
  if (runs.length === 0) return '';
  const budgets = runs[0]!.results.paper.map(({ budget }) => budget.toFixed(2));
  const rows = runs.flatMap((run) =>
    SEARCHES.map((search) => [
      named(run),
      TITLES[search],
      ...run.results[search].map(({ accuracy }) =>
        accuracy === null ? 'unreachable' : percent(accuracy),
      ),
      percent(plainOf(run)),
    ]),
  );
  return table(['', 'thresholds by', ...budgets, 'plain network'], rows);
}

/** Class means in MB, and their share of the weights where both are float32. */
function storageTable(runs: readonly RecordedRun[], cards: readonly NetworkCard[]): string {
  const rows = runs.flatMap((run) => {
    const storage = storageOf(run.exits, run.classes.length);
    if (!storage) return [];
    const { total, mean } = storage;
    const weights = cards.find(({ id }) => id === run.network)?.weightsBytes ?? null;
    return [
      [
        named(run),
        `${run.exits.length}`,
        megabytes(total.float32),
        megabytes(total.float64),
        megabytes(mean.float64),
        weights === null ? '' : megabytes(weights),
      ],
    ];
  });
  const head = ['', 'exits', 'all, float32', 'all, float64', 'an exit on average, float64'];
  return table([...head, 'weights as stored'], rows);
}

function overheadTable(runs: readonly RecordedRun[]): string {
  const rows = runs.flatMap((run) => {
    const overhead = overheadOf(run, run.classes.length);
    if (!overhead) return [];
    const { perExit, largest, total } = overhead;
    const { stage, distance, share } = perExit[largest]!;
    const others = perExit.filter((_, j) => j !== largest).map((exit) => exit.share);
    return [
      [
        named(run),
        percent(share, 1),
        percent(distance / (stage + distance), 1),
        run.exits[largest]!.name,
        percent(Math.max(0, ...others), 1),
        percent(total),
      ],
    ];
  });
  const head = ['', 'largest share of a stage', 'of stage and distances together', 'at'];
  return table([...head, 'next largest', 'all distances, of the plain network'], rows);
}

/** By which rule a run was read whose method does not imply one. */
const heldWords = ({ held }: RecordedRun): string =>
  held
    ? ` An image leaves where its confidence ${sense(held.rule).symbol} T, as ${held.saidBy === 'traces' ? 'its traces say' : 'whoever made the index said'}.`
    : '';

function section(run: RecordedRun): string {
  const { exits, provenance, train, test } = run;
  const curve = run.curves.frontier;
  const plain = plainOf(run);
  const near = curve.find(({ accuracy }) => accuracy >= plain - 0.01);
  const isE2cm = run.method === 'e2cm';
  const { trainImages, backend, commit, seed } = provenance;
  const from =
    trainImages === 0
      ? `${run.method}, training images not stated`
      : `${isE2cm ? 'E2CM, class means from' : `${run.method}, trained on`} ${trainImages} training images`;
  const made =
    `${from}; traced: the first ${train.count} training ` +
    `and ${test.count} test images. Plain network on test: ${percent(plain)}. Recorded on ${backend}, ` +
    `commit ${commit}${seed === null ? '' : `, dataset seed ${seed}`}.${heldWords(run)}`;
  const exitWords = isE2cm ? 'nearest class mean' : 'accuracy';
  const perExit = table(
    ['exit', ...exits.map((exit) => exit.name)],
    [
      [`${exitWords}, test`, ...test.accuracy.map((share) => percent(share))],
      [`${exitWords}, train`, ...train.accuracy.map((share) => percent(share))],
      ['relative FLOPs of leaving', ...exits.map((_, j) => relativeCost(run, j).toFixed(3))],
    ],
  );
  const reach = near
    ? `Within a point of the plain network's test accuracy from ${near.cost.toFixed(3)} of the FLOPs on (${percent(near.accuracy)}).`
    : "No policy of the frontier comes within a point of the plain network's test accuracy.";
  return [made, perExit, reach].join('\n\n');
}

/** Plain accuracy of every network that was recorded, as its card has it. */
function networkTable(cards: readonly NetworkCard[]): string {
  const rows = cards.map(
    ({ id, dataset, testAccuracy, testImages, trainImages, epochs, quantisation }) => [
      `\`${id}\``,
      dataset,
      `${percent(testAccuracy.before)} → ${percent(testAccuracy.after)}`,
      `${testImages}`,
      `${trainImages}`,
      epochs === null ? 'not stated' : `${epochs}`,
      quantisation.split(';')[0]!,
    ],
  );
  return table(
    [
      'network',
      'dataset',
      'on test, before → after quantisation',
      'test images',
      'training images',
      'epochs',
      'weights',
    ],
    rows,
  );
}

export interface Recorded {
  /** Runs whose traces are there. */
  readonly traced: readonly RecordedRun[];
  /** Runs of which only results and curves were kept. */
  readonly others: readonly RecordedRun[];
  /** Cards of the networks that are here. */
  readonly cards: readonly NetworkCard[];
}

/** A heading, what stands under it before its parts, and its parts by their names. */
export interface Section {
  readonly heading: string;
  /** Name of a block and its text. */
  readonly blocks: ReadonlyMap<string, string>;
}

/**
 * Everything that is printed of recorded runs.
 * @param isPapers whether they are held against the paper: those that come with the page are.
 */
export function sectionsOf({ traced, others, cards }: Recorded, isPapers: boolean): Section[] {
  const all = [...traced, ...others];
  /** Of methods that train, those whose budget nobody stated have no place in the tables of budgets. */
  const runs = traced.filter(
    ({ method, budget }) => method === 'e2cm' || (budget === null && method !== clusteringId),
  );
  const one = (heading: string, name: string, text: string): Section => ({
    heading,
    blocks: new Map(text === '' ? [] : [[name, text]]),
  });
  const many = (heading: string, kind: string, tables: ReadonlyMap<string, string>): Section => ({
    heading,
    blocks: new Map([...tables].map(([of, text]) => [`${kind} ${of}`, text])),
  });
  const trained = all.filter(({ method }) => method !== clusteringId);
  const sections = new Map(runs.map((run) => [named(run).replaceAll(', ', ' '), section(run)]));
  return [
    one('Networks', 'networks', cards.length === 0 ? '' : networkTable(cards)),
    one('What the paper says', 'findings', isPapers ? findingsTable(all, cards) : ''),
    one('Accuracy at a budget', 'budgets', budgetTable(runs)),
    one('Storage', 'storage', storageTable(runs, cards)),
    one('Cost of the distances', 'distances', overheadTable(runs)),
    many('Every exit', 'exits', sections),
    many('Methods that train', 'methods', methodTables(trained, 'paper')),
    many('Clustering', 'clusters', clusterTables(all)),
  ];
}
