/** What Explore shows, and the actions that show it: replay a recorded run, or compute one on this machine. */
import { createStore } from 'zustand/vanilla';
import type { OptionValue } from '../../core/options/option.ts';
import type { Schema } from '../../core/options/schema.ts';
import type { RecordedRun, RunIndex } from '../../core/run-index.ts';
import type { Pairing } from '../../core/pairing.ts';
import type { Trace, TraceSplit } from '../../core/trace.ts';
import type { CatalogueNetwork } from '../../network/catalogue.ts';
import { METHODS, trainsFor } from '../../methods/registry.ts';
import type { Engine, RunResult } from '../../engine/client/types.ts';
import type { Dataset } from '../../core/dataset.ts';
import { askBeforeLeaving } from '../leaving.ts';
import { engine } from '../lease/engine.ts';
import { ensureOwn, giveBack, OWN, ownImages, useImages, type OwnImages } from '../lease/images.ts';
import {
  loadRuns,
  prefersRecorded,
  recordedOtherwise,
  recordedRun,
  useRuns,
} from '../lease/runs.ts';
import { isAddress, useOwn } from '../network/own.ts';
import { notify } from '../notices.ts';
import type { Attempt, End } from '../scene/attempt.ts';
import { networkFor } from '../scene/network-for.ts';
import { forgetImages, showRecorded } from '../scene/recorded.ts';
import { learn } from '../scene/run.ts';
import { dropTraces, searchAll, stopSearches, sweepNow } from '../scene/searches.ts';
import { clearSelection } from '../scene/selection.ts';
import { acceptTrace, offerThresholds, setPairing } from '../scene/shown.ts';
import { tuningTrace } from '../scene/derive.ts';
import { stopWork, workOn } from '../scene/work.ts';
import { scenes } from '../scenes.ts';
import {
  choose,
  chooseStep,
  isSameRun,
  optionsOf,
  useSettings,
  type Settings,
} from '../settings.ts';
import { useWaiting } from '../traces/waiting.ts';
import { showsExplore } from '../pages.ts';
import { useView } from '../view.ts';

const scene = scenes.explore;
const { getState: get, setState: set } = scene.run;

/** The settings of what Explore shows, and of what it was asked to. */
interface Asked {
  /** What is on screen was made with them. */
  readonly shown: Settings | null;
  /** Asked for last; null when it is to show them anew. */
  readonly asked: Settings | null;
  /** A person's own images when that was begun. */
  readonly own: OwnImages;
}

const memory = createStore<Asked>(() => ({ shown: null, asked: null, own: ownImages() }));

/**
 * Shows what the settings name: replays it where it was recorded and computing it would first need images, computes it
 * here otherwise. Whatever ran before is cancelled, and stays on screen until this has something to show.
 */
export function run(): Promise<void> {
  const settings = useSettings.getState();
  memory.setState({ asked: settings });
  return workOn(
    scene,
    { status: 'loading', loading: 'Starting …' },
    async (mine) => {
      // What a link names may be kept from an earlier visit.
      if (settings.dataset === OWN)
        await ensureOwn(settings.hub, mine.signal, (loading) => mine.say(() => set({ loading })));
      mine.signal.throwIfAborted();
      const chosen = networkFor(useSettings.getState());
      // A network that is not here gives way to one that is: the settings then name none.
      const asked = useSettings.getState();
      memory.setState({ asked });
      const recorded = prefersRecorded(asked) ? await findRecorded(asked, chosen, mine) : null;
      mine.signal.throwIfAborted();
      // A run that was made otherwise changes what is asked for.
      if (recorded) await replay(memory.getState().asked ?? asked, recorded, mine);
      else {
        const noRuns = prefersRecorded(asked) && !useRuns.getState().index;
        const instead = noRuns ? await strokesFor(asked, mine) : null;
        await compute(instead ?? asked, instead ? networkFor(instead) : chosen, mine);
      }
    },
    ended,
  );
}

