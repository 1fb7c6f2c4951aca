/** Records traces without a page: `npm run record -- --dataset D --network N --method e2cm --out DIR`. */
import { mkdir } from 'node:fs/promises';
import type { Dataset } from '../src/core/dataset.ts';
import type { Budget } from '../src/core/trace-file.ts';
import { firstOf, type Trace, type TraceSplit } from '../src/core/trace.ts';
import { createEngine, type Engine } from '../src/engine/client/engine.ts';
import { keepOutputs } from '../src/engine/client/kept.ts';
import type { RunResult } from '../src/engine/client/types.ts';
import type { Training } from '../src/methods/contract/training.ts';
import type { ClusteringView } from '../src/methods/contract/clustering.ts';
import { METHODS } from '../src/methods/registry.ts';
import { commit, loadImages, loadNetworkFiles, withExits } from './inputs.ts';
import { HELP, parseOptions, type RecordAsked, type RunAsked } from './options.ts';
import type { Rule } from '../src/core/policy.ts';
import { writeDigests } from './digests.ts';
import { entriesOf, keepCurves, refreshIndex, searchByClass } from './run-index.ts';
import { showProgress } from './progress.ts';
import { spawnThread } from './spawn.ts';
import { checkedFingerprints, writeFingerprints, writeTrace } from './write.ts';

function showClustering({ exit, stage, step, steps, loss, changed, scores }: ClusteringView) {
  if (process.stderr.isTTY) process.stderr.write('\n');
  const moved = changed === null ? '' : `, ${(100 * changed).toFixed(2)} % changed`;
  const right = scores ? `, ACC ${scores.accuracy.toFixed(4)}, NMI ${scores.nmi.toFixed(4)}` : '';
  const off = loss === null ? 'no step' : `loss ${loss.toFixed(4)}`;
  console.log(`${exit} ${stage} ${step} of ${steps}: ${off}${moved}${right}`);
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
  if (dataset.note) console.warn(`${dataset.title}: ${dataset.note}.`);
  for (const sentence of dataset.leftOut ?? []) console.warn(sentence);
  const built = await loadNetworkFiles(asked.network, dataset, 1);
  const files = withExits(built, asked.exits);
  await mkdir(out, { recursive: true });
  // Before the long part: images that do not fit the runs in the folder would make it useless.
  const prints = {
    train: await checkedFingerprints(dataset, 'train', out),
    test: await checkedFingerprints(dataset, 'test', out),
  };
  const several =
    asked.runs.length > 1 && asked.runs.every(({ method }) => 'looksAtSites' in METHODS[method]);
  const day = new Date().toISOString().slice(0, 'yyyy-mm-dd'.length);
  const engine = await createEngine({
    backend: 'wasm',
    workers: asked.workers,
    spawn: spawnThread,
    onStatus: ({ message }) => console.log(message),
    commit: commit(),
    ...(several && { around: keepOutputs() }),
  });
  try {
    await engine.loadNetwork({ built: files });
    for (const one of asked.runs) {
      for (const made of await tracesOf(engine, dataset, one)) {
        const run = {
          ...{ train: dated(made.train, day), test: dated(made.test, day) },
          holdout: made.holdout && dated(made.holdout, day),
        };
        const train = firstOf(run.train, asked.traceTrain || run.train.count);
        const budget = budgetOf(run.test, one.budget);
        if (!one.keepsTraces) {
          await keepCurves(out, entriesOf(train, run.test, budget));
          continue;
        }
        const traces = [
          ...(asked.split === 'test' ? [] : run.holdout ? [train, run.holdout] : [train]),
          ...(asked.split === 'train' ? [] : [run.test]),
        ];
        for (const trace of traces) {
          await writeTrace(trace, out, asked.confidence, budget);
          if (trace.split !== 'holdout')
            await writeFingerprints(prints[trace.split], trace.count, dataset.id, trace.split, out);
        }
      }
    }
  } finally {
    engine.dispose();
  }
  // Runs of which only curves are kept are not in it; to write it anew means to search all others again.
  if (asked.runs.some(({ keepsTraces }) => keepsTraces)) await writeIndex(out);
  else await writeDigests(out);
}

const dated = (trace: Trace, day: string): Trace => ({
  ...trace,
  provenance: { ...trace.provenance, day },
});

/** The budget of a network that came trained is what its own card says, not what was asked for. */
function budgetOf({ provenance }: Trace, asked: Budget | null): Budget | null {
  const { epochs } = provenance.options;
  return asked && typeof epochs === 'number' ? { epochs } : asked;
}

type Traces = Pick<RunResult, 'train' | 'test' | 'holdout'>;

/** The traces of one fit: under the options, then under each further variant. */
async function tracesOf(
  engine: Engine,
  dataset: Dataset,
  { method, options, furtherVariants, budget }: RunAsked,
): Promise<Traces[]> {
  const seed = 'seed' in options ? `, seed ${options.seed}` : '';
  console.log(`${METHODS[method].name}${budget ? `, ${plural(budget.epochs)}${seed}` : ''}`);
  const run = await engine.run(method, dataset, options, {
    onProgress: showProgress,
    onTraining: showTraining,
    onClustering: showClustering,
  });
  if (process.stderr.isTTY) process.stderr.write('\n');
  for (const { phase, images, seconds, imagesPerSecond } of run.report.phases)
    console.log(
      `${phase}: ${images} images in ${seconds.toFixed(1)} s, ${imagesPerSecond.toFixed(0)}/s`,
    );
  for (const warning of run.report.warnings) console.warn(warning);
  const all: Traces[] = [run];
  // What two judges say is the same under every rule by which they go together: the index has them all.
  if (run.test.second) return all;
  for (const variant of furtherVariants) {
    engine.vary(variant);
    const trace = (split: TraceSplit) => engine.trace(dataset, split, { onProgress: showProgress });
    const holdout = run.holdout && (await trace('holdout'));
    all.push({ train: await trace('train'), test: await trace('test'), holdout });
  }
  return all;
}

const plural = (epochs: number): string => `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}`;

async function writeIndex(folder: string, rule?: Rule): Promise<void> {
  const { index, notes } = await refreshIndex(folder, { rule });
  for (const note of notes) console.log(note);
  console.log(`${folder}/index.json: ${index.runs.length} runs`);
}

async function main(): Promise<void> {
  const asked = parseOptions(process.argv.slice(2));
  if (asked.command === 'help') console.log(HELP);
  else if (asked.command === 'index') {
    await writeIndex(asked.folder, asked.rule);
    if (asked.byClass) await searchByClass(asked.folder);
  } else await record(asked.record);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
