/**
 * How long one drag of a slider takes: `replay` of 10,000 images × 52 exits against a plain loop over images, with a
 * threshold an exit and with one for each exit and predicted class of ten, in turn.
 * Goal: at most 2 ms in the median, in time of the processor: a loaded machine adds its waits. `npm run bench:replay`
 */
import { forEachClass, isClassAware, leaves, type Policy } from '../src/core/policy.ts';
import { policyForShares } from '../src/core/quantile.ts';
import { randomFrom } from '../src/core/random.ts';
import { replay, replayBuffers } from '../src/core/replay.ts';
import type { Trace } from '../src/core/trace.ts';

const IMAGES = 10_000;
const EXITS = 52;
const ROUNDS = 200;
const GOAL_MS = 2;

function randomTrace(): Trace {
  const random = randomFrom(1);
  const cells = IMAGES * EXITS;
  return {
    dataset: 'random',
    network: 'random',
    method: 'random',
    split: 'test',
    classes: Array.from({ length: 10 }, (_, k) => String(k)),
    count: IMAGES,
    total: IMAGES,
    exits: Array.from({ length: EXITS }, (_, j) => ({
      name: `exit ${j}`,
      stage: j,
      flops: 1e6 * (j + 1),
    })),
    networkFlops: 5e7,
    label: Uint8Array.from({ length: IMAGES }, () => random() * 10),
    prediction: Uint8Array.from({ length: cells }, () => random() * 10),
    confidence: Float32Array.from({ length: cells }, () => 0.1 + 0.1 * random()),
    provenance: { commit: 'bench', backend: 'none', seed: 1, trainImages: 0, options: {} },
  };
}

/** Algorithm 1 as one would write it down: image by image, exit by exit, one object an image. */
function naive(trace: Trace, policy: Policy) {
  const { count, exits, classes, confidence, prediction, label } = trace;
  const { rule, thresholds } = policy;
  const isByClass = isClassAware(policy, trace);
  const outcomes = Array.from({ length: count }, (_, i) => {
    let exit = exits.findIndex((_, j) => {
      const threshold = thresholds[isByClass ? j * classes.length + prediction[j * count + i]! : j];
      return threshold !== undefined && leaves(rule, confidence[j * count + i]!, threshold);
    });
    if (exit < 0) exit = exits.length - 1;
    return { exit, right: prediction[exit * count + i] === label[i], flops: exits[exit]!.flops };
  });
  return {
    accuracy: outcomes.filter(({ right }) => right).length / count,
    meanFlops: outcomes.reduce((sum, { flops }) => sum + flops, 0) / count,
  };
}

const trace = randomTrace();
const buffers = replayBuffers(IMAGES, EXITS);
const rule = 'above';
/** Beyond every confidence. */
const BEYOND = 1;
const shares = policyForShares(trace, rule, Array(EXITS - 1).fill(0.02)).thresholds;
const plainly: Record<string, readonly number[]> = {
  '2 % of the arrivals leave at each exit': shares,
  'nobody leaves early': Array(EXITS - 1).fill(BEYOND),
  '2 % leave at the first exit, nobody after it': [
    shares[0]!,
    ...Array<number>(EXITS - 2).fill(BEYOND),
  ],
};
/** About as many leave as under the plain thresholds, and no two classes have the same one. */
const byClass = (thresholds: readonly number[]): number[] => {
  const { length } = trace.classes;
  return forEachClass(thresholds, length).map((t, at) => t + 1e-4 * ((at % length) - length / 2));
};

/** Milliseconds of the processor. */
function time(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;

/** @throws Error when the two do not agree. */
function checked(policy: Policy): Policy {
  const a = replay(trace, policy, buffers);
  const b = naive(trace, policy);
  if (a.accuracy !== b.accuracy || Math.abs(a.meanFlops - b.meanFlops) > 1)
    throw new Error(`replay and the naive loop disagree: ${a.accuracy} and ${b.accuracy}.`);
  return policy;
}

let slowest = 0;
for (const [name, thresholds] of Object.entries(plainly)) {
  const plain = checked({ rule, thresholds });
  const apart = checked({ rule, thresholds: byClass(thresholds) });
  const took = {
    plain: [] as number[],
    naive: [] as number[],
    apart: [] as number[],
    naiveApart: [] as number[],
  };
  for (let round = 0; round < ROUNDS; round++) {
    took.plain.push(time(() => replay(trace, plain, buffers)));
    took.apart.push(time(() => replay(trace, apart, buffers)));
    if (round % 10 > 0) continue;
    took.naive.push(time(() => naive(trace, plain)));
    took.naiveApart.push(time(() => naive(trace, apart)));
  }
  const say = (ours: readonly number[], theirs: readonly number[]): string =>
    `replay ${median(ours).toFixed(2)} ms (least ${Math.min(...ours).toFixed(2)}), naive ${median(theirs).toFixed(2)} ms, ` +
    `${(median(theirs) / median(ours)).toFixed(1)} × faster (medians of ${ours.length} and ${theirs.length})`;
  slowest = Math.max(slowest, median(took.plain), median(took.apart));
  console.log(`${name}: ${say(took.plain, took.naive)}`);
  console.log(
    `  by class: ${say(took.apart, took.naiveApart)}, ` +
      `${(median(took.apart) / median(took.plain)).toFixed(2)} × the replay of plain thresholds`,
  );
}
console.log(
  `${IMAGES} images × ${EXITS} exits: goal ${GOAL_MS} ms ${slowest <= GOAL_MS ? 'met' : 'MISSED'}`,
);
if (slowest > GOAL_MS) process.exitCode = 1;
