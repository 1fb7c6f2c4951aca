/** Writes a fitted method with its thresholds as a zip that runs elsewhere: `npm run export -- --help`. */
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { FrontierPoint } from '../src/core/search/frontier.ts';
import { thresholdsPerExit, type Policy } from '../src/core/policy.ts';
import { replay } from '../src/core/replay.ts';
import { readThresholdsFile } from '../src/core/thresholds-file.ts';
import type { Trace } from '../src/core/trace.ts';
import { catalogue, isDatasetId } from '../src/data/catalogue.ts';
import { createEngine } from '../src/engine/client/engine.ts';
import { bundle, type Drivers } from '../src/export/bundle.ts';
import { imagesToCheck, someImages } from '../src/export/check.ts';
import { zipped } from '../src/export/zip.ts';
import { heldIn, METHODS } from '../src/methods/registry.ts';
import { trainHull } from './curves.ts';
import {
  HELP,
  parseExport,
  type ExportAsked,
  type PolicyAsked,
  type RecordedAsked,
} from './export-options.ts';
import { commit, loadImages, loadNetworkFiles } from './inputs.ts';
import { showProgress } from './progress.ts';
import { recordedTraces, writeHtml } from './supplement.ts';
import { spawnThread } from './spawn.ts';

const DRIVERS = ['offramp.py', 'offramp.mjs', 'offramp.h', 'check.c'] as const;

async function readDrivers(): Promise<Drivers> {
  const folder = new URL('../src/export/drivers/', import.meta.url);
  const read = async (name: string) =>
    [name, await readFile(new URL(name, folder), 'utf8')] as const;
  return Object.fromEntries(await Promise.all(DRIVERS.map(read))) as Drivers;
}

/**
 * @param hull of the frontier search on the training images.
 * @throws Error with a sentence when the thresholds are of other exits.
 */
async function policyFor(
  asked: PolicyAsked,
  train: Trace,
  hull: () => readonly FrontierPoint[],
): Promise<Policy> {
  const rule = heldIn(train);
  if (asked.from === 'search') {
    const best = hull()
      .filter(({ cost }) => cost <= asked.flops)
      .at(-1);
    if (!best)
      throw new Error(
        `No policy costs as little as ${asked.flops} of the FLOPs; give --flops more.`,
      );
    return { rule, thresholds: best.thresholds };
  }
  const thresholds =
    asked.from === 'list'
      ? asked.thresholds
      : readThresholdsFile(JSON.parse(await readFile(asked.path, 'utf8'))).thresholds;
  if (thresholdsPerExit(thresholds, train) === null)
    throw new Error(
      `There are ${thresholds.length} thresholds; this run has ${train.exits.length} exits and needs ` +
        `${train.exits.length - 1}, or one for each of ${train.classes.length} classes as well.`,
    );
  return { rule, thresholds };
}

async function write(asked: ExportAsked): Promise<void> {
  const dataset = await loadImages(asked.images);
  const built = await loadNetworkFiles(asked.network, dataset, 1);
  const engine = await createEngine({
    backend: 'wasm',
    workers: asked.workers,
    spawn: spawnThread,
    commit: commit(),
  });
  try {
    await engine.loadNetwork({ built });
    const { method, options } = asked.run;
    const run = await engine.run(method, dataset, options, { onProgress: showProgress });
    for (const warning of run.report.warnings) console.warn(warning);
    const { test: trace } = run;
    const tuning = run.holdout ?? run.train;
    let found: FrontierPoint[] | null = null;
    const hull = (): FrontierPoint[] => (found ??= trainHull('frontier', tuning));
    const policy = await policyFor(asked.policy, tuning, hull);
    if (asked.html) {
      const { epochs } = trace.provenance.options;
      const budget = typeof epochs === 'number' ? { epochs } : null;
      await writeHtml(asked.html, { ...run, budget }, policy, hull(), 'fitted');
    }
    if (!asked.out) return;
    const outcome = replay(trace, policy);
    const which = imagesToCheck(outcome.exitOf);
    const checked = someImages(dataset.test, dataset.shape, which);
    const portable = await engine.portable(checked);
    await tf.setBackend('cpu');
    const { id, title } = dataset;
    const { licence, citation, url } = isDatasetId(id)
      ? catalogue[id]
      : { licence: 'not stated', citation: '', url: '' };
    const files = await bundle(
      {
        ...portable,
        ...{ trace, policy, which, checked, shape: dataset.shape, commit: commit() },
        methodName: METHODS[method].name,
        setBy: asked.policy.from,
        curve: asked.policy.from === 'search' ? 'frontier' : null,
        images: { title, licence, citation, url },
      },
      await readDrivers(),
      ({ writing }) => console.log(`Writing ${writing}`),
    );
    const zip = zipped(files, basename(asked.out, '.zip'));
    await writeFile(asked.out, zip);
    const megabytes = (zip.length / 2 ** 20).toFixed(1);
    const share = (100 * outcome.meanFlops) / trace.networkFlops;
    console.log(
      `${asked.out}: ${files.size} files, ${megabytes} MiB; ${(100 * outcome.accuracy).toFixed(2)} % of ${trace.count} test ` +
        `images right at ${share.toFixed(1)} % of the FLOPs`,
    );
  } finally {
    engine.dispose();
  }
}

async function writeRecorded({ recorded, policy, html }: RecordedAsked): Promise<void> {
  const traces = await recordedTraces(recorded);
  const hull = trainHull('frontier', traces.train);
  await writeHtml(
    html,
    traces,
    await policyFor(policy, traces.train, () => hull),
    hull,
    'recorded',
  );
}

async function main(): Promise<void> {
  const asked = parseExport(process.argv.slice(2));
  if (!asked) console.log(HELP);
  else if ('recorded' in asked) await writeRecorded(asked);
  else await write(asked);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
