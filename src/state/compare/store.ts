/** The Compare page's store: who races, what is known of them, and the race that is being run here. */
import { create } from 'zustand';
import type { CurvePoint, SearchName } from '../../core/run-index.ts';
import type { Tuned } from '../../core/search/coordinate.ts';
import { replayFrontier, upperHull } from '../../core/search/frontier.ts';
import { accuracyAt, type Trace } from '../../core/trace.ts';
import { isAbort } from '../../data/errors.ts';
import { runSearch } from '../../engine/client/search.ts';
import type { Progress, RunResult } from '../../engine/client/types.ts';
import { METHODS, ruleOf, type MethodId } from '../../methods/registry.ts';
import { dismissErrors, notify, sentenceOf } from '../notices.ts';
import { fitHere } from '../session.ts';
import { networkFor } from '../machine.ts';
import { useSettings } from '../settings.ts';
import { trainedOn, trainingCost, trainsWhat } from './cost.ts';
import type { Member, Racer } from './racers.ts';

export interface RaceState {
  /** Whose curves are drawn. */
  readonly methods: readonly MethodId[];
  /** Who finds the thresholds on train. */
  readonly search: SearchName;
  /** Runs of this page, by course: another dataset, network or budget has its own. */
  readonly live: Readonly<Record<string, readonly Racer[]>>;
  /** The race in progress. */
  readonly race: {
    readonly method: MethodId;
    readonly place: number;
    readonly of: number;
    readonly words: string | null;
    readonly progress: Progress | null;
  } | null;
  /** Relative FLOPs at which everything is compared. */
  readonly pinned: number;
}

export const methodIds = Object.keys(METHODS) as MethodId[];

export const useRace = create<RaceState>(() => ({
  methods: methodIds,
  search: 'frontier',
  live: {},
  race: null,
  pinned: 0.25,
}));

const { getState: get, setState: set } = useRace;

/** Shows or hides a method; it also takes part in the next race or stays out. */
export function toggleMethod(method: MethodId): void {
  const { methods } = get();
  const next = methodIds.filter((id) => (id === method) !== methods.includes(id));
  set({ methods: next });
}

export const chooseSearch = (search: SearchName): void => set({ search });

export const pin = (cost: number): void =>
  set({ pinned: Math.min(1, Math.max(0, Math.round(cost * 200) / 200)) });

/** What a race's results belong to. */
export function courseKey(dataset: string, network: string, epochs: number): string {
  return `${dataset} ${network} ${epochs}`;
}

let attempt = new AbortController();

/** Fits every chosen method in turn on the images and the network of the settings, and draws its curve on test. */
export async function race(): Promise<void> {
  attempt.abort();
  const mine = (attempt = new AbortController());
  const settings = useSettings.getState();
  const { methods } = get();
  dismissErrors();
  try {
    const network = networkFor(settings);
    const key = courseKey(settings.dataset, network.id, settings.epochs);
    for (const [n, method] of methods.entries()) {
      const at = { method, place: n + 1, of: methods.length };
      set({ race: { ...at, words: 'Starting …', progress: null } });
      const result = await fitHere({ ...settings, method }, network, mine.signal, {
        onLoading: (words) => set({ race: { ...at, words, progress: null } }),
        onProgress: (progress) => set({ race: { ...at, words: null, progress } }),
      });
      set({ race: { ...at, words: 'searching thresholds', progress: null } });
      const racer = await racerOf(method, settings.epochs, result, mine.signal);
      mine.signal.throwIfAborted();
      const others = (get().live[key] ?? []).filter((other) => other.key !== racer.key);
      set({ live: { ...get().live, [key]: [...others, racer] } });
      for (const warning of result.report.warnings) notify('note', warning);
    }
  } catch (error) {
    if (mine === attempt && !isAbort(error)) notify('error', sentenceOf(error));
  }
  if (mine === attempt) set({ race: null });
}

/** Ends the race; the methods that have finished stay. */
export function stopRace(): void {
  attempt.abort();
  set({ race: null });
}

async function racerOf(
  method: MethodId,
  epochs: number,
  { train, test, report }: RunResult,
  signal: AbortSignal,
): Promise<Racer> {
  const trained = METHODS[method].trainsFor === null ? null : epochs;
  const { seed } = train.provenance.options;
  const member: Member = {
    id: `${method} live`,
    seed: trained !== null && typeof seed === 'number' ? seed : null,
    curve: await curveOn(train, test, get().search, signal),
    plain: accuracyAt(test, test.exits.length - 1),
    trainImages: train.provenance.trainImages,
    testImages: test.count,
    cost: trainingCost(train, trainedOn(train.provenance), trained, trainsWhat(method)),
    seconds: report.phases
      .filter(({ phase }) => !/^(training|test|held-out) images$/.test(phase))
      .reduce((sum, { seconds }) => sum + seconds, 0),
    backend: train.provenance.backend,
    from: { kind: 'live', train, test },
  };
  return { key: `${method} live`, method, epochs: trained, kind: 'live', members: [member] };
}

/** The policies of a search's hull on train, where they fall on test, by rising cost. */
export async function curveOn(
  train: Trace,
  test: Trace,
  search: SearchName,
  signal?: AbortSignal,
): Promise<CurvePoint[]> {
  const rule = ruleOf(train.method);
  const found: Tuned[] = [];
  const { seed } = useSettings.getState();
  await runSearch(
    { search, trace: train, rule, seed },
    (step) => found.push(...step.found),
    signal,
  );
  const drawn = replayFrontier(upperHull(found), test, rule);
  return drawn.map(({ cost, accuracy }) => ({ cost, accuracy })).sort((a, b) => a.cost - b.cost);
}
