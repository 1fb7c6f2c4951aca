/**
 * Tables of recorded runs for docs/results.md:
 *
 *   npm run results                 the runs in public/runs
 *   npm run results -- FOLDER       those of another folder, with an index.json or with any traces
 *   npm run results -- FOLDER RULE  where neither the method nor a file says how confidences are held
 *
 * Thresholds are found on the training trace and drawn on test.
 */
import { clusteringId } from '../src/methods/registry.ts';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rules, sense } from '../src/core/policy.ts';
import { parseRunIndex, type RecordedRun } from '../src/core/run-index.ts';
import { overheadOf, storageOf } from '../src/core/storage.ts';
import { relativeCost } from '../src/core/trace.ts';
import { parseCard, type NetworkCard } from '../src/network/card.ts';
import { clusterTables } from './clusters-table.ts';
import { SEARCHES } from './curves.ts';
import { findingsTable } from './findings-table.ts';
import { makeIndex } from './run-index.ts';
import { methodTables } from './methods-table.ts';

const PUBLIC = fileURLToPath(new URL('../public', import.meta.url));
/** The paper's MB: by it, its 0.242 MB an exit of ResNet-18 come out. */
const MEGABYTE = 2 ** 20;
const TITLES = { paper: "the paper's search", frontier: 'frontier search' } as const;

const percent = (share: number, digits = 2): string => `${(share * 100).toFixed(digits)} %`;
const megabytes = (bytes: number): string => (bytes / MEGABYTE).toFixed(bytes < MEGABYTE ? 3 : 2);
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

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

/** A network's card, if it is here. */
function cardOf(network: string): NetworkCard | null {
  const card = join(PUBLIC, 'networks', network, 'card.json');
  return existsSync(card) ? parseCard(JSON.parse(readFileSync(card, 'utf8'))) : null;
}

/** Class means in MB, and their share of the weights where both are float32. */
function storageTable(runs: readonly RecordedRun[]): string {
  const rows = runs.flatMap((run) => {
    const storage = storageOf(run.exits, run.classes.length);
    if (!storage) return [];
    const { total, mean } = storage;
    const weights = cardOf(run.network)?.weightsBytes ?? null;
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
  return [`### ${named(run)}`, made, perExit, reach].join('\n\n');
}

/** Ends with a sentence, as the other commands do. */
function refuse(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

const folder = process.argv[2] ?? join(PUBLIC, 'runs');
const rule = rules.find((one) => one === process.argv[3]);
if (process.argv[3] && !rule)
  refuse(`The rule is ${process.argv[3]}; expected ${rules.join(', ')}.`);
if (!existsSync(folder)) refuse(`There is no folder ${folder}.`);
const indexed = (name: string): readonly RecordedRun[] =>
  existsSync(join(folder, name))
    ? parseRunIndex(JSON.parse(readFileSync(join(folder, name), 'utf8'))).runs
    : [];
/** An index says by which rule it was made: another one is for another index. */
const made =
  existsSync(join(folder, 'index.json')) && !rule ? null : await makeIndex(folder, { rule });
for (const note of made?.notes ?? []) console.error(note);
const traced = made?.index.runs ?? indexed('index.json');
if (traced.length === 0)
  console.error(`${folder} has no run: expected NAME-train.trace.json and NAME-test.trace.json.`);
const all = [...traced, ...indexed('curves.json')];
/** Of methods that train, those whose budget nobody stated have no place in the tables of budgets. */
const runs = traced.filter(
  ({ method, budget }) => method === 'e2cm' || (budget === null && method !== clusteringId),
);
const cards = [...new Set(all.map(({ network }) => network))].flatMap((id) => cardOf(id) ?? []);
/** The paper is held against what comes with the page. */
const said = process.argv[2] ? [] : ['## What the paper says', findingsTable(all, cards, table)];
const text = [
  ...said,
  '## Accuracy at a budget',
  budgetTable(runs),
  '## Storage',
  storageTable(runs),
  '## Cost of the distances',
  overheadTable(runs),
  '## Every exit',
  ...runs.map((run) => section(run)),
  '## Methods that train',
  ...methodTables(
    all.filter(({ method }) => method !== clusteringId),
    'paper',
    table,
  ),
  '## Clustering',
  ...clusterTables(all, 'paper', table),
];
console.log(text.join('\n\n'));
