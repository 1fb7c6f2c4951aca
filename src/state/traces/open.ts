/** Opens traces on Explore: from files, or from the addresses of a link. */
import type { ConfidenceChoice } from '../../core/confidence/choice.ts';
import { isClustering } from '../../core/meaning.ts';
import type { Policy, Rule } from '../../core/policy.ts';
import type { Trace } from '../../core/trace.ts';
import type { Answers, Fault, TableRevision } from '../../data/traces/draft.ts';
import type { OpenedTrace } from '../../data/traces/open.ts';
import { headOf, inHalves, paired, runsOf, type OpenedRun } from '../../data/traces/runs.ts';
import { heldIn, isMethodId } from '../../methods/registry.ts';
import { chooseAndRun, takeScreen } from '../explore/run.ts';
import { data } from '../lease/images.ts';
import { isAbort } from '../../data/errors.ts';
import { dismissErrors, notify, sentenceOf } from '../notices.ts';
import { Lane, type Attempt } from '../scene/attempt.ts';
import { clearSelection, selectImage } from '../scene/selection.ts';
import { dropTraces, sweepNow } from '../scene/searches.ts';
import { acceptTrace, apply, measureTuning, prepareTrace } from '../scene/shown.ts';
import { nextTurn } from '../scene/turn.ts';
import { workOn } from '../scene/work.ts';
import type { Scene } from '../scene/scene.ts';
import { sceneOf, scenes } from '../scenes.ts';
import { takeOpened } from '../unsupervised/run.ts';
import { showPage, useView } from '../view.ts';
import { possible, underChoice } from './confidence.ts';
import { choiceOfKept, keep, keepChoice, runsOfKept } from './kept.ts';
import type { Opened } from './opened.ts';
import { closeAnswered, useWaiting, type Asked, type Question } from './waiting.ts';

/** The scene of what is open, on the page of now. */
const here = (): Scene => sceneOf(useView.getState().page);

/** Where a run is looked at: clusters on their own page. */
const sceneFor = ({ runs, at }: Opened): Scene =>
  isClustering(headOf(runs[at]!)) ? scenes.clusters : scenes.explore;

/** Files that are being read: the latest count. What is on screen goes on until they are known to be whole. */
const reading = new Lane('explore', 'opening');

/**
 * Opens the traces that files hold; where nothing has to be asked first, they are on screen when it resolves.
 * @throws Error with a sentence that names the file and what is wrong with it.
 */
export async function openTraceFiles(files: readonly File[]): Promise<void> {
  dismissErrors();
  // Files that come while others are asked about belong to them.
  const before = useWaiting.getState().asked?.files ?? [];
  const all = [...before, ...files];
  useWaiting.setState({ question: null });
  const mine = reading.begin();
  try {
    const { traces, draft } = await data().traces({ files: all }, mine.signal);
    mine.signal.throwIfAborted();
    if (draft) ask({ draft, traces, files: all, addresses: null });
    else await take({ runs: checkedRuns(traces), addresses: null });
  } catch (error) {
    if (!isAbort(error)) throw error;
  }
}

const ask = (asked: Omit<Asked, 'isAnswered'>): void =>
  useWaiting.setState({ asked: { ...asked, isAnswered: false } });

/** Shows runs, or asks what no file of them says. */
async function take(given: Question): Promise<void> {
  if (given.runs.some(isSilent)) useWaiting.setState({ question: given });
  else await showAndKeep(plainly(given));
}

/** Shows what was opened, and keeps it where it came as files. */
async function showAndKeep(opened: Opened): Promise<void> {
  await showNow(opened);
  if (!opened.addresses) void keepHere(opened.runs);
}

/** Keeps what came as files, so that it is there tomorrow; where that cannot be, it is said, and the page goes on. */
async function keepHere(runs: readonly OpenedRun[]): Promise<void> {
  // A turn of its own: what was opened is drawn first.
  await nextTurn();
  try {
    await keep(runs);
  } catch (error) {
    notify(
      'note',
      `The trace is open, but could not be kept in this browser (${sentenceOf(error)}): it is gone when the page is closed. ` +
        'Throw away others under Images to make room.',
    );
  }
}

/** Shows a trace that was opened before. @throws Error with a sentence when it is no longer there, or damaged. */
export async function showKept(id: string): Promise<void> {
  const { signal } = reading.begin();
  const [runs, choice] = [await runsOfKept(id), await choiceOfKept(id)];
  // Another one was asked for meanwhile.
  if (signal.aborted) return;
  useWaiting.setState({ question: null, asked: null });
  await showNow({ ...plainly({ runs, addresses: null }), choice });
}

/**
 * Shows a kept trace with a policy and an image, as another page found them.
 * @param of which of the runs of which kept trace, whether its test images are halved, and its confidence.
 * @throws Error with a sentence when it is no longer there, or damaged.
 */
