/** Searches the curves of a panel of Figure 2 in the search worker, on recorded traces. */
import { create } from 'zustand';
import type { RecordedRun, SearchName } from '../../core/run-index.ts';
import type { Tuned } from '../../core/search/coordinate.ts';
import { replayFrontier, upperHull, type Frontier } from '../../core/search/frontier.ts';
import { isAbort } from '../../data/errors.ts';
import { runSearch } from '../../engine/client/search.ts';
import { sentenceOf } from '../notices.ts';
import { loadRuns, recordedTrace } from '../runs.ts';
import { advantageOf, type Advantage, type DrawnCurve } from './advantage.ts';
import { CURVE_RULES, type CurveMethod, type CurvePanel, type Series } from './figure2.ts';

export interface CurvesState {
  /** Policies of the train hull, drawn on test, by `curveKey`. */
  readonly found: Readonly<Record<string, Frontier>>;
  /** How far each panel is that is being searched or waits for its turn, 0…1. */
  readonly running: Readonly<Record<string, number>>;
  /** Why a panel's search failed, by panel. */
  readonly problems: Readonly<Record<string, string>>;
}

export const useCurves = create<CurvesState>(() => ({ found: {}, running: {}, problems: {} }));

const { setState: set, getState: get } = useCurves;

export function curveKey(run: RecordedRun, search: SearchName): string {
  return `${run.id} ${search}`;
}

let attempt = new AbortController();
/** The last search that was asked for: the next one waits for it. */
let last: Promise<void> = Promise.resolve();

/** Ends the searches that nobody waits for any more; what was found stays. */
export function stopPanelSearches(): void {
  attempt.abort(new DOMException('The page was left.', 'AbortError'));
  attempt = new AbortController();
  set({ running: {} });
}

/** Searches every run of a panel that has not been searched yet, after the panels that were asked for before. */
export function searchPanel(panel: CurvePanel, search: SearchName): Promise<void> {
  const { signal } = attempt;
  set({
    running: { ...get().running, [panel.id]: 0 },
    problems: without(get().problems, panel.id),
  });
  last = last.then(() => searchRuns(panel, search, signal));
  return last;
}

async function searchRuns(
  panel: CurvePanel,
  search: SearchName,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  const wanted = panel.series.flatMap(({ method, runs }) =>
    runs.filter((run) => !get().found[curveKey(run, search)]).map((run) => ({ method, run })),
  );
  try {
    for (const [n, { method, run }] of wanted.entries()) {
      const curve = await searchRun(method, run, search, signal, (done) =>
        set({ running: { ...get().running, [panel.id]: (n + done) / wanted.length } }),
      );
      set({ found: { ...get().found, [curveKey(run, search)]: curve } });
    }
  } catch (error) {
    if (isAbort(error) || signal.aborted) return;
    set({ problems: { ...get().problems, [panel.id]: sentenceOf(error) } });
  }
  if (!signal.aborted) set({ running: without(get().running, panel.id) });
}

function without<Value>(of: Readonly<Record<string, Value>>, key: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(of).filter(([other]) => other !== key));
}

/** Thresholds on the upper hull of train, drawn on test as they are. */
async function searchRun(
  method: CurveMethod,
  run: RecordedRun,
  search: SearchName,
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<Frontier> {
  const rule = CURVE_RULES[method];
  const [index, train, test] = await Promise.all([
    loadRuns(),
    recordedTrace(run, 'train'),
    recordedTrace(run, 'test'),
  ]);
  signal.throwIfAborted();
  const found: Tuned[] = [];
  await runSearch(
    { search, trace: train, rule, seed: index?.searchSeed ?? 1 },
    (step) => {
      found.push(...step.found);
      if (!signal.aborted) onProgress(step.done);
    },
    signal,
  );
  const drawn = replayFrontier(upperHull(found), test, rule);
  return [...drawn].sort((a, b) => a.cost - b.cost);
}

/** Bytes of the traces that a panel’s curves need, roughly: three bytes for each image and exit. */
export function panelBytes({ series }: CurvePanel): number {
  const runs = series.flatMap((one) => one.runs);
  return runs.reduce(
    (sum, { exits, train, test }) => sum + 3 * exits.length * (train.count + test.count),
    0,
  );
}

/** The curves to draw and to compare: searched ones where there are, else the points that the index has. */
export function curvesOf(
  series: Series,
  search: SearchName,
  found: CurvesState['found'],
): { readonly searched: boolean; readonly curves: readonly DrawnCurve[] } {
  const searched = series.runs.flatMap((run) => {
    const curve = found[curveKey(run, search)];
    return curve ? [curve] : [];
  });
  return searched.length === series.runs.length && searched.length > 0
    ? { searched: true, curves: searched }
    : { searched: false, curves: series.budgets };
}

/** What a panel says of the figure's claim; null when there is nothing to compare E2CM with. */
export function panelAdvantage(
  panel: CurvePanel,
  search: SearchName,
  found: CurvesState['found'],
): Advantage | null {
  const [e2cm, ...others] = panel.series.map((series) => curvesOf(series, search, found).curves);
  return advantageOf(e2cm!, others);
}
