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
  /** Panel that is being searched, and how far it is, 0…1. */
  readonly running: { readonly panel: string; readonly done: number } | null;
  /** Why a panel's search failed, by panel. */
  readonly problems: Readonly<Record<string, string>>;
}

export const useCurves = create<CurvesState>(() => ({ found: {}, running: null, problems: {} }));

const { setState: set, getState: get } = useCurves;

export function curveKey(run: RecordedRun, search: SearchName): string {
  return `${run.id} ${search}`;
}

let attempt = new AbortController();

/** Ends a search that nobody waits for any more; what was found stays. */
export function stopPanelSearch(): void {
  attempt.abort(new DOMException('The page was left.', 'AbortError'));
  set({ running: null });
}

/** Searches every run of a panel that has not been searched yet, one after the other. */
export async function searchPanel(panel: CurvePanel, search: SearchName): Promise<void> {
  stopPanelSearch();
  const { signal } = (attempt = new AbortController());
  const problems = Object.entries(get().problems).filter(([id]) => id !== panel.id);
  set({ running: { panel: panel.id, done: 0 }, problems: Object.fromEntries(problems) });
  const wanted = panel.series.flatMap(({ method, runs }) =>
    runs.filter((run) => !get().found[curveKey(run, search)]).map((run) => ({ method, run })),
  );
  try {
    for (const [n, { method, run }] of wanted.entries()) {
      const curve = await searchRun(method, run, search, signal, (done) =>
        set({ running: { panel: panel.id, done: (n + done) / wanted.length } }),
      );
      set({ found: { ...get().found, [curveKey(run, search)]: curve } });
    }
    set({ running: null });
  } catch (error) {
    if (isAbort(error) || signal.aborted) return;
    set({ running: null, problems: { ...get().problems, [panel.id]: sentenceOf(error) } });
  }
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

/** Bytes of the traces that a panel's curves need, roughly: five bytes a cell. */
export function panelBytes({ series }: CurvePanel): number {
  const runs = series.flatMap((one) => one.runs);
  return runs.reduce(
    (sum, { exits, train, test }) => sum + 5 * exits.length * (train.count + test.count),
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