/** What follows when a run that counts was stopped, failed, or lost the engine. */
async function ended({ by, error }: End, mine: Attempt): Promise<void> {
  const { asked, shown } = memory.getState();
  const wasShown = asked !== null && shown === asked;
  if (by) {
    // The settings are a race's too: they stay, and Explore follows them when it is shown.
    if (!wasShown) memory.setState({ asked: null });
  } else {
    takeBack(error, asked);
    // What was chosen elsewhere meanwhile stays chosen.
    if (asked && isSameRun(asked, useSettings.getState())) keepScreen();
  }
  if (!wasShown) return;
  const learnt = await engine.thatLearnt(scene.id, shown.method).catch(() => null);
  if (learnt) mine.write(() => set({ canTrace: true }));
}

/** What cannot be used gives way to what was there before. */
function takeBack(error: unknown, asked: Settings | null): void {
  const { shown, own } = memory.getState();
  const isOwn = asked?.dataset === OWN || useImages.getState().singles.count > 0;
  // Only what is wrong with images themselves is said so.
  if (error instanceof Error && error.name === 'DataError' && isOwn) giveBack(own);
  const { network } = asked ?? {};
  if (!shown && network && isAddress(network) && !useOwn.getState().networks.has(network))
    chooseAndRun({ network: null });
}

/** Computes here what is shown as recorded. */
export function computeHere(): Promise<void> {
  return chosenAndRun({ source: 'live' });
}

async function findRecorded(
  settings: Settings,
  network: CatalogueNetwork,
  mine: Attempt,
): Promise<RecordedRun | null> {
  mine.say(() => set({ loading: 'Recorded runs' }));
  const index = await loadRuns();
  const exactly = index && recordedRun(index, settings, network.id);
  const found = exactly ?? (index && otherwise(index, settings, network.id, mine));
  if (!found && settings.source === 'recorded') {
    const why = index ? 'Nobody recorded this run.' : useRuns.getState().problem;
    mine.say(() => notify('note', `${why} It is computed here instead.`));
  }
  return found;
}

/** A run that was recorded with other details of its method stands for one that was not: the settings then name it. */
function otherwise(
  index: RunIndex,
  settings: Settings,
  network: string,
  mine: Attempt,
): RecordedRun | null {
  const made = recordedOtherwise(index, settings, network);
  if (!made || !mine.isLatest) return null;
  choose(made);
  const asked = useSettings.getState();
  memory.setState({ asked });
  const how = Object.entries(METHODS[settings.method].options as Schema)
    .filter(
      ([name]) =>
        name in made &&
        { ...made }[name as keyof Settings] !== { ...settings }[name as keyof Settings],
    )
    .map(
      ([name, option]) =>
        `${option.title} ${option.write(made[name as keyof Settings] as OptionValue)}`,
    );
  mine.say(() => notify('note', `This was recorded with other options: ${how.join('; ')}.`));
  return recordedRun(index, asked, network);
}

/** Strokes in the place of recorded runs that cannot be read; null where the images are here to compute with. */
async function strokesFor(asked: Settings, mine: Attempt): Promise<Settings | null> {
  const { standIn } = await import('./stand-in.ts');
  const instead = await standIn(asked, mine, chooseAndRun);
  if (instead) memory.setState({ asked: instead });
  return instead;
}

/** Shows a recorded run. */
function replay(settings: Settings, recorded: RecordedRun, mine: Attempt): Promise<void> {
  return showRecorded(scene, recorded, mine, {
    onFound: () => show(settings, recorded.dataset, recorded.network),
    onTest: (trace) => acceptTrace(scene, trace),
    onTrain: take,
  });
}

/** The settings that made what is on screen; null where no settings name it. */
export const shownSettings = (): Settings | null => memory.getState().shown;

