/**
 * What uint16 confidences change: recorded float32 runs are written as uint16, read back and searched again.
 *
 *   npm run bench:quantisation -- DIR/DATASET-NETWORK-METHOD [more …]
 *
 * Each name stands for NAME-train.trace.json and NAME-test.trace.json with their .bin files. Goal: no curve on test
 * moves by 0.1 points of accuracy anywhere. Exit code 1 when it does.
 */
import { parseArgs } from 'node:util';
import { SEARCHES, testCurve, trainHull } from '../cli/curves.ts';
import { readTrace } from '../cli/files.ts';
import { randomFrom } from '../src/core/random.ts';
import { heightAt, replayFrontier, type FrontierPoint } from '../src/core/search/frontier.ts';
import { decodeTrace, encodeTrace } from '../src/core/trace-file.ts';
import { firstOf, type Trace } from '../src/core/trace.ts';

const GOAL_POINTS = 0.1;
const COSTS = Array.from({ length: 2000 }, (_, n) => (n + 1) / 2000);

const { values, positionals } = parseArgs({
  options: { first: { type: 'string', default: '0' } },
  allowPositionals: true,
});
const first = Number(values.first);

function through16(trace: Trace): Trace {
  const { header, bytes } = encodeTrace(trace, null, 'uint16');
  return decodeTrace(header, bytes).trace;
}

/** Values that lay apart at an exit and no longer do, of all neighbours that lay apart. */
function merged(before: Trace, after: Trace): number {
  let [apart, now] = [0, 0];
  const { count } = before;
  for (let j = 0; j < before.exits.length; j++) {
    const distinct = ({ confidence }: Trace) =>
      new Set(confidence.subarray(j * count, (j + 1) * count)).size;
    apart += distinct(before);
    now += distinct(after);
  }
  return 1 - now / apart;
}

const points = (share: number): string => (100 * share).toFixed(4);
const largest = (values: readonly number[]): number => Math.max(0, ...values.map(Math.abs));

/** The same trace with every confidence moved by at most one unit of its last float32 digit. */
function nudged(trace: Trace): Trace {
  const random = randomFrom(1);
  const confidence = trace.confidence.map((value) => value * (1 + (random() - 0.5) * 2 ** -22));
  return { ...trace, confidence };
}

/** Largest difference of two curves in height at any cost that both reach. */
function gap(a: readonly FrontierPoint[], b: readonly FrontierPoint[]): number {
  const from = Math.max(a[0]!.cost, b[0]!.cost);
  const costs = COSTS.filter((cost) => cost >= from);
  return largest(costs.map((cost) => heightAt(a, cost) - heightAt(b, cost)));
}

let worst = 0;
for (const name of positionals) {
  const whole = readTrace(`${name}-train.trace`).trace;
  const train = first > 0 ? firstOf(whole, first) : whole;
  const test = readTrace(`${name}-test.trace`).trace;
  const [train16, test16] = [through16(train), through16(test)];
  console.log(
    `${train.dataset} / ${train.network}: ${train.count} train, ${test.count} test images × ${test.exits.length} exits; ` +
      `${(100 * merged(train, train16)).toFixed(1)} % of the different confidences on train became equal to another`,
  );
  for (const search of SEARCHES) {
    const hull = trainHull(search, train);
    const hull16 = trainHull(search, train16);
    const on = replayFrontier(hull, test, 'above');
    const on16 = replayFrontier(hull, test16, 'above');
    const accuracy = largest(on.map((point, n) => point.accuracy - on16[n]!.accuracy));
    const cost = largest(on.map((point, n) => point.cost - on16[n]!.cost));
    const curve = testCurve(hull, test);
    const moved = gap(curve, testCurve(hull16, test16));
    const chance = gap(curve, testCurve(trainHull(search, nudged(train)), test));
    worst = Math.max(worst, 100 * moved, 100 * accuracy);
    console.log(
      `  ${search.padEnd(8)} ${hull.length} policies held fixed: accuracy ≤ ${points(accuracy)} points, cost ≤ ` +
        `${points(cost)} %; searched again: train ≤ ${points(gap(hull, hull16))}, test ≤ ${points(moved)} points at any ` +
        `cost; by the last digit of float32 alone: test ≤ ${points(chance)}`,
    );
  }
}
console.log(
  `largest change ${worst.toFixed(4)} points: goal ${GOAL_POINTS} ${worst < GOAL_POINTS ? 'met' : 'MISSED'}`,
);
if (worst >= GOAL_POINTS) process.exitCode = 1;
