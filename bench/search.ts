/**
 * What the threshold searches cost and what they are worth. Of the search by class the time of the processor counts, and
 * the longest wait between two of its steps: whoever stops it between steps waits as long.
 *
 *   npm run bench:search                      random traces of 50,000 images at 10 and 52 exits
 *   npm run bench:search -- NAME [NAME …]     also recorded runs: NAME-train.trace.json and NAME-test.trace.json
 */
import { readFileSync } from 'node:fs';
import { randomTrace } from '../src/core/fixture.ts';
import { frontierSearch, type SearchStep } from '../src/core/search/best.ts';
import { classAwareSearch } from '../src/core/search/class-aware.ts';
import type { Tuned } from '../src/core/search/coordinate.ts';
import { areaUnder, heightAt, replayFrontier, upperHull } from '../src/core/search/frontier.ts';
import { literalSearch } from '../src/core/search/literal.ts';
import { lookup } from '../src/core/search/lookup.ts';
import { PAPER_TARGETS, paperSearch } from '../src/core/search/paper.ts';
import { mixSeeds } from '../src/core/random.ts';
import { decodeTrace } from '../src/core/trace-file.ts';
import type { Trace } from '../src/core/trace.ts';

const SEED = 1;
/** The literal search is run on every n-th target only, and scaled. */
const EVERY = 200;

/**
 * Random images with confidences in the range of E2CM's for ten classes: hardly above 0.1 at the first exits, up to
 * 0.4 at the last ones; later exits are right more often.
 */
function likeE2cm(count: number, exits: number): Trace {
  const trace = randomTrace(count, exits, 10, SEED);
  const confidence = trace.confidence.map((value, at) => {
    const j = Math.floor(at / count);
    // randomTrace spreads exit j over 0.1 + [0, 1.4]·0.1·(j + 1).
    const spread = (value - 0.1) / (0.14 * (j + 1));
    return 0.1 + (0.015 + 0.28 * ((j + 1) / exits) ** 2) * spread ** 2;
  });
  return { ...trace, confidence };
}

function timed<Result>(work: () => Result): { result: Result; seconds: number } {
  const started = performance.now();
  const result = work();
  return { result, seconds: (performance.now() - started) / 1000 };
}

/** Takes all steps of a search: seconds of the processor, and the most between two steps. */
function stepped(steps: Generator<SearchStep, void>) {
  let seconds = 0;
  let longest = 0;
  let policies = 0;
  for (;;) {
    const started = process.cpuUsage();
    const { done, value } = steps.next();
    const { user, system } = process.cpuUsage(started);
    const took = (user + system) / 1e6;
    seconds += took;
    longest = Math.max(longest, took);
    if (done) return { seconds, longest, policies };
    policies += value.found.length;
  }
}

function read(name: string, split: string): Trace {
  const path = `${name}-${split}.trace`;
  return decodeTrace(JSON.parse(readFileSync(`${path}.json`, 'utf8')), readFileSync(`${path}.bin`))
    .trace;
}

function measure(title: string, tuning: Trace): { paper: Tuned[]; frontier: Tuned[] } {
  console.log(`\n${title}: ${tuning.count} images × ${tuning.exits.length} exits, seed ${SEED}`);
  const paper = timed(() => {
    const table = lookup(tuning, 'above');
    return [...paperSearch(table, { seed: SEED })].flatMap((step) => step.found);
  });
  const slow = PAPER_TARGETS.map((target, t) => ({ target, seed: mixSeeds(SEED, t) })).filter(
    (_, t) => t % EVERY === EVERY / 2,
  );
  const literal = timed(() => slow.map((options) => literalSearch(tuning, 'above', options)));
  const scaled = (literal.seconds * PAPER_TARGETS.length) / slow.length;
  const frontier = timed(() => {
    const table = lookup(tuning, 'above');
    return [...frontierSearch(table)].flatMap((step) => step.found);
  });
  console.log(
    `  paper's search, 1,000 targets        ${paper.seconds.toFixed(2)} s, ${paper.result.length} reached`,
  );
  console.log(`  literal, ${slow.length} targets scaled to 1,000    ${scaled.toFixed(1)} s`);
  console.log(`  ratio literal / exact                ${(scaled / paper.seconds).toFixed(1)}×`);
  console.log(
    `  frontier search                      ${frontier.seconds.toFixed(2)} s, ${frontier.result.length} policies tried`,
  );
  console.log(
    `  ratio paper / frontier time          ${(paper.seconds / frontier.seconds).toFixed(1)}×`,
  );
  const plain = stepped(frontierSearch(lookup(tuning, 'above')));
  const byClass = stepped(classAwareSearch(tuning, 'above'));
  const say = ({ seconds, longest, policies }: ReturnType<typeof stepped>): string =>
    `${seconds.toFixed(2)} s of the processor, ${longest.toFixed(2)} s the longest step, ${policies} policies tried`;
  console.log(`  frontier search again                ${say(plain)}`);
  console.log(`  the same by class                    ${say(byClass)}`);
  console.log(
    `  ratio by class / frontier time       ${(byClass.seconds / plain.seconds).toFixed(1)}×`,
  );
  return { paper: upperHull(paper.result), frontier: upperHull(frontier.result) };
}

function compare(split: string, paper: readonly Tuned[], frontier: readonly Tuned[]): void {
  const costs = Array.from({ length: 1000 }, (_, n) => (n + 0.5) / 1000);
  const gains = costs.map((cost) => heightAt(frontier, cost) - heightAt(paper, cost));
  const at = (cost: number): string =>
    (100 * (heightAt(frontier, cost) - heightAt(paper, cost))).toFixed(2);
  console.log(
    `  ${split}: area between the hulls ${(100 * (areaUnder(frontier) - areaUnder(paper))).toFixed(3)} points × cost; ` +
      `least gain ${(100 * Math.min(...gains)).toFixed(2)}, most ${(100 * Math.max(...gains)).toFixed(2)} points; ` +
      `at 0.2/0.3/0.4/0.5: ${[0.2, 0.3, 0.4, 0.5].map(at).join(' / ')}`,
  );
}

for (const exits of [10, 52]) {
  const { paper, frontier } = measure('random trace', likeE2cm(50_000, exits));
  compare('tuning', paper, frontier);
}
for (const name of process.argv.slice(2)) {
  const [train, test] = [read(name, 'train'), read(name, 'test')];
  const { paper, frontier } = measure(`${train.dataset} / ${train.network}`, train);
  compare('train', paper, frontier);
  // The vectors of the train hulls on test, joined as they were: not chosen again there.
  const onTest = (hull: readonly Tuned[]): Tuned[] =>
    [...replayFrontier(hull, test, 'above')].sort((a, b) => a.cost - b.cost);
  compare('test', onTest(paper), onTest(frontier));
}
