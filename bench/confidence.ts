/**
 * `npm run bench:confidence`: what another confidence of kept scores takes on one thread, fitted and made of every image:
 * 10,000 images × 10 exits × 10 classes, and 50,000 × 52 × 10. The least of several rounds behind one that is not counted,
 * in milliseconds that the processor gave, which others on the machine hardly change. With temperatures the reliability of every exit before them is worked out too.
 *   npm run bench:confidence -- 9        so many rounds; 5 by default
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { readChoice } from '../src/core/confidence/choice.ts';
import { encodeScores, keepRows } from '../src/core/kept-scores.ts';
import { randomFrom } from '../src/core/random.ts';
import type { Trace } from '../src/core/trace.ts';
import { hold } from '../src/data/traces/hold.ts';
import type { OpenedRun } from '../src/data/traces/runs.ts';

const CHOICES = [
  ...['max-softmax', 'margin', 'entropy', 'max-softmax.mean', 'max-softmax.product'],
  ...['max-softmax.alone.tempered', 'max-softmax.mean.tempered', 'max-softmax.weighted'],
];
const SIZES = [
  [10_000, 10, 10],
  [50_000, 52, 10],
] as const;
const rounds = Number(process.argv[2] ?? 5);

/** Logits that get better from exit to exit, as those of a trained network do. */
function run(count: number, exits: number, classes: number): OpenedRun {
  const random = randomFrom(1);
  const label = Uint8Array.from({ length: count }, () => random() * classes);
  const scores = new Uint16Array(count * exits * classes);
  const prediction = new Uint8Array(count * exits);
  const logits = new Float64Array(count * classes);
  for (let j = 0; j < exits; j++) {
    for (let at = 0; at < logits.length; at++) logits[at] = 4 * (random() + random() + random());
    for (let i = 0; i < count; i++) logits[i * classes + label[i]!]! += 2 + (6 * j) / exits;
    keepRows(
      { values: logits, first: 0, step: classes },
      { kind: 'logits', images: count, classes },
      { scores, to: j * count * classes },
    );
    for (let i = 0; i < count; i++) {
      const row = logits.subarray(i * classes, (i + 1) * classes);
      prediction[j * count + i] = row.indexOf(Math.max(...row));
    }
  }
  const test: Trace = {
    ...{ dataset: 'many', network: 'deep', method: 'max-softmax', rule: 'at-least', split: 'test' },
    classes: Array.from({ length: classes }, (_, k) => `${k}`),
    ...{ count, total: count, networkFlops: exits, label, prediction },
    exits: Array.from({ length: exits }, (_, stage) => ({
      ...{ name: `exit ${stage}`, stage, flops: stage + 1 },
    })),
    confidence: new Float32Array(count * exits),
    provenance: { commit: 'bench', backend: 'none', seed: 1, trainImages: 0, options: {} },
  };
  return {
    ...{ traces: { test, holdout: { ...test, split: 'holdout' } }, files: [], budget: null },
    scores: { holdout: new Blob([encodeScores(scores)]) },
  };
}

console.log(
  `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), load ${loadavg()[0]!.toFixed(1)}; least of ${rounds} rounds`,
);
for (const [images, exits, classes] of SIZES) {
  const opened = run(images, exits, classes);
  for (const text of CHOICES) {
    const times: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const begun = process.cpuUsage();
      await hold(
        { run: opened, choice: readChoice(text)!, isHalved: false },
        new AbortController().signal,
      );
      const { user, system } = process.cpuUsage(begun);
      times.push((user + system) / 1000);
    }
    console.log(
      `${`${images} × ${exits} × ${classes}`.padEnd(16)} ${text.padEnd(28)} ${Math.min(...times.slice(1)).toFixed(0)} ms`,
    );
  }
}
