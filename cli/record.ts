/** Records traces without a page: `npm run record -- --dataset D --network N --method e2cm --out DIR`. */
import { mkdir } from 'node:fs/promises';
import type { Dataset } from '../src/core/dataset.ts';
import type { Budget } from '../src/core/trace-file.ts';
import { firstOf, type Trace, type TraceSplit } from '../src/core/trace.ts';
import { Pool } from '../src/engine/client/pool.ts';
import type { Method } from '../src/methods/contract/method.ts';
import type { MethodReport, MethodRun, Progress } from '../src/methods/contract/run.ts';
import type { Runner } from '../src/methods/contract/runner.ts';
import type { Training } from '../src/methods/contract/training.ts';
import type { ClusteringView } from '../src/methods/contract/clustering.ts';
import type { OptionValues } from '../src/core/options/option.ts';
import { knownOptions, METHODS } from '../src/methods/registry.ts';
import type { NetworkFiles } from '../src/network/files.ts';
import { shapeProblem } from '../src/network/preprocess.ts';
import { commit, loadImages, loadNetworkFiles } from './inputs.ts';
import { keepOutputs } from './kept.ts';
import { HELP, parseOptions, type RecordAsked, type RunAsked } from './options.ts';
import { entryOf, keepCurves, refreshIndex } from './run-index.ts';
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

function showClustering({ exit, stage, step, steps, loss, changed, scores }: ClusteringView) {
  if (process.stderr.isTTY) process.stderr.write('\n');
  const moved = changed === null ? '' : `, ${(100 * changed).toFixed(2)} % changed`;
  const right = scores ? `, ACC ${scores.accuracy.toFixed(4)}, NMI ${scores.nmi.toFixed(4)}` : '';
  console.log(`${exit} ${stage} ${step} of ${steps}: loss ${loss.toFixed(4)}${moved}${right}`);
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
  const files = await loadNetworkFiles(asked.network, dataset, 1);
  await mkdir(out, { recursive: true });
  // Before the long part: images that do not fit the runs in the folder would make it useless.
  const prints = {
    train: await checkedFingerprints(dataset, 'train', out),
    test: await checkedFingerprints(dataset, 'test', out),
  };
  const recorder = await Recorder.start(dataset, files, asked.workers);
  try {
    const several =
      asked.runs.length > 1 && asked.runs.every(({ method }) => 'looksAtSites' in METHODS[method]);
    if (several) await recorder.keepOutputs();
    for (const one of asked.runs) {
      for (const run of await recorder.run(one)) {
        const train = firstOf(run.train, asked.traceTrain || run.train.count);
        const budget = budgetOf(run.test, one.budget);
        if (!one.keepsTraces) {
          await keepCurves(out, entryOf(train, run.test, budget));
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
    recorder.dispose();
  }
  // Runs of which only curves are kept are not in it; to write it anew means to search all others again.
  if (asked.runs.some(({ keepsTraces }) => keepsTraces)) await writeIndex(out);
}

/** The budget of a network that came trained is what its own card says, not what was asked for. */
function budgetOf({ provenance }: Trace, asked: Budget | null): Budget | null {
  const { epochs } = provenance.options;
  return asked && typeof epochs === 'number' ? { epochs } : asked;
}

type AnyMethod = Method<object, unknown, MethodReport>;

type Traces = Pick<MethodRun<unknown, MethodReport>, 'train' | 'test' | 'holdout'>;

/** What a method learnt, to be traced under another variant: training knows none. */
function underVariant(fitted: unknown, variant: OptionValues): unknown {
  const { options, ...learnt } = fitted as { readonly options: object };
  return { ...learnt, options: { ...options, ...variant } };
}

/** Runs methods on one network and one dataset, one after the other. */
class Recorder {
  private constructor(
    private readonly dataset: Dataset,
    private readonly pool: Pool,
    private runner: Runner,
  ) {}

  static async start(dataset: Dataset, files: NetworkFiles, workers: number): Promise<Recorder> {
    const pool = await Pool.start({
      backend: 'wasm',
      workers,
      spawn: spawnThread,
      onStatus: ({ message }) => console.log(message),
    });
    const network = await pool.load(files);
    const problem = shapeProblem(dataset.shape, files.card.input);
    if (problem) throw new Error(`${dataset.title} does not fit ${files.card.title}: ${problem}`);
    return new Recorder(dataset, pool, pool.runner(network, files, dataset.shape));
  }

  async keepOutputs(): Promise<void> {
    this.runner = await keepOutputs(this.runner, this.dataset.classes.length);
  }

  /** The traces of one fit: under the options, then under each further variant. */
  async run({ method: id, options, furtherVariants, budget }: RunAsked): Promise<Traces[]> {
    const { name, defaults } = METHODS[id];
    const method: AnyMethod = await METHODS[id].load();
    const context = { runner: this.runner, commit: commit(), onProgress: showProgress };
    const seed = 'seed' in options ? `, seed ${options.seed}` : '';
    console.log(`${name}${budget ? `, ${plural(budget.epochs)}${seed}` : ''}`);
    const run = await method.run(this.dataset, knownOptions(defaults, options), {
      ...context,
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
    for (const variant of furtherVariants) {
      const fitted = underVariant(run.fitted, variant);
      const trace = (split: TraceSplit) => method.trace(fitted, this.dataset, split, context);
      const holdout = run.holdout && (await trace('holdout'));
      all.push({ train: await trace('train'), test: await trace('test'), holdout });
    }
    return all;
  }

  dispose(): void {
    this.pool.dispose();
  }
}

const plural = (epochs: number): string => `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}`;

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
