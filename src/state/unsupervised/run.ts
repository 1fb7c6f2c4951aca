/** What the Unsupervised page does: replays a recorded clustering, traces a trained one, or trains one on this machine. */
import { createStore } from 'zustand/vanilla';
import { clusteringId } from '../../methods/registry.ts';
import { isLabelled, unlabelled } from '../../core/clustering/unlabelled.ts';
import { pick } from '../../core/options/schema.ts';
import type { Trace } from '../../core/trace.ts';
import { DEC_OPTIONS } from '../../methods/dec/options.ts';
import { clustererFor } from '../../network/catalogue.ts';
import { freshDec } from '../../network/dec.ts';
import { titleOf } from '../lease/images.ts';
import { cardOf, loadRuns } from '../lease/runs.ts';
import { step } from '../address/steps.ts';
import { forgetWork, keepWork, keptWork } from '../kept/work.ts';
import { askBeforeLeaving } from '../leaving.ts';
import { notify } from '../notices.ts';
import type { Attempt } from '../scene/attempt.ts';
import { load } from '../scene/prepare.ts';
import { forgetImages, showRecorded } from '../scene/recorded.ts';
import { isBusy } from '../scene/run.ts';
import { dropTraces, searchAll, sweepNow } from '../scene/searches.ts';
import { clearSelection } from '../scene/selection.ts';
import { acceptTrace } from '../scene/shown.ts';
import { stopWork, workOn } from '../scene/work.ts';
import { scenes } from '../scenes.ts';
import { chooseClusters, useClusters, type ClusterChoices } from './choices.ts';
import { noLife, see, useLive } from './live.ts';
import { recordedClusters } from './recorded.ts';

const scene = scenes.clusters;
const { getState: get, setState: set } = scene.run;

interface Memory {
  /** What was asked for last; null before anything was. */
  readonly asked: ClusterChoices | null;
  /** What a training that was stopped can go on from. */
  readonly checkpoint: unknown;
  /** The traces as they were made, with the classes where there are some. */
  readonly made: readonly Trace[];
}

const memory = createStore<Memory>(() => ({ asked: null, checkpoint: null, made: [] }));

/** The page is opened: what it had stays, unless something else was chosen by then. */
export function enterClusters(): void {
  const { asked } = memory.getState();
  // Choices are numbers and words under names that never change their order.
  if (JSON.stringify(asked) !== JSON.stringify(useClusters.getState())) void run(null);
}

/** Explore is opened: a training ends, and can go on later. A recorded clustering costs nothing and comes. */
export function leaveClusters(): void {
  const { status, computes } = get();
  if (!isBusy({ status }) || computes === null) return;
  stopClusters();
  notify('note', 'The clustering was stopped. On its page it can go on from where it was.');
}

/** Applies a change of what is chosen, and shows it: as it was recorded, from trained weights, or by training. */
export function startClusters(change: Partial<ClusterChoices> = {}): void {
  const { labelled, ...others } = change;
  if (labelled !== undefined && Object.keys(others).length === 0) {
    lookAtClasses(labelled);
    return;
  }
  chooseClusters(change);
  step();
  memory.setState({ checkpoint: null });
  void run(null);
}

/** Trains with the settings at hand from fresh weights. */
export function trainHere(): void {
  startClusters({ start: 'fresh', source: 'live' });
}

/** Sends the images through the encoders that come trained, so that single images can be explained. */
export function traceHere(): void {
  startClusters({ start: 'trained', source: 'live' });
}

/** Goes on with the training that was stopped. */
export function goOn(): void {
  const { checkpoint } = memory.getState();
  if (checkpoint !== null) void run(checkpoint);
}

export const stopClusters = (): void => stopWork(scene);

/** Looks at the classes, or not: nothing was learnt from them, so nothing is computed anew. */
function lookAtClasses(labelled: boolean): void {
  chooseClusters({ labelled });
  const { asked, made } = memory.getState();
  if (asked) memory.setState({ asked: { ...asked, labelled } });
  if (made.length === 0) return;
  dropTraces(scene);
  clearSelection(scene);
  for (const trace of made) show(trace);
  void searchAll(scene);
}

function run(resume: unknown): Promise<void> {
  const choices = useClusters.getState();
  memory.setState({ asked: choices });
  useLive.setState(resume ? { canGoOn: false } : noLife);
  return workOn(
    scene,
    { status: 'loading', loading: 'Starting …', computes: null },
    async (mine) => {
      const index = resume || choices.source === 'live' ? null : await loadRuns();
      mine.signal.throwIfAborted();
      const recorded = index && recordedClusters(index, choices);
      if (recorded)
        await showRecorded(scene, recorded, mine, {
          card: cardOf(String(recorded.provenance.options.weights)).catch(() => null),
          onFound: () => clear(recorded.dataset),
          onTest: take,
          onTrain: take,
        });
      else await compute(choices, resume, mine);
    },
    () => useLive.setState({ canGoOn: memory.getState().checkpoint !== null }),
  );
}

