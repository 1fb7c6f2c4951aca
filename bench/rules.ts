/**
 * What thresholds by class and better knowledge of when to leave are worth on recorded runs. Thresholds are found on the
 * training trace and drawn on test.
 *
 *   npm run bench:rules                            every run of public/runs whose traces are there
 *   npm run bench:rules -- --only REGEX            some of them
 *   npm run bench:rules -- --discounts 0,1,1.5,2   gains over the plain frontier under other discounts
 *   npm run bench:rules -- --json FILE             the policies too, for training/rules.py to compute everything again
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { accuracyAtBudget, BUDGETS, SEARCH_SEED } from '../cli/curves.ts';
import { readTrace } from '../cli/files.ts';
import type { Rule } from '../src/core/policy.ts';
import { firstRight, labelStable } from '../src/core/room.ts';
import { classAwareSearch } from '../src/core/search/class-aware.ts';
import type { Tuned } from '../src/core/search/coordinate.ts';
import { hullByWorth, replayFrontier, type FrontierPoint } from '../src/core/search/frontier.ts';
import { accuracyAt, type Trace } from '../src/core/trace.ts';
import { searchSteps, type SearchId } from '../src/engine/searches.ts';
import { clusteringId, ruleOf, searchedBy } from '../src/methods/registry.ts';

const RUNS = fileURLToPath(new URL('../public/runs', import.meta.url));
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    discounts: { type: 'string' },
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
const written: unknown[] = [];

row(['run', 'policies', ...BUDGETS.map((budget) => budget.toFixed(2))]);
row(['---', '---', ...BUDGETS.map(() => '---:')]);
const gains = discounts?.map(() => [] as number[]);
for (const name of names) {
  const { trace: train } = readTrace(join(RUNS, `${name}-train.trace`));
  const { trace: test } = readTrace(join(RUNS, `${name}-test.trace`));
  if (train.method === clusteringId) continue;
  const rule = ruleOf(train.method);
  const plain = onTest(hullByWorth(found('frontier', train)), test, rule);
  const plainly = atBudgets(plain);
  if (discounts && gains) {
    for (const [d, discount] of discounts.entries()) {
      const own = atBudgets(
        onTest(
          hullByWorth([...classAwareSearch(train, rule, { discount })].flatMap((s) => s.found)),
          test,
          rule,
        ),
      );
      const gained = own.map((one, b) =>
        one === null || plainly[b]! === null ? null : 100 * (one - plainly[b]!),
      );
      gains[d]!.push(...gained.filter((gain) => gain !== null));
      row([name, `discount ${discount}`, ...gained.map((g) => (g === null ? '–' : g.toFixed(2)))]);
    }
    continue;
  }
  const byClass = onTest(hullByWorth(found('class-aware', train)), test, rule);
  const [first, stable] = [firstRight(test), labelStable(test)];
  row([name, 'frontier', ...plainly.map(percent)]);
  row(['', `by class (of ${test.classes.length})`, ...atBudgets(byClass).map(percent)]);
  row([
    '',
    `first right exit ${percent(first.accuracy)} at ${first.cost.toFixed(3)}; label stable at ${stable.cost.toFixed(3)}; plain network ${percent(accuracyAt(test, test.exits.length - 1))}`,
    ...BUDGETS.map(() => ''),
  ]);
  written.push({
    name,
    rule,
    budgets: BUDGETS,
    ...{ first, stable },
    frontier: { curve: forJson(plain), atBudgets: plainly },
    byClass: { curve: forJson(byClass), atBudgets: atBudgets(byClass) },
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
