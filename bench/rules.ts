/**
 * What thresholds by class, two judges' thresholds apart and better knowledge of when to leave are worth on recorded runs.
 * Thresholds are found on the training trace and drawn on test.
 *
 *   npm run bench:rules                            every run of public/runs whose traces are there, as docs/rules.md has it
 *   npm run bench:rules -- --only REGEX            some of them
 *   npm run bench:rules -- --discounts 0,1,1.5,2   gains over the plain frontier under other discounts
 *   npm run bench:rules -- --discounts 1.5 --halves 1,2,3   the same, thresholds found on one half of the test images and
 *                                                  drawn on the other; the numbers are seeds of how they are halved
 *   npm run bench:rules -- --json FILE             the policies too, for training/rules.py to compute everything again
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { accuracyAtBudget, BUDGETS, SEARCH_SEED } from '../cli/curves.ts';
import { readTrace } from '../cli/files.ts';
import {
  decided,
  pairCell,
  pairings,
  statedPairing,
  underPairing,
  type Pairing,
} from '../src/core/pairing.ts';
import type { Rule } from '../src/core/policy.ts';
import { randomFrom, shuffled } from '../src/core/random.ts';
import { firstRight, labelStable } from '../src/core/room.ts';
import { classAwareSearch } from '../src/core/search/class-aware.ts';
import type { Tuned } from '../src/core/search/coordinate.ts';
import { hullByWorth, replayFrontier, type FrontierPoint } from '../src/core/search/frontier.ts';
import { accuracyAt, imagesAt, type Trace } from '../src/core/trace.ts';
import { searchSteps, type SearchId } from '../src/engine/searches.ts';
import { clusteringId, isMethodId, METHODS, ruleOf, searchedBy } from '../src/methods/registry.ts';

const RUNS = fileURLToPath(new URL('../public/runs', import.meta.url));
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    discounts: { type: 'string' },
    halves: { type: 'string' },
    json: { type: 'string' },
  },
});

const percent = (share: number | null): string => (share === null ? '–' : (100 * share).toFixed(2));
const row = (cells: readonly string[]): void => console.log(`| ${cells.join(' | ')} |`);

const found = (search: SearchId, train: Trace): Tuned[] =>
  [...searchSteps({ search, trace: train, seed: SEARCH_SEED, ...searchedBy(train) })].flatMap(
    (step) => step.found,
  );
const onTest = (hull: readonly Tuned[], test: Trace, rule: Rule): FrontierPoint[] =>
  [...replayFrontier(hull, test, rule)].sort((a, b) => a.cost - b.cost);
const atBudgets = (curve: readonly FrontierPoint[]): (number | null)[] =>
  BUDGETS.map((budget) => accuracyAtBudget(curve, budget));

/** Infinity is no JSON number. */
const forJson = (curve: readonly FrontierPoint[]) =>
  curve.map(({ cost, accuracy, thresholds }) => ({
    ...{ cost, accuracy },
    thresholds: thresholds.map((t) => (Number.isFinite(t) ? t : `${t}`)),
  }));

const names = readdirSync(RUNS)
  .filter((file) => file.endsWith('-train.trace.json') && file.match(values.only))
  .map((file) => file.slice(0, -'-train.trace.json'.length));
const discounts = values.discounts?.split(',').map(Number);
const halves = values.halves?.split(',').map(Number);
const written: unknown[] = [];

/** One way of setting thresholds: a search, and of two judges the rule by which they go together. */
interface Way {
  readonly search: SearchId;
  readonly pairing: Pairing | null;
}

/** The plain way and the one beside it, or that alone. */
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
function drawn({ search, pairing }: Way, train: Trace, test: Trace) {
  const [tuning, on] = [train, test].map((trace) =>
    pairing ? underPairing(trace, pairing) : trace,
  ) as [Trace, Trace];
  const curve = onTest(hullByWorth(found(search, tuning)), decided(on), ruleOf(train.method));
  return { search, pairing, curve, atBudgets: atBudgets(curve) };
}

