/**
 * How long one drag of a slider takes: `replay` of 10,000 images × 52 exits against a plain loop over images.
 * Goal: at most 2 ms in the median. `npm run bench:replay`
 */
import { leaves, type Policy } from '../src/core/policy.ts';
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
function naive(trace: Trace, { rule, thresholds }: Policy) {
  const { count, exits, confidence, prediction, label } = trace;
  const outcomes = Array.from({ length: count }, (_, i) => {
    let exit = exits.findIndex((_, j) => {
      const threshold = thresholds[j];
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
const policies: Record<string, Policy> = {
  '2 % of the arrivals leave at each exit': policyForShares(
    trace,
    'above',
    Array(EXITS - 1).fill(0.02),
  ),
  'nobody leaves early (worst case)': { rule: 'above', thresholds: Array(EXITS - 1).fill(1) },
};

function time(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
const median = (numbers: number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;

let slowest = 0;
for (const [name, policy] of Object.entries(policies)) {
  const a = replay(trace, policy, buffers);
  const b = naive(trace, policy);
  if (a.accuracy !== b.accuracy || Math.abs(a.meanFlops - b.meanFlops) > 1)
    throw new Error(`replay and the naive loop disagree: ${a.accuracy} and ${b.accuracy}.`);
  const ours: number[] = [];
  const plain: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(time(() => replay(trace, policy, buffers)));
    if (round % 10 === 0) plain.push(time(() => naive(trace, policy)));
  }
  slowest = Math.max(slowest, median(ours));
  console.log(
    `${name}: replay ${median(ours).toFixed(2)} ms, naive ${median(plain).toFixed(2)} ms, ` +
      `${(median(plain) / median(ours)).toFixed(1)} × faster (medians of ${ROUNDS} and ${plain.length})`,
  );
}
console.log(
  `${IMAGES} images × ${EXITS} exits: goal ${GOAL_MS} ms ${slowest <= GOAL_MS ? 'met' : 'MISSED'}`,
);
if (slowest > GOAL_MS) process.exitCode = 1;