export async function showKeptPolicy(
  of: {
    readonly entry: string;
    readonly at: number;
    readonly isHalved: boolean;
    readonly choice: ConfidenceChoice | null;
  },
  { thresholds }: Policy,
  image: number,
): Promise<void> {
  const { signal } = reading.begin();
  const runs = await runsOfKept(of.entry);
  if (signal.aborted) return;
  const { at, isHalved, choice } = of;
  useWaiting.setState({ question: null, asked: null });
  await showNow({ ...plainly({ runs, addresses: null }), at, isHalved, choice });
  const scene = here();
  // What was asked for meanwhile keeps its own thresholds.
  if (scene.run.getState().opened?.runs !== runs) return;
  const shown = scene.shown.getState().trace ?? headOf(runs[at]!);
  apply(scene, { rule: heldIn(shown), thresholds }, 'link');
  selectImage(scene, image);
}

/**
 * Makes traces of what files hold, as a person said what it is, and shows them.
 * @returns what is wrong with the answers; nothing where they are shown.
 * @throws Error with a sentence when the files are no longer at hand.
 */
export async function answerDraft(answers: Answers): Promise<readonly Fault[]> {
  const { asked } = useWaiting.getState();
  if (!asked) return [];
  const built = await data().build(asked.draft.id, answers);
  if (built.faults) return built.faults;
  if (useWaiting.getState().asked !== asked) return [];
  const given = {
    runs: checkedRuns([...asked.traces, ...built.traces]),
    addresses: asked.addresses,
  };
  useWaiting.setState({ asked: { ...asked, isAnswered: true } });
  void take(given).finally(closeAnswered);
  return [];
}

/** Reads the tables that are asked about in another way. @throws Error with a sentence. */
export async function reviseTables(tables: readonly TableRevision[]): Promise<void> {
  const { asked } = useWaiting.getState();
  if (!asked) return;
  const draft = await data().revise(asked.draft.id, tables);
  if (useWaiting.getState().asked === asked) useWaiting.setState({ asked: { ...asked, draft } });
}

/** The files are not wanted after all; where a link named them, what the settings name is run instead. */
export function dropDraft(): void {
  const { asked } = useWaiting.getState();
  useWaiting.setState({ asked: null });
  if (asked?.addresses) chooseAndRun({});
}

/** @param addresses as a link has them: relative to the page, or absolute. */
export function openTraceAddresses(addresses: readonly string[]): Promise<void> {
  useWaiting.setState({ question: null, asked: null });
  const scene = here();
  const rest = (): void => scene.run.setState({ status: 'idle', loading: null });
  return workOn(
    scene,
    { status: 'loading', loading: 'Fetching the trace …' },
    async (mine) => {
      const absolute = addresses.map(absoluteOf);
      const { traces, draft } = await data().traces({ addresses: absolute }, mine.signal);
      mine.signal.throwIfAborted();
      if (draft) {
        rest();
        ask({ draft, traces, files: [], addresses });
        return;
      }
      const given = { runs: checkedRuns(traces), addresses };
      if (!given.runs.some(isSilent)) {
        const opened = { ...plainly(given), choice: useWaiting.getState().linkedChoice };
        if (sceneFor(opened) === scene) await showUnder(opened, mine);
        else {
          rest();
          void showNow(opened);
        }
        return;
      }
      rest();
      useWaiting.setState({ question: given });
    },
    () => undefined,
  );
}

const plainly = (given: Question): Opened => ({
  ...given,
  ...{ at: 0, isHalved: false, isRuleAsked: false, choice: null, tempering: null },
});

/** @throws Error with a sentence when it is none that a page may fetch. */
function absoluteOf(address: string): string {
  const url = URL.canParse(address, document.baseURI) ? new URL(address, document.baseURI) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new Error(
      `The link's trace is at “${address.slice(0, 80)}”; expected an address that begins with http:// or https://, or ` +
        'one beside this page.',
    );
  return url.href;
}

/** Traces as runs. @throws Error with a sentence when one has no images. */
function checkedRuns(traces: readonly OpenedTrace[]): OpenedRun[] {
  const runs = runsOf(traces);
  const empty = runs.map(headOf).find(({ count }) => count === 0);
  if (empty) throw new Error(`The trace of ${empty.network} on ${empty.dataset} has no images.`);
  return runs;
}

/** Whether neither the file nor the method says how confidences are held against thresholds. */
function isSilent(run: OpenedRun): boolean {
  const { rule, method } = headOf(run);
  return !rule && !isMethodId(method);
}

/** A person says how the confidences of what was opened are held, and what they are. */
export function answerRule(rule: Rule, unit: string): void {
  const { question } = useWaiting.getState();
  if (!question) return;
  useWaiting.setState({ question: null });
  const say = (trace: Trace): Trace => ({ ...trace, rule, ...(unit && { unit }) });
  const runs = question.runs.map((run) => (isSilent(run) ? withEach(run, say) : run));
  void showAndKeep({ ...plainly({ ...question, runs }), isRuleAsked: true });
}