/** What thresholds are found on and what they are drawn on: the two splits, or the test images halved by each seed. */
function tunings(train: Trace, test: Trace) {
  if (!halves) return [{ tuning: train, on: test, seed: null }];
  return halves.map((seed) => {
    const order = shuffled(test.count, randomFrom(seed));
    const middle = test.count >> 1;
    const [tuning, on] = [order.slice(0, middle), order.slice(middle)].map((places) =>
      imagesAt(test, places),
    ) as [Trace, Trace];
    return { tuning, on, seed };
  });
}

const head = ['dataset, network', 'method', ...BUDGETS.map((budget) => budget.toFixed(2))];
const cells = discounts ? head : [...head, 'first right exit', 'label stable at', 'plain'];
row(cells);
row(cells.map((_, n) => (n < 2 ? '---' : '---:')));
const gains = discounts?.map(() => [] as number[]);
for (const name of names) {
  const { trace: train, budget } = readTrace(join(RUNS, `${name}-train.trace`));
  const { trace: test } = readTrace(join(RUNS, `${name}-test.trace`));
  if (train.method === clusteringId || !isMethodId(train.method)) continue;
  const rule = ruleOf(train.method);
  if (discounts && gains) {
    if (train.second) continue;
    for (const { tuning, on, seed } of tunings(train, test)) {
      const plainly = atBudgets(onTest(hullByWorth(found('frontier', tuning)), on, rule));
      for (const [d, discount] of discounts.entries()) {
        const steps = [...classAwareSearch(tuning, rule, { discount })];
        const own = atBudgets(onTest(hullByWorth(steps.flatMap((s) => s.found)), on, rule));
        const gained = own.map((one, b) =>
          one === null || plainly[b]! === null ? null : 100 * (one - plainly[b]!),
        );
        gains[d]!.push(...gained.filter((gain) => gain !== null));
        row([
          seed === null ? name : `${name}, halved by seed ${seed}`,
          `discount ${discount}`,
          ...gained.map((g) => (g === null ? '–' : g.toFixed(2))),
        ]);
      }
    }
    continue;
  }
  const [first, stable] = [firstRight(test), labelStable(test)];
  const what = budget
    ? `${METHODS[train.method].name}, ${budget.epochs} ${budget.epochs === 1 ? 'epoch' : 'epochs'}`
    : METHODS[train.method].name;
  const ideal = [
    `${percent(first.accuracy)} at ${first.cost.toFixed(3)}`,
    stable.cost.toFixed(3),
    percent(accuracyAt(test, test.exits.length - 1)),
  ];
  const ways = waysOf(train).map((of) => of.map((way) => drawn(way, train, test)));
  for (const of of ways) {
    const said = [what, of[0]!.pairing ? WORDS[of[0]!.pairing] : tiedWords(train)];
    const texts = BUDGETS.map((_, b) => [
      ...new Set(of.map(({ atBudgets }) => percent(atBudgets[b]!))),
    ]);
    row([
      `${train.dataset}, ${train.network}`,
      said.filter(Boolean).join(', '),
      ...texts.map((t) => t.join(' → ')),
      ...ideal,
    ]);
  }
  written.push({
    name,
    rule,
    budgets: BUDGETS,
    ...{ first, stable },
    policies: ways.flat().map(({ curve, ...way }) => ({ ...way, curve: forJson(curve) })),
  });
}
for (const [d, of] of (gains ?? []).entries()) {
  const mean = of.reduce((sum, gain) => sum + gain, 0) / of.length;
  const below = of.filter((gain) => gain < -0.1).length;
  console.log(
    `discount ${discounts![d]}: mean gain ${mean.toFixed(3)} points over ${of.length} cells, ` +
      `worst ${Math.min(...of).toFixed(2)}, ${below} below by more than 0.1`,
  );
}
if (values.json) writeFileSync(values.json, `${JSON.stringify(written)}\n`);