/** Runs the method on this machine. */
async function compute(settings: Settings, chosen: CatalogueNetwork, mine: Attempt): Promise<void> {
  const { method, trainImages } = settings;
  // A recorded run needs none of it.
  const { prepare } = await import('../scene/prepare.ts');
  const { started, dataset, network } = await prepare(settings, chosen, mine, (loading) =>
    set({ loading }),
  );
  show(settings, dataset.id, network.id);
  set({
    status: 'running',
    loading: null,
    recorded: null,
    opened: null,
    computes: { method, trainImages },
    dataset,
    network,
    card: network.card,
    report: null,
    training: [],
    relearnt: false,
    cutShort: false,
  });
  // What trains nothing keeps nothing.
  const kept = trainsFor(method) === null ? null : await import('./classifiers.ts');
  const work = kept?.workOf(settings, dataset, network) ?? null;
  if (kept && work !== null && (await kept.restore(work, settings, started, dataset, run))) {
    mine.signal.throwIfAborted();
    return traceAll(started, dataset, settings, mine, take);
  }
  const fit = (): Promise<RunResult> =>
    started.run(method, dataset, optionsOf(settings), {
      signal: mine.signal,
      onProgress: (progress) => mine.say(() => set({ progress })),
      onTrace: (trace) => mine.write(() => take(trace)),
      onTraining: (training) => mine.say(() => learn(scene.run, training)),
    });
  const { report } = await (trainsFor(method) === null ? fit() : askBeforeLeaving(fit));
  mine.write(() => set({ status: 'done', report, progress: null }));
  if (kept && work !== null && mine.isLatest) kept.keep(work, started);
  for (const warning of report.warnings) notify('note', warning);
}

/** Traces every split with the learning at hand. */
async function traceAll(
  learnt: Engine,
  dataset: Dataset,
  { holdout }: Settings,
  mine: Attempt,
  onTrace: (trace: Trace) => void,
): Promise<void> {
  const splits = holdout > 0 ? ['train', 'holdout', 'test'] : ['train', 'test'];
  for (const split of splits as readonly TraceSplit[])
    await learnt.trace(dataset, split, {
      signal: mine.signal,
      onProgress: (progress) => mine.say(() => set({ progress })),
      onTrace: (trace) => mine.write(() => onTrace(trace)),
    });
  mine.write(() => set({ status: 'done', progress: null }));
}

/** A complete tuning trace gets its quick curve at once; the long searches wait until the run needs no core. */
function take(trace: Trace): void {
  acceptTrace(scene, trace);
  const keepsBack = useSettings.getState().holdout > 0;
  const tunes = trace.split === (keepsBack ? 'holdout' : 'train');
  if (tunes && trace.count === trace.total) void sweepNow(scene, trace);
}

/** Something that no settings name comes on screen, and stays until another run is asked for. */
export function takeScreen(): void {
  forgetImages(scene);
  memory.setState({ shown: null, asked: useSettings.getState(), own: ownImages() });
}

/** Drops what belonged to other images or another network; a repeated run keeps the selection. */
function show(settings: Settings, dataset: string, network: string): void {
  memory.setState({ shown: settings, own: ownImages() });
  forgetImages(scene);
  const before = scene.shown.getState().trace;
  if (!before) return;
  dropTraces(scene);
  if (before.dataset !== dataset || before.network !== network) clearSelection(scene);
}

/**
 * Traces the images with what a stopped run has learnt, so that there are matrices and curves of it. Of a training that
 * was stopped these are the classifiers after the steps that they had.
 */
export async function traceLearnt(): Promise<void> {
  const { dataset, training } = get();
  const { shown } = memory.getState();
  if (!dataset || !shown) return;
  const cutShort = training.some(
    ({ epoch, epochs, done, total }) => epoch < epochs || done < total,
  );
  await workOn(
    scene,
    { status: 'running', loading: null, cutShort },
    async (mine) => {
      const learnt = await engine.thatLearnt(scene.id, shown.method);
      if (!learnt)
        throw new Error('What this run had learnt gave way to another run. Run again to see it.');
      await mine.engine();
      await traceAll(learnt, dataset, shown, mine, (trace) =>
        take(cutShort ? markCutShort(trace) : trace),
      );
    },
    ended,
  );
}

