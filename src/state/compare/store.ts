/** The Compare page's store: the race that is being run here, and what races have brought. */
import { create } from 'zustand';
import { defaultsOf, pick, within } from '../../core/options/schema.ts';
import type { ComparedSearch } from '../../core/run-index.ts';
import type { OptionValues } from '../../core/options/option.ts';
import { statedPairing, underPairing } from '../../core/pairing.ts';
import { accuracyAt, type Trace } from '../../core/trace.ts';
import { isAbort } from '../../data/errors.ts';
import type { Progress, RunResult } from '../../engine/client/types.ts';
import { METHODS, trainsFor, type MethodId } from '../../methods/registry.ts';
import { attempt, Lane, type Attempt } from '../scene/attempt.ts';
import { networkFor } from '../scene/network-for.ts';
import { fitHere } from '../scene/prepare.ts';
import { askBeforeLeaving } from '../leaving.ts';
import { notify, sentenceOf } from '../notices.ts';
import { takenBy, type Owner } from '../lease/owner.ts';
import { settingOptions, useSettings } from '../settings.ts';
import { useCompare } from './choices.ts';
import { trainingCost } from './cost.ts';
import { curveOn } from './policies.ts';
import { chosenVariant, isOfVariant, variantIn } from './variants.ts';
import type { Member, Racer } from './racers.ts';

export interface RaceState {
  /** Runs of this page, by course: another dataset, network or budget has its own. */
  readonly live: Readonly<Record<string, readonly Racer[]>>;
  /** The methods that a race on a course did not come to the end of, because it was ended. */
  readonly left: Readonly<Record<string, readonly MethodId[]>>;
  /** The race in progress. */
  readonly race: {
    readonly method: MethodId;
    readonly place: number;
    readonly of: number;
    readonly words: string | null;
    readonly progress: Progress | null;
  } | null;
}

export const useRace = create<RaceState>(() => ({ live: {}, left: {}, race: null }));

const { getState: get, setState: set } = useRace;

/** What a race's results belong to. */
export function courseKey(dataset: string, network: string, epochs: number): string {
  return `${dataset} ${network} ${epochs}`;
}

/** The methods that an ended race left and that are still chosen, in the order of the page. */
export function leftToRace(
  { left }: Pick<RaceState, 'left'>,
  course: string,
  methods: readonly MethodId[],
): readonly MethodId[] {
  return methods.filter((method) => left[course]?.includes(method));
}

const lane = new Lane('race');

/** Fits every chosen method in turn on the images and the network of the settings, and draws its curve on test. */
export function race(): Promise<void> {
  return raceWith(useCompare.getState().methods);
}

/** Goes on with the methods that an ended race left. */
export function raceOn(course: string): Promise<void> {
  return raceWith(leftToRace(get(), course, useCompare.getState().methods));
}

/** What has raced is kept by this page alone. */
const raceWith = (methods: readonly MethodId[]): Promise<void> =>
  askBeforeLeaving(() => raceOf(methods));

async function raceOf(methods: readonly MethodId[]): Promise<void> {
  const settings = useSettings.getState();
  const over = (): void => set({ race: null });
  const out: [method: MethodId, why: string][] = [];
  let at = 0;
  await attempt(
    lane,
    async (mine) => {
      // Another may take the engine while thresholds are searched, which needs none.
      const computing = mine.part();
      const network = networkFor(settings);
      const key = courseKey(settings.dataset, network.id, settings.epochs);
      try {
        for (; at < methods.length; at++) {
          set({ left: { ...get().left, [key]: methods.slice(at) } });
          try {
            await raceOne(methods, at, key, settings, network, mine, computing);
          } catch (error) {
            // What one method cannot do here is no reason for the others to stay out.
            if (isAbort(error) || computing.signal.aborted) throw error;
            out.push([methods[at]!, sentenceOf(error)]);
          }
        }
      } catch (error) {
        const by = takenBy(computing);
        if (by === undefined) throw error;
        mine.write(() => notify('note', endOf(at, methods.length, by)));
        mine.write(over);
        return;
      } finally {
        computing.giveBack();
        mine.write(() => sayWhoStayedOut(out));
      }
      set({ left: { ...get().left, [key]: [] } });
      mine.write(over);
    },
    ({ error }) => {
      if (error !== null) notify('error', sentenceOf(error));
      over();
    },
  );
}

/** Why another owner has the engine. */
const TAKERS: Readonly<Record<Owner, string>> = {
  explore: 'Explore computes now',
  clusters: 'a clustering began',
  race: 'another race began',
  fixture: 'the engine was wanted elsewhere',
};

/** What Compare does not let one choose: as in the recorded runs, whatever Explore is set to. */
const ALIKE = pick(settingOptions, defaultsOf(within(settingOptions, 'detail')));