/** What was opened is not wanted after all; where a link named it, what the settings name is run instead. */
export function dropQuestion(): void {
  const { question } = useWaiting.getState();
  useWaiting.setState({ question: null });
  if (question?.addresses) chooseAndRun({});
}

function withEach(run: OpenedRun, change: (trace: Trace) => Trace): OpenedRun {
  const traces = Object.values(run.traces).map((trace) => [trace.split, change(trace)]);
  return { ...run, traces: Object.fromEntries(traces) as OpenedRun['traces'] };
}

/** Another of the runs that came together. */
export function showOpenedRun(at: number): void {
  const { opened } = here().run.getState();
  if (opened?.runs[at]) void showNow({ ...opened, at, isHalved: false });
}

/** What can be paired with a run on screen: another one that came with it, or a kept trace. */
export type Partner = { readonly at: number } | { readonly entry: string };

/**
 * Takes the run on screen and another for the test images and the tuning images of one.
 * @throws Error with a sentence when they do not fit, or the other is no longer kept.
 */
export async function pairWith(partner: Partner): Promise<void> {
  const { opened } = here().run.getState();
  const run = opened?.runs[opened.at];
  if (!opened || !run) return;
  const other = 'at' in partner ? opened.runs[partner.at] : (await runsOfKept(partner.entry))[0];
  if (!other) return;
  const made = paired(run, other);
  const rest = opened.runs.filter((one) => one !== run && one !== other);
  const runs = [made, ...rest];
  await showNow({ ...opened, runs, at: 0, isHalved: false, addresses: null });
  void keepHere(runs);
}

/** Chooses thresholds on every other test image from now on, and measures them on the rest; or no longer. */
export function halve(isHalved: boolean): void {
  const { opened } = here().run.getState();
  if (opened) void showNow({ ...opened, isHalved });
}

/** Holds the images of what is open by another confidence; null: by its own. */
export async function holdBy(choice: ConfidenceChoice | null): Promise<void> {
  const { opened } = here().run.getState();
  if (!opened) return;
  await showNow({ ...opened, choice });
  if (!opened.addresses) await keepChoice(opened.runs, choice);
}

const showNow = (opened: Opened): Promise<void> =>
  workOn(
    sceneFor(opened),
    {
      status: 'loading',
      loading: opened.choice ? 'Working out the confidences …' : 'Opening the trace …',
    },
    (mine) => showUnder(opened, mine),
    () => undefined,
  );

/** Shows a run under the confidence that was chosen, or the nearest that it can be held by. */
async function showUnder(wanted: Opened, mine: Attempt): Promise<void> {
  const { runs, at, isHalved } = wanted;
  const choice = possible(wanted.choice, runs[at]!, isHalved);
  const { run, tempering } = await underChoice(runs[at]!, choice, isHalved, mine.signal);
  await show({ ...wanted, choice, tempering }, run, mine);
}

/** A turn of the page's thread for each thing that takes long of a large trace. */
async function show(opened: Opened, run: OpenedRun, mine: Attempt): Promise<void> {
  const scene = sceneFor(opened);
  await nextTurn();
  const { traces } = opened.isHalved ? inHalves(run) : run;
  const all = [traces.test, traces.train, traces.holdout].filter((trace) => trace !== undefined);
  if (scene !== scenes.clusters) await prepareTrace(scene, all[0]!, mine.signal);
  mine.write(() => {
    useWaiting.setState({ linked: null, linkedChoice: null });
    if (scene === scenes.clusters) takeOpened(all);
    else {
      takeScreen();
      if (scene.shown.getState().trace) {
        dropTraces(scene);
        clearSelection(scene);
      }
    }
  });
  await nextTurn();
  // Only now that the page beneath it is empty: of all that stands there the browser works out the style anew.
  closeAnswered();
  mine.write(() => {
    showPage(scene === scenes.clusters ? 'unsupervised' : 'explore');
    scene.run.setState({
      ...{ status: 'replayed', opened, recorded: null, dataset: null, network: null, card: null },
      ...{ report: null, training: [], cutShort: false, loading: null, computes: null },
    });
  });
  for (const trace of scene === scenes.clusters ? [] : all) {
    await nextTurn();
    mine.write(() => acceptTrace(scene, trace));
  }
  await nextTurn();
  mine.write(() => {
    const tuning = traces.holdout ?? traces.train;
    if (tuning && tuning.count === tuning.total) void sweepNow(scene, tuning);
  });
  // The searches that follow hand over the trace once more.
  await nextTurn();
  mine.write(() => measureTuning(scene));
  await nextTurn();
}