/** Stops the run; the traces so far stay on screen. */
export function stop(): void {
  stopWork(scene, scene.shown.getState().trace ? 'cancelled' : 'idle');
}

/** A trace says of itself that its classifiers had fewer steps than their budget. */
function markCutShort(trace: Trace): Trace {
  const options = { ...trace.provenance.options, trainingStopped: true };
  return { ...trace, provenance: { ...trace.provenance, options } };
}

/** Changes what to run, and runs it: at once where Explore is shown, else when it is shown next. */
export function chooseAndRun(change: Parameters<typeof choose>[0]): void {
  void chosenAndRun(change);
}

/** The same, to be waited for: it resolves when the run has ended, however. */
async function chosenAndRun(change: Parameters<typeof choose>[0]): Promise<void> {
  if (await pairedAnew(change)) return;
  // Thresholds of a link that nothing has taken yet are of what it named.
  if (!isOnScreen()) offerThresholds(scene, null);
  chooseStep(change);
  useWaiting.setState({ linked: null, linkedChoice: null });
  return runWhenShown();
}

/** Lets the two judges of what is on screen go together by another rule. */
export async function chooseAgreement(agreement: Pairing): Promise<void> {
  if (get().opened) pairAnew(agreement);
  else await chosenAndRun({ agreement });
}

/**
 * Another rule by which two judges go together, of a run that is finished: what both said stays on screen, and nothing is
 * computed again. False where something else is asked for, or there are no two judges.
 */
async function pairedAnew(change: Partial<Settings>): Promise<boolean> {
  const before: Readonly<Record<string, unknown>> = { ...useSettings.getState() };
  const { agreement } = change;
  const others = Object.entries({ ...change, agreement: null, source: null }).filter(
    ([name, value]) => value !== null && value !== before[name],
  );
  const { shown } = memory.getState();
  const { train, test } = scene.shown.getState();
  const { status, recorded } = get();
  const isOver = status === 'done' || status === 'replayed';
  if (!agreement || agreement === before.agreement || others.length > 0) return false;
  if (!shown || !isOver || !train?.second || !test?.second) return false;
  if (!isSameRun(shown, useSettings.getState())) return false;
  // Before the traces change: the story of an image is asked anew with them.
  const learnt = await engine.thatLearnt(scene.id, shown.method).catch(() => null);
  learnt?.vary({ agreement });
  chooseStep({ agreement });
  const asked = useSettings.getState();
  memory.setState({ shown: asked, asked });
  useWaiting.setState({ linked: null, linkedChoice: null });
  pairAnew(agreement);
  const { index } = useRuns.getState();
  if (recorded && index) set({ recorded: recordedRun(index, asked, recorded.network) });
  return true;
}

/** The traces on screen under another rule of two judges, and the searches for their thresholds. */
function pairAnew(agreement: Pairing): void {
  stopSearches(scene);
  setPairing(scene, agreement);
  const tuning = tuningTrace(scene.shown.getState());
  if (tuning) void sweepNow(scene, tuning).then(() => searchAll(scene));
}

async function runWhenShown(): Promise<void> {
  memory.setState({ asked: null });
  if (isOnScreen()) await run();
}

/** Whether a page shows what Explore runs. */
const isOnScreen = (): boolean => showsExplore(useView.getState().page);

/** Explore is shown: what it had stays where nothing else was chosen meanwhile, else it runs what is chosen. */
export function enterExplore(): void {
  const { asked } = memory.getState();
  if (!(asked && isSameRun(asked, useSettings.getState()))) void run();
}

/** Lets the settings name again what is on screen, which stays as it is. */
export function keepScreen(): void {
  const { shown } = memory.getState();
  if (!shown) return;
  memory.setState({ asked: shown });
  choose({ ...shown, backend: useSettings.getState().backend });
}

/** Another backend: the engine starts anew, and so does what it has computed. */
export function restartEngine(): void {
  scene.work.stop();
  engine.end();
  const { recorded, opened } = get();
  if (!recorded && !opened) void runWhenShown();
}
