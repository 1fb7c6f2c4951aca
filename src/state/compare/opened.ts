/** Traces that a person opened, drawn beside the methods: their thresholds found and their curve drawn as of any racer. */
import { create } from 'zustand';
import { writeChoice, type ConfidenceChoice } from '../../core/confidence/choice.ts';
import type { ComparedSearch } from '../../core/run-index.ts';
import { accuracyAt } from '../../core/trace.ts';
import { isAbort } from '../../data/errors.ts';
import { headOf, inHalves, type OpenedRun } from '../../data/traces/runs.ts';
import { isMethodId } from '../../methods/registry.ts';
import { notify, sentenceOf } from '../notices.ts';
import { Lane } from '../scene/attempt.ts';
import { useSettings } from '../settings.ts';
import { possible, underChoice } from '../traces/confidence.ts';
import { choiceOfKept, runsOfKept, useKept, type KeptEntry } from '../traces/kept.ts';
import { useCompare } from './choices.ts';
import { besideFlops, trainingCost } from './cost.ts';
import { curveOn } from './policies.ts';
import type { Member, Racer } from './racers.ts';

export interface OpenedRacers {
  /** Ids of kept traces that are to be drawn, in the order in which they were chosen. */
  readonly chosen: readonly string[];
  /** Those whose curves were found, by the search that found them. */
  readonly racers: readonly Racer[];
  readonly isSearching: boolean;
}

export const useOpenedRacers = create<OpenedRacers>(() => ({
  ...{ chosen: [], racers: [], isSearching: false },
}));

const { getState: get, setState: set } = useOpenedRacers;

const lane = new Lane('race', 'opened traces');

/** Draws a kept trace beside the methods, or no longer. */
export function toggleOpened(id: string): Promise<void> {
  const { chosen, racers } = get();
  const isOut = chosen.includes(id);
  set({
    chosen: isOut ? chosen.filter((one) => one !== id) : [...chosen, id],
    racers: racers.filter((racer) => !isOut || entryOf(racer) !== id),
  });
  return drawOpened();
}

/** Finds the curves that are missing under the search of the page; what was thrown away meanwhile is no longer drawn. */
export async function drawOpened(): Promise<void> {
  const mine = lane.begin();
  const { search } = useCompare.getState();
  const { entries } = useKept.getState();
  const chosen = get().chosen.filter((id) => !entries || entries.some((entry) => entry.id === id));
  const stay = get().racers.filter(
    (racer) =>
      chosen.includes(entryOf(racer) ?? '') &&
      racer.search === search &&
      isStillHeldSo(racer, entries),
  );
  const missing = chosen.filter((id) => !stay.some((racer) => entryOf(racer) === id));
  set({ chosen, racers: stay, isSearching: missing.length > 0 });
  for (const id of missing) {
    try {
      const place = get().racers.length;
      const found = await racersOf(id, search, place, mine.signal);
      mine.write(() => set({ racers: [...get().racers, ...found] }));
    } catch (error) {
      if (isAbort(error)) return;
      mine.write(() => {
        notify('error', sentenceOf(error));
        set({ chosen: get().chosen.filter((one) => one !== id) });
      });
    }
  }
  mine.write(() => set({ isSearching: false }));
}

const entryOf = ({ members }: Racer): string | null => {
  const from = members[0]?.from;
  return from?.kind === 'opened' ? from.entry : null;
};

/** Whether the confidence of a racer is the one that its entry was given last. */
function isStillHeldSo({ members }: Racer, entries: readonly KeptEntry[] | null): boolean {
  const from = members[0]?.from;
  const entry = entries?.find(({ id }) => from?.kind === 'opened' && id === from.entry);
  return !entry || from?.kind !== 'opened' || from.asked === entry.choice;
}

/** @throws Error with a sentence when the trace is no longer kept, or nothing of it can be drawn. */
async function racersOf(
  entry: string,
  search: ComparedSearch,
  place: number,
  signal: AbortSignal,
): Promise<Racer[]> {
  const [runs, choice] = [await runsOfKept(entry), await choiceOfKept(entry)];
  const racers: Racer[] = [];
  for (const [at, run] of runs.entries()) {
    const member = await memberOf(run, { entry, at, choice }, search, signal);
    if (!member) continue;
    const { method, network, dataset } = headOf(run);
    racers.push({
      key: `opened ${entry} ${at}`,
      method,
      epochs: run.budget?.epochs ?? null,
      ...{ variant: {}, kind: 'opened', search, members: [member] },
      opened: {
        title: `${network} on ${dataset}${besideFlops(headOf(run))}`,
        place: place + racers.length,
      },
    });
  }
  if (racers.length > 0) return racers;
  const { network, dataset } = headOf(runs[0]!);
  throw new Error(
    `The trace of ${network} on ${dataset} has no test images to draw a curve on. Open its test split together with it.`,
  );
}

/** Null of a run without test images. One without others is tuned on half of its test images, and says so. */
async function memberOf(
  whole: OpenedRun,
  { entry, at, choice: asked }: { entry: string; at: number; choice: ConfidenceChoice | null },
  search: ComparedSearch,
  signal: AbortSignal,
): Promise<Member | null> {
  const { seed: searchSeed } = useSettings.getState();
  const isHalved = !whole.traces.holdout && !whole.traces.train;
  const choice = possible(asked, whole, isHalved);
  const { run } = await underChoice(whole, choice, isHalved, signal);
  const { traces } = isHalved ? inHalves(run) : run;
  const { test } = traces;
  const train = traces.holdout ?? traces.train;
  if (!test || !train) return null;
  besideFlops(test);
  const { method, provenance, exits } = test;
  const { seed } = provenance.options;
  const epochs = run.budget?.epochs ?? null;
  const isKnown = isMethodId(method) && provenance.trainImages > 0;
  return {
    id: `${entry} ${at}`,
    seed: run.budget !== null && typeof seed === 'number' ? seed : null,
    curve: await curveOn(train, test, search, searchSeed, signal),
    plain: accuracyAt(test, exits.length - 1),
    trainImages: provenance.trainImages,
    testImages: test.count,
    cost: isKnown ? trainingCost(method, train, epochs) : null,
    seconds: null,
    backend: provenance.backend,
    from: {
      ...{ kind: 'opened', train, test, entry, at, isHalved, choice },
      ...(asked && { asked: writeChoice(asked) }),
    },
  };
}
