/**
 * Tables of recorded runs for docs/results.md:
 *
 *   npm run results -- DIR/DATASET-NETWORK-METHOD [more …]
 *
 * Each name stands for NAME-train.trace.json and NAME-test.trace.json with their .bin files. Thresholds are found on the
 * training trace and drawn on test.
 */
import { readFileSync } from 'node:fs';
import { frontierSearch } from '../src/core/search/best.ts';
import {
  heightAt,
  replayFrontier,
  upperHull,
  type FrontierPoint,
} from '../src/core/search/frontier.ts';
import { lookup } from '../src/core/search/lookup.ts';
import { paperSearch } from '../src/core/search/paper.ts';
import { decodeTrace } from '../src/core/trace-file.ts';
import { accuracyAt, relativeCost, type Trace } from '../src/core/trace.ts';

const BUDGETS = [0.15, 0.2, 0.25, 0.3, 0.4, 0.5];
const SEED = 1;

function read(name: string, split: string): Trace {
  const path = `${name}-${split}.trace`;
  return decodeTrace(JSON.parse(readFileSync(`${path}.json`, 'utf8')), readFileSync(`${path}.bin`))
    .trace;
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Accuracy on test at exactly this cost, time sharing between the two nearest policies of the train hull. */
function at(drawn: readonly FrontierPoint[], budget: number): string {
  const sorted = [...drawn].sort((a, b) => a.cost - b.cost);
  const height = heightAt(sorted, budget);
  return height === 0 ? 'unreachable' : percent(height);
}

function section(name: string): string[] {
  const [train, test] = [read(name, 'train'), read(name, 'test')];
  const table = lookup(train, 'above');
  const hulls = {
    'frontier search': upperHull([...frontierSearch(table)].flatMap((step) => step.found)),
    "the paper's search": upperHull(
      [...paperSearch(table, { seed: SEED })].flatMap((step) => step.found),
    ),
  };
  const { exits } = test;
  const plain = accuracyAt(test, exits.length - 1);
  const frontier = replayFrontier(hulls['frontier search'], test, 'above');
  const near = frontier.find(({ accuracy }) => accuracy >= plain - 0.01);
  return [
    `### ${test.dataset}, ${test.network}`,
    '',
    `E2CM, class means from ${test.provenance.trainImages} training images; test: ${test.count} images. Plain network on ` +
      `test: ${percent(plain)}. Recorded on ${test.provenance.backend}, commit ${test.provenance.commit}` +
      `${test.provenance.seed === null ? '' : `, dataset seed ${test.provenance.seed}`}.`,
    '',
    row(['exit', ...exits.map((exit) => exit.name)]),
    row(['---', ...exits.map(() => '---')]),
    row(['nearest class mean, test', ...exits.map((_, j) => percent(accuracyAt(test, j)))]),
    row(['nearest class mean, train', ...exits.map((_, j) => percent(accuracyAt(train, j)))]),
    row(['relative FLOPs of leaving', ...exits.map((_, j) => relativeCost(test, j).toFixed(3))]),
    '',
    'Accuracy on test at exactly a budget; thresholds found on train, time sharing between the two nearest policies of the hull:',
    '',
    row(['budget', ...BUDGETS.map((budget) => budget.toFixed(2))]),
    row(['---', ...BUDGETS.map(() => '---')]),
    ...Object.entries(hulls).map(([who, hull]) => {
      const drawn = replayFrontier(hull, test, 'above');
      return row([who, ...BUDGETS.map((budget) => at(drawn, budget))]);
    }),
    '',
    `All distances together cost ${percent(relativeCost(test, exits.length - 1) - 1)} of the plain network.`,
    near
      ? `Within a point of the plain network's test accuracy from ${near.cost.toFixed(3)} of the FLOPs on (${percent(near.accuracy)}).`
      : "No policy of the frontier comes within a point of the plain network's test accuracy.",
    '',
  ];
}

for (const name of process.argv.slice(2)) console.log(section(name).join('\n'));