/** One sentence a reason, however many methods stayed out for it. */
function sayWhoStayedOut(out: readonly (readonly [method: MethodId, why: string])[]): void {
  for (const why of new Set(out.map(([, why]) => why))) {
    const names = out.filter((one) => one[1] === why).map(([method]) => METHODS[method].name);
    notify('error', `${names.join(', ').replace(/, ([^,]+)$/, ' and $1')} did not race. ${why}`);
  }
}

async function raceOne(
  methods: readonly MethodId[],
  at: number,
  key: string,
  settings: ReturnType<typeof useSettings.getState>,
  network: ReturnType<typeof networkFor>,
  mine: Attempt,
  computing: Attempt,
): Promise<void> {
  const method = methods[at]!;
  const place = { method, place: at + 1, of: methods.length };
  const say = (words: string | null, progress: Progress | null): void => {
    computing.say(() => set({ race: { ...place, words, progress } }));
  };
  say('Starting …', null);
  const result = await fitHere({ ...settings, ...ALIKE, method }, network, computing, {
    onLoading: (words) => say(words, null),
    onProgress: (progress) => say(null, progress),
  });
  say('searching thresholds', null);
  const racer = await racerOf(method, settings.epochs, settings.seed, result, mine.signal);
  mine.signal.throwIfAborted();
  const others = (get().live[key] ?? []).filter(
    (other) => other.key !== racer.key || !isOfVariant(other.variant, racer.variant),
  );
  set({ live: { ...get().live, [key]: [...others, racer] } });
  for (const warning of result.report.warnings) notify('note', warning);
}

function endOf(finished: number, of: number, by: Owner | null): string {
  const why = by === null ? 'another backend was chosen' : TAKERS[by];
  return `The race ended after ${finished} of ${of} methods because ${why}. What has finished stays; race on under Compare.`;
}

/**
 * Draws what raced on a course by another search, or under another rule of two judges: thresholds are found anew on the
 * traces that are kept.
 */
export async function drawAnew(
  course: string,
  search: ComparedSearch,
  variant: OptionValues,
): Promise<void> {
  const { seed } = useSettings.getState();
  for (const racer of get().live[course] ?? []) {
    const [member] = racer.members;
    if (member?.from.kind !== 'live') continue;
    const { from } = member;
    const pairing = statedPairing(variant);
    const isOther = pairing !== null && from.train.second && !isOfVariant(racer.variant, variant);
    if (racer.search === search && !isOther) continue;
    const [train, test] = [from.train, from.test].map((trace) =>
      isOther ? underPairing(trace, pairing) : trace,
    ) as [Trace, Trace];
    try {
      const curve = await curveOn(train, test, search, seed);
      const drawn: Racer = {
        ...{
          ...racer,
          search,
          variant: variantIn(racer.method as MethodId, train.provenance.options),
        },
        members: [{ ...member, curve, from: { ...from, train, test } }],
      };
      const before = get().live[course] ?? [];
      // It may have been drawn, or raced, anew meanwhile.
      if (!before.includes(racer)) continue;
      const racers = before.map((other) => (other === racer ? drawn : other));
      if (useCompare.getState().search !== search) return;
      if (!isOfVariant(chosenVariant(useSettings.getState()), variant)) return;
      set({ live: { ...get().live, [course]: racers } });
    } catch (error) {
      notify('error', sentenceOf(error));
    }
  }
}

/** Ends the race; the methods that have finished stay. */
export function stopRace(): void {
  lane.stop();
  set({ race: null });
}

async function racerOf(
  method: MethodId,
  epochs: number,
  searchSeed: number,
  { train, test, report }: RunResult,
  signal: AbortSignal,
): Promise<Racer> {
  const trained = trainsFor(method) === null ? null : epochs;
  const { seed } = train.provenance.options;
  const choices = useCompare.getState();
  const member: Member = {
    id: `${method} live`,
    seed: trained !== null && typeof seed === 'number' ? seed : null,
    curve: await curveOn(train, test, choices.search, searchSeed, signal),
    plain: accuracyAt(test, test.exits.length - 1),
    trainImages: train.provenance.trainImages,
    testImages: test.count,
    cost: trainingCost(method, train, trained),
    seconds: report.phases
      .filter(({ phase }) => !/^(training|test|held-out) images$/.test(phase))
      .reduce((sum, { seconds }) => sum + seconds, 0),
    backend: train.provenance.backend,
    from: { kind: 'live', train, test },
  };
  const { search } = choices;
  return {
    key: `${method} live`,
    method,
    epochs: trained,
    variant: variantIn(method, train.provenance.options),
    kind: 'live',
    search,
    members: [member],
  };
}
