/** What the Unsupervised page does: replays a recorded clustering, traces a trained one, or trains one on this machine. */
import { clusteringId } from '../../methods/registry.ts';
import { unlabelled } from '../../core/clustering/unlabelled.ts';
import { pick } from '../../core/options/schema.ts';
import type { Trace } from '../../core/trace.ts';
import { isAbort } from '../../data/errors.ts';
import { DEC_OPTIONS } from '../../methods/dec/options.ts';
import { clustererFor } from '../../network/catalogue.ts';
import { freshDec } from '../../network/dec.ts';
import { acceptTrace, clearTraces, useExplore } from '../scene/shown.ts';
import { titleOf } from '../lease/images.ts';
import { load } from '../lease/engine.ts';
import { dismissErrors, notify, sentenceOf } from '../notices.ts';
import { giveEngineBack, takenBy } from '../lease/owner.ts';
import { replayRecorded } from '../scene/recorded.ts';
import { cardOf, loadRuns } from '../lease/runs.ts';
import { resumeSearches, searchAll, stopSearches, sweepNow } from '../scene/searches.ts';
import { useSession } from '../scene/run.ts';
import { clearSelection } from '../view.ts';
import { chooseClusters, useClusters, type ClusterChoices } from './choices.ts';
import { noLife, see, useLive } from './live.ts';
import { recordedClusters } from './recorded.ts';

const { getState: get, setState: set } = useSession;

let attempt = new AbortController();
/** What was asked for last; null when it is to be shown anew. */
let asked: ClusterChoices | null = null;
/** What a training that was stopped can go on from. */
let checkpoint: unknown = null;
/** The traces as they were made, with the classes where there are some. */
let made: readonly Trace[] = [];

/** The page is opened: what it had stays. */
export function enterClusters(): void {
  if (asked === null) void run(null);
}

/** The page's stores are wanted for something else: a training ends, and can go on later. */
export function leaveClusters(): void {
  const { status } = get();
  if (status !== 'loading' && status !== 'running') return;
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
  checkpoint = null;
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
  if (checkpoint !== null) void run(checkpoint);
}

export function stopClusters(): void {
  attempt.abort();
  set({ status: 'cancelled', loading: null, progress: null });
}

/** Looks at the classes, or not: nothing was learnt from them, so nothing is computed anew. */
function lookAtClasses(labelled: boolean): void {
  chooseClusters({ labelled });
  if (asked) asked = { ...asked, labelled };
  if (made.length === 0) return;
  stopSearches();
  const { split, chosen } = useExplore.getState();
  clearTraces();
  clearSelection();
  useExplore.setState({ split, chosen });
  for (const trace of made) show(trace);
  void searchAll();
}

async function run(resume: unknown): Promise<void> {
  attempt.abort();
  stopSearches();
  const mine = (attempt = new AbortController());
  dismissErrors();
  set({ status: 'loading', loading: 'Starting …', progress: null, canTrace: false });
  useLive.setState(resume ? { canGoOn: false } : noLife);
  try {
    const choices = (asked = useClusters.getState());
    const index = resume || choices.source === 'live' ? null : await loadRuns();
    mine.signal.throwIfAborted();
    const recorded = index && recordedClusters(index, choices);
    if (recorded)
      await replayRecorded(recorded, mine.signal, {
        card: cardOf(String(recorded.provenance.options.weights)).catch(() => null),
        onFound: () => clear(recorded.dataset),
        onTest: take,
        onTrain: take,
      });
    else await compute(choices, resume, mine);
    void searchAll();
  } catch (error) {
    if (mine === attempt) ended(mine, error);
  } finally {
    giveEngineBack(mine);
  }
}

function ended(mine: AbortController, error: unknown): void {
  const by = takenBy(mine);
  mine.abort();
  set({ loading: null, progress: null, status: isAbort(error) ? 'cancelled' : 'failed' });
  useLive.setState({ canGoOn: checkpoint !== null });
  if (by === 'race' || by === 'explore')
    notify('note', 'The clustering was stopped: the engine was wanted elsewhere. It can go on.');
  if (!isAbort(error)) notify('error', sentenceOf(error));
  void resumeSearches();
}

async function compute(
  choices: ClusterChoices,
  resume: unknown,
  mine: AbortController,
): Promise<void> {
  const { signal } = mine;
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
        }
      : {
          id: null,
          source: ({ shape, id, classes }) => ({
            built: freshDec(shape, id, classes, choices.seed),
          }),
        },
    { owner: 'clusters', controller: mine },
    (loading) => set({ loading }),
  );
  clear(dataset.id);
  set({
    ...{ status: 'running', loading: null, recorded: null, dataset, network, card: network.card },
    ...{ report: null, training: [], cutShort: false },
  });
  const { report } = await started.run(
    clusteringId,
    dataset,
    // Classes are always measured with where there are some: whether they are looked at is decided here.
    { ...pick(DEC_OPTIONS, choices), trainImages: 0, labelled: true },
    {
      signal,
      onProgress: (progress) => signal.aborted || set({ progress }),
      onClustering: (view) => signal.aborted || see(view),
      onTrace: (trace) => mine === attempt && take(trace),
      checkpoint: resume,
      onCheckpoint: (given) => {
        if (mine !== attempt) return;
        checkpoint = given;
        useLive.setState({ canGoOn: true });
      },
    },
  );
  checkpoint = null;
  set({ status: 'done', report, progress: null });
  if (dataset.note) notify('note', `${dataset.note}.`);
  for (const warning of report.warnings) notify('note', warning);
}

/** Other images' traces and selection go; thresholds of a link are for what comes. */
function clear(dataset: string): void {
  made = [];
  const before = useExplore.getState().trace;
  clearTraces();
  if (before && before.dataset !== dataset) clearSelection();
}

function take(trace: Trace): void {
  made = [...made.filter(({ split }) => split !== trace.split), trace];
  show(trace);
}

function show(trace: Trace): void {
  const shown = useClusters.getState().labelled ? trace : unlabelled(trace);
  acceptTrace(shown);
  if (shown.split === 'train' && shown.count === shown.total) void sweepNow(shown);
}
