/**
 * Inference that stops beside the plain network, at a policy of about half the FLOPs: whether both agree with a replay on
 * every test image that is given, and how long both take, with one image at a time and 128, on one worker, taking turns.
 *
 *   npm run bench:staged [-- --network resnet18-w16-strokes --methods e2cm,sdn --train-images 5000 --test-images 2000]
 *
 * Without OFFRAMP_DATA the images are strokes; with it, CIFAR-10 and resnet18-cifar10.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { trainHull } from '../cli/curves.ts';
import { loadImages, loadNetworkFiles } from '../cli/inputs.ts';
import { spawnThread } from '../cli/spawn.ts';
import { imageBytes } from '../src/core/dataset.ts';
import type { Policy } from '../src/core/policy.ts';
import { replay } from '../src/core/replay.ts';
import { createEngine } from '../src/engine/client/engine.ts';
import { heldIn, isMethodId, METHODS } from '../src/methods/registry.ts';

const folder = process.env.OFFRAMP_DATA ?? '';
const { values } = parseArgs({
  options: {
    dataset: { type: 'string', default: folder ? 'cifar-10' : 'strokes' },
    network: { type: 'string', default: folder ? 'resnet18-cifar10' : 'resnet18-w16-strokes' },
    methods: { type: 'string', default: 'e2cm' },
    'train-images': { type: 'string', default: '10000' },
    'test-images': { type: 'string', default: '10000' },
    epochs: { type: 'string', default: '1' },
    cost: { type: 'string', default: '0.5' },
    rounds: { type: 'string', default: '7' },
  },
});
const ROUNDS = Number(values.rounds);
const COST = Number(values.cost);
const trainImages = Number(values['train-images']);
const dataset = await loadImages({
  id: values.dataset,
  folder,
  strokes: { seed: 1, train: trainImages, test: Number(values['test-images']) },
  testImages: Number(values['test-images']),
});
const files = await loadNetworkFiles(values.network, dataset, 1);
const engine = await createEngine({
  spawn: spawnThread,
  backend: 'wasm',
  workers: availableParallelism(),
});
await engine.loadNetwork({ built: files });

const bytes = imageBytes(dataset.shape);
const imagesAt = (from: number, count: number) =>
  dataset.test.images.subarray(from * bytes, (from + count) * bytes);
const quantile = (numbers: readonly number[], share: number) =>
  [...numbers].sort((a, b) => a - b)[Math.round(share * (numbers.length - 1))]!;

/** Milliseconds an image of both, in turn: medians over rounds, and the spread of their ratios. */
async function race(policy: Policy, batch: number, count: number, repeats: number) {
  const rounds = { staged: [] as number[], plain: [] as number[] };
  for (let round = -1; round < ROUNDS; round++) {
    const spent = { staged: 0, plain: 0 };
    for (let from = 0; from + batch <= count; from += batch)
      for (const name of ['staged', 'plain'] as const) {
        const through = name === 'staged' ? policy : null;
        const { milliseconds } = await engine.drive(imagesAt(from, batch), through, repeats);
        spent[name] += milliseconds.reduce((sum, ms) => sum + ms, 0) / repeats;
      }
    // The first round warms up.
    if (round >= 0)
      for (const name of ['staged', 'plain'] as const) rounds[name].push(spent[name] / count);
  }
  const ratios = rounds.staged.map((ms, round) => ms / rounds.plain[round]!);
  return { staged: quantile(rounds.staged, 0.5), plain: quantile(rounds.plain, 0.5), ratios };
}

console.log(
  `${values.network} on ${values.dataset}, ${engine.backend.description}, one worker drives; a policy at ${COST} of the FLOPs`,
);
for (const id of values.methods.split(',')) {
  if (!isMethodId(id)) throw new Error(`There is no method "${id}".`);
  const options = { trainImages, epochs: Number(values.epochs) };
  const { train, test } = await engine.run(id, dataset, options);
  const hull = trainHull('frontier', train);
  const nearest = hull.reduce((best, point) =>
    Math.abs(point.cost - COST) < Math.abs(best.cost - COST) ? point : best,
  );
  const policy = { rule: heldIn(test), thresholds: nearest.thresholds };
  const outcome = replay(test, policy);
  const cost = outcome.meanFlops / test.networkFlops;
  let [same, other, unsure] = [0, 0, 0];
  for (let from = 0; from < test.count; from += 128) {
    const count = Math.min(128, test.count - from);
    const driven = await engine.drive(imagesAt(from, count), policy);
    for (let i = 0; i < count; i++) {
      const [here, there] = [driven.exitOf[i]!, outcome.exitOf[from + i]!];
      const label = driven.prediction[here * count + i];
      if (here === there && label === test.prediction[there * test.count + from + i]) same++;
      else if (isTie(policy, test.confidence, test.count, Math.min(here, there), from + i))
        unsure++;
      else other++;
    }
  }
  const row = (name: string, { staged, plain, ratios }: Awaited<ReturnType<typeof race>>) =>
    console.log(
      `  ${name}  ${staged.toFixed(2)} ms an image, plain ${plain.toFixed(2)}: ` +
        `${quantile(ratios, 0.5).toFixed(2)} × plain (${quantile(ratios, 0).toFixed(2)}–${quantile(ratios, 1).toFixed(2)})`,
    );
  console.log(
    `${METHODS[id].name}: ${cost.toFixed(3)} of the FLOPs, ${(100 * outcome.accuracy).toFixed(2)} % on ${test.count} test images; ` +
      `exits and labels as replayed: ${same}, ties: ${unsure}, others: ${other}`,
  );
  row('batch   1', await race(policy, 1, Math.min(100, test.count), 2));
  row('batch 128', await race(policy, 128, Math.min(1024, test.count), 1));
}
engine.dispose();

/** Whether an image is within rounding of the threshold at the exit where both part. */
function isTie(
  { thresholds }: Policy,
  confidence: Float32Array,
  count: number,
  exit: number,
  image: number,
): boolean {
  const threshold = thresholds[exit]!;
  return Math.abs(confidence[exit * count + image]! - threshold) <= 1e-6 * Math.abs(threshold);
}
