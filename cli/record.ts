/** Records traces without a page: `npm run record -- --dataset D --network N --method e2cm --out DIR`. */
import { mkdir } from 'node:fs/promises';
import type { Dataset } from '../src/core/dataset.ts';
import { firstOf } from '../src/core/trace.ts';
import { createEngine } from '../src/engine/client/engine.ts';
import type { Progress, RunResult, Training } from '../src/engine/client/types.ts';
import { commit, loadImages, readNetwork } from './inputs.ts';
import { HELP, parseOptions, type RecordAsked } from './options.ts';
import { refreshIndex } from './run-index.ts';
import { spawnThread } from './spawn.ts';
import { checkedFingerprints, writeFingerprints, writeTrace } from './write.ts';

function showProgress({ phase, step, steps, done, total, imagesPerSecond, secondsLeft }: Progress) {
  if (!process.stderr.isTTY) return;
  const left = secondsLeft === null ? '' : `, ${Math.ceil(secondsLeft)} s left`;
  const rate = imagesPerSecond.toFixed(0);
  process.stderr.write(
    `\r${step}/${steps} ${phase}: ${done} of ${total}, ${rate} images/s${left}    `,
  );
}

function showTraining({ exit, epoch, epochs, done, total, loss, accuracy }: Training) {
  if (done < total) return;
  if (process.stderr.isTTY) process.stderr.write('\n');
  console.log(
    `epoch ${epoch} of ${epochs}, ${exit.padEnd(12)} loss ${loss.toFixed(4)}, accuracy ${(100 * accuracy).toFixed(2)} %`,
  );
}

async function record(asked: RecordAsked): Promise<void> {
  const { out } = asked;
  const dataset = await loadImages(asked.images);
  const files = await readNetwork(asked.network);
  await mkdir(out, { recursive: true });
  // Before the long part: images that do not fit the runs in the folder would make it useless.
  const prints = {
    train: await checkedFingerprints(dataset, 'train', out),
    test: await checkedFingerprints(dataset, 'test', out),
  };
  const run = await runOn(dataset, files, asked);
  const train = firstOf(run.train, asked.traceTrain || run.train.count);
  const traces = [
    ...(asked.split === 'test' ? [] : run.holdout ? [train, run.holdout] : [train]),
    ...(asked.split === 'train' ? [] : [run.test]),
  ];
  const { budget } = asked;
  for (const trace of traces) {
    await writeTrace(trace, out, asked.confidence, budget);
    if (trace.split !== 'holdout')
      await writeFingerprints(prints[trace.split], trace.count, dataset.id, trace.split, out);
  }
  await writeIndex(out);
}

async function runOn(
  dataset: Dataset,
  files: ReadonlyMap<string, Uint8Array>,
  { method, options, workers }: RecordAsked,
): Promise<RunResult> {
  const engine = await createEngine({
    backend: 'wasm',
    workers,
    spawn: spawnThread,
    commit: commit(),
    onStatus: ({ message }) => console.log(message),
  });
  try {
    await engine.loadNetwork({ files });
    const run = await engine.run(method, dataset, options, {
      onProgress: showProgress,
      onTraining: showTraining,
    });
    if (process.stderr.isTTY) process.stderr.write('\n');
    for (const { phase, images, seconds, imagesPerSecond } of run.report.phases)
      console.log(
        `${phase}: ${images} images in ${seconds.toFixed(1)} s, ${imagesPerSecond.toFixed(0)}/s`,
      );
    for (const warning of run.report.warnings) console.warn(warning);
    if ('classMeanBytes' in run.report)
      console.log(`class means: ${run.report.classMeanBytes} bytes as float32`);
    return run;
  } finally {
    engine.dispose();
  }
}

async function writeIndex(folder: string): Promise<void> {
  const { index, notes } = await refreshIndex(folder);
  for (const note of notes) console.log(note);
  console.log(`${folder}/index.json: ${index.runs.length} runs`);
}

async function main(): Promise<void> {
  const asked = parseOptions(process.argv.slice(2));
  if (asked.command === 'help') console.log(HELP);
  else if (asked.command === 'index') await writeIndex(asked.folder);
  else await record(asked.record);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
