/** One HTML file that replays a run: of one that was just traced, or of a recorded one. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { costUnit } from '../src/core/costs.ts';
import type { Policy } from '../src/core/policy.ts';
import { parseRunIndex } from '../src/core/run-index.ts';
import type { FrontierPoint } from '../src/core/search/frontier.ts';
import { replayFrontier } from '../src/core/search/frontier.ts';
import type { Budget } from '../src/core/trace-file.ts';
import type { Trace } from '../src/core/trace.ts';
import { catalogue, isDatasetId } from '../src/data/catalogue.ts';
import { writeSupplement } from '../src/export/supplement.ts';
import { isMethodId, METHODS } from '../src/methods/registry.ts';
import { plural } from '../src/ui/shared/format.ts';
import { unitHeld } from '../src/ui/shared/methods.ts';
import { buildSupplement } from '../scripts/supplement.ts';
import { readTrace } from './files.ts';

/** Both splits of a run. */
export interface RunTraces {
  readonly train: Trace;
  readonly test: Trace;
  readonly budget: Budget | null;
}

/**
 * The traces of a run under public/runs.
 * @throws Error with a sentence when there is none of that id, or its traces were not kept.
 */
export async function recordedTraces(id: string): Promise<RunTraces> {
  const folder = fileURLToPath(new URL('../public/runs/', import.meta.url));
  const { runs } = parseRunIndex(JSON.parse(await readFile(`${folder}index.json`, 'utf8')));
  const run = runs.find((one) => one.id === id);
  if (!run)
    throw new Error(
      `There is no recorded run "${id}"; public/runs/index.json lists ${runs.length}, ${runs[0]?.id ?? ''} and others.`,
    );
  const { train, test } = run;
  if (train.file === null || test.file === null)
    throw new Error(`Of the run ${id} only results were kept, no traces: record it once more.`);
  return {
    train: readTrace(`${folder}${train.file}`).trace,
    test: readTrace(`${folder}${test.file}`).trace,
    budget: run.budget,
  };
}

/**
 * @param hull the policies that a search found on train.
 * @param made "recorded", or how else the trace came to be.
 */
export async function writeHtml(
  path: string,
  { test, budget }: RunTraces,
  policy: Policy,
  hull: readonly FrontierPoint[],
  made: string,
): Promise<void> {
  const { dataset, network, method, provenance, count } = test;
  const name = isMethodId(method) ? METHODS[method].name : method;
  const images = isDatasetId(dataset) ? catalogue[dataset].title : dataset;
  const options = Object.entries(provenance.options).map(([key, value]) => `${key} ${value}`);
  const html = writeSupplement(await buildSupplement(), test, budget, {
    title: `${name} on ${network}, ${images}`,
    facts: [
      { name: 'images', value: images },
      { name: 'network', value: network },
      { name: 'method', value: name },
      { name: 'options', value: options.join(', ') },
      { name: 'learnt from', value: plural(provenance.trainImages, 'training image') },
      { name: 'split', value: `test, ${plural(count, 'image')}` },
      { name: 'made', value: `${made}, commit ${provenance.commit}, ${provenance.backend}` },
      { name: 'written', value: new Date().toISOString().slice(0, 'yyyy-mm-dd'.length) },
    ],
    ...{ rule: policy.rule, unit: unitHeld('frontier', test), costUnit: costUnit(test) },
    thresholds: policy.thresholds,
    curve: replayFrontier(hull, test, policy.rule),
    tunedOn: 'the training images',
  });
  await writeFile(path, html);
  console.log(`${path}: ${(html.length / 2 ** 20).toFixed(1)} MiB, opens in any browser`);
}
