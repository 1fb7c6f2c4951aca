/** The recorded runs that come with the page: their index, their traces, and the cards of their networks. */
import { create } from 'zustand';
import { isMadeWith, madeWith, within, type Schema } from '../../core/options/schema.ts';
import { statedPairing, underPairing } from '../../core/pairing.ts';
import { hasTraces, underHeld, type RecordedRun, type RunIndex } from '../../core/run-index.ts';
import type { Trace } from '../../core/trace.ts';
import { loadFingerprints, loadRunIndex, loadTrace } from '../../data/runs.ts';
import { statedIn } from '../../fetch/digests.ts';
import { fetchFile } from '../../fetch/file.ts';
import { METHODS } from '../../methods/registry.ts';
import { parseCard, type NetworkCard } from '../../network/card.ts';
import { sentenceOf } from '../notices.ts';
import type { Settings } from '../settings.ts';
import { Once } from '../../core/once.ts';

export interface RunsState {
  readonly index: RunIndex | null;
  /** Why there is no index, as a sentence. */
  readonly problem: string | null;
}

export const useRuns = create<RunsState>(() => ({ index: null, problem: null }));

const base = (): string => new URL('runs/', document.baseURI).href;

const indices = new Once<'traced' | 'all', RunIndex>();

/** The index of recorded runs, asked for once; null when it cannot be had, and `problem` then says why. */
export function loadRuns(): Promise<RunIndex | null> {
  return indices.get('traced', loadTraced).catch((error: unknown) => {
    useRuns.setState({ problem: sentenceOf(error) });
    return null;
  });
}

async function loadTraced(): Promise<RunIndex> {
  const index = await loadRunIndex(base());
  useRuns.setState({ index, problem: null });
  return index;
}

/** The index with the runs of which only results and curves were kept, for the pages that draw those. */
export async function loadAllRuns(): Promise<RunIndex | null> {
  const index = await loadRuns();
  if (!index) return null;
  return indices
    .get('all', () => loadUntraced(index))
    .catch((error: unknown) => {
      useRuns.setState({ problem: sentenceOf(error) });
      return index;
    });
}

async function loadUntraced(index: RunIndex): Promise<RunIndex> {
  const { runs, byClass } = await loadRunIndex(base(), 'curves.json');
  // A run whose traces are here counts once, wherever it was recorded again.
  const traced = new Set(index.runs.map(({ id }) => id));
  const all = {
    ...index,
    runs: [...index.runs, ...runs.filter(({ id }) => !traced.has(id))],
    ...(byClass && { byClass }),
  };
  useRuns.setState({ index: all, problem: null });
  return all;
}

/** Traces are kept by file name, both splits of so many runs: one of ResNet-152 has five megabytes. */
const traces = new Once<string, Trace>(24);

/** @throws Error with a sentence where only a run's results and curves were kept. */
export function checkTraced(run: RecordedRun): void {
  if (!hasTraces(run))
    throw new Error(
      `Of the run ${run.id} only its results and curves were kept, not its traces. Choose another seed or budget, ` +
        'or compute it here.',
    );
}

/**
 * One split of a recorded run.
 * @throws Error with a sentence when its files cannot be had or are not what the index says.
 */
export async function recordedTrace(run: RecordedRun, split: 'train' | 'test'): Promise<Trace> {
  checkTraced(run);
  const file = run[split].file!;
  const whole = await traces.get(file, async () => {
    const { trace } = await loadTrace(base(), file);
    if (trace.dataset !== run.dataset || trace.network !== run.network || trace.split !== split)
      throw new Error(
        `The recorded trace ${file} is of ${trace.network} on ${trace.dataset} (${trace.split}), not of ` +
          `${run.network} on ${run.dataset} (${split}) as the index says. Record it again.`,
      );
    // What the index was told of a method that is not known here.
    return underHeld(trace, run);
  });
  // Two judges' words are recorded once, whatever rule they go together by.
  const pairing = statedPairing(run.provenance.options);
  return pairing ? underPairing(whole, pairing) : whole;
}

/** What tells the images of a run's dataset apart, in the order of its traces; null when nothing was kept. */
export async function fingerprintsFor(
  run: RecordedRun,
): Promise<Readonly<Record<'train' | 'test', Uint32Array>> | null> {
  const files = (await loadRuns())?.images[run.dataset];
  if (!files) return null;
  const [train, test] = await Promise.all(
    (['train', 'test'] as const).map((split) => {
      const { images, count } = run[split];
      return images
        ? loadFingerprints(base(), images, count)
        : loadFingerprints(base(), files[split].file, files[split].count);
    }),
  );
  return {
    train: train!.subarray(0, run.train.count),
    test: test!.subarray(0, run.test.count),
  };
}

const cards = new Once<string, NetworkCard>();

/**
 * The card of a network in `public/networks`.
 * @throws Error with a sentence when there is none.
 */
export function cardOf(network: string): Promise<NetworkCard> {
  return cards.get(network, async () => {
    const folder = new URL(`networks/${network}/`, document.baseURI).href;
    const name = 'card.json';
    const wanted = { name: `${name} of ${network}`, digest: statedIn(folder, name) };
    const bytes = await fetchFile(folder + name, wanted);
    return parseCard(JSON.parse(new TextDecoder().decode(bytes)));
  });
}

/** Whether settings that name these images want a recording where there is one: drawn images are at hand anyway. */
export function prefersRecorded({ source, dataset }: Settings): boolean {
  return source === 'recorded' || (source === 'auto' && dataset !== 'strokes');
}

/** The run that was made with exactly these settings, on this network; null when nobody recorded it. */
export function recordedRun(
  index: RunIndex,
  settings: Settings,
  network: string,
): RecordedRun | null {
  return runWith(index, settings, network, METHODS[settings.method].options);
}

/**
 * What a run was made with that differs from the settings in details of its method alone, of which none was chosen; null
 * where there is no such run.
 */
export function recordedOtherwise(
  index: RunIndex,
  settings: Settings,
  network: string,
): Partial<Settings> | null {
  const { options } = METHODS[settings.method];
  const details: Schema = within(options, 'detail');
  const values: Readonly<Record<string, unknown>> = { ...settings };
  const isChosen = Object.entries(details).some(([name, { usual }]) => values[name] !== usual);
  const found = isChosen
    ? null
    : runWith(index, settings, network, within(options, 'course', 'variant'));
  return found && madeWith(details, found);
}

function runWith(
  index: RunIndex,
  settings: Settings,
  network: string,
  held: Schema,
): RecordedRun | null {
  const { dataset, method, seed, testImages } = settings;
  const fits = (run: RecordedRun): boolean =>
    hasTraces(run) &&
    run.dataset === dataset &&
    run.network === network &&
    run.method === method &&
    (run.provenance.seed === null || run.provenance.seed === seed) &&
    (testImages === 0 || testImages === run.test.count) &&
    isMadeWith(held, settings, run);
  return index.runs.find(fits) ?? null;
}