/** What pictures are brought to: as DEC was trained on MNIST. */
const FOR_DEC = { size: 28, most: 32, channels: 1 } as const;

/** What a training of those choices is kept as. */
const workOf = (choices: ClusterChoices): string => `clusters ${JSON.stringify(choices)}`;

/** The stages that a training of these choices had done when its page was left; null where there are none. */
async function keptStages(choices: ClusterChoices, mine: Attempt): Promise<unknown> {
  if (choices.start === 'trained') return null;
  const kept = await keptWork(workOf(choices));
  if (kept !== null)
    mine.say(() =>
      notify(
        'note',
        'A training with these settings was broken off: it goes on with the stages that it had done.',
        {
          label: 'Begin anew',
          act: () => void forgetWork(workOf(choices)).then(() => startClusters()),
        },
      ),
    );
  return kept;
}

async function compute(choices: ClusterChoices, before: unknown, mine: Attempt): Promise<void> {
  const resume = before ?? (await keptStages(choices, mine));
  mine.signal.throwIfAborted();
  set({ computes: { method: clusteringId, trainImages: choices.trainImages } });
  const trained = choices.start === 'trained' ? clustererFor(choices.dataset) : null;
  if (choices.start === 'trained' && !trained)
    notify(
      'note',
      `No encoder here was trained on ${titleOf(choices.dataset)}; it is trained from fresh weights.`,
    );
  const { started, dataset, network } = await load(
    choices,
    trained
      ? {
          id: trained.id,
          source: { url: new URL(`networks/${trained.id}/`, document.baseURI).href },
          target: FOR_DEC,
        }
      : {
          id: null,
          target: FOR_DEC,
          source: ({ shape, id, classes }) => ({
            built: freshDec(shape, id, classes, choices.seed),
          }),
        },
    mine,
    (loading) => set({ loading }),
  );
  clear(dataset.id);
  set({
    ...{ status: 'running', loading: null, recorded: null, opened: null, dataset, network },
    card: network.card,
    ...{ report: null, training: [], cutShort: false },
  });
  // Classes are always measured with where there are some: whether they are looked at is decided here.
  const options = { ...pick(DEC_OPTIONS, choices), trainImages: 0, labelled: true };
  const { report } = await askBeforeLeaving(() =>
    started.run(clusteringId, dataset, options, {
      signal: mine.signal,
      onProgress: (progress) => mine.say(() => set({ progress })),
      onClustering: (view) => mine.say(() => see(view)),
      onTrace: (trace) => mine.write(() => take(trace)),
      checkpoint: resume,
      onCheckpoint: (checkpoint) =>
        mine.write(() => {
          memory.setState({ checkpoint });
          // A browser that keeps nothing loses no more than before.
          keepWork(workOf(choices), checkpoint).catch(() => undefined);
        }),
    }),
  );
  mine.write(() => {
    memory.setState({ checkpoint: null });
    forgetWork(workOf(choices)).catch(() => undefined);
    set({ status: 'done', report, progress: null });
  });
  if (dataset.note) notify('note', `${dataset.note}.`);
  for (const warning of report.warnings) notify('note', warning);
}

/** Shows traces that a person opened, in the place of a clustering of this page's own. */
export function takeOpened(traces: readonly Trace[]): void {
  chooseClusters({ labelled: traces.every(isLabelled) });
  memory.setState({ asked: useClusters.getState(), checkpoint: null });
  useLive.setState(noLife);
  clear('');
  for (const trace of traces) take(trace);
}

/** Other images' traces and selection go; thresholds of a link are for what comes. */
function clear(dataset: string): void {
  memory.setState({ made: [] });
  forgetImages(scene);
  const before = scene.shown.getState().trace;
  dropTraces(scene);
  if (before && before.dataset !== dataset) clearSelection(scene);
}

function take(trace: Trace): void {
  const { made } = memory.getState();
  memory.setState({ made: [...made.filter(({ split }) => split !== trace.split), trace] });
  show(trace);
}

function show(trace: Trace): void {
  const shown = useClusters.getState().labelled ? trace : unlabelled(trace);
  acceptTrace(scene, shown);
  if (shown.split === 'train' && shown.count === shown.total) void sweepNow(scene, shown);
}
