/** What races: a method under a budget, once for each seed, with its curve on test. */
import type { ConfidenceChoice } from '../../core/confidence/choice.ts';
import type { OptionValues } from '../../core/options/option.ts';
import { isMadeWith, madeWith, within } from '../../core/options/schema.ts';
import { csv, type Cell } from '../../core/csv.ts';
import {
  curveUnder,
  hasTraces,
  type ComparedSearch,
  type CurvePoint,
  type RecordedRun,
  type RunIndex,
} from '../../core/run-index.ts';
import { heightAt } from '../../core/search/frontier.ts';
import type { Trace } from '../../core/trace.ts';
import { grouped } from '../../data/errors.ts';
import type { FitCost } from '../../methods/contract/about.ts';
import { isMethodId, METHODS, type MethodId } from '../../methods/registry.ts';
import { hasDefaults } from '../defaults.ts';
import { trainingCost, type TrainingCost } from './cost.ts';
import { variantIn, variantsOf } from './variants.ts';

/** One run of a method: its policies, found on train, where they fall on test. */
export interface Member {
  readonly id: string;
  /** Seed of what was trained; null when nothing was. */
  readonly seed: number | null;
  readonly curve: readonly CurvePoint[];
  /** Accuracy of the plain network on the same test images. */
  readonly plain: number;
  readonly trainImages: number;
  readonly testImages: number;
  /** Null where a trace does not say what it was made with. */
  readonly cost: TrainingCost | null;
  /** Seconds from the first training image to the last that was learnt; null when nobody noted them. */
  readonly seconds: number | null;
  readonly backend: string;
  /** Where its traces are. */
  readonly from:
    | { readonly kind: 'recorded'; readonly run: RecordedRun }
    | { readonly kind: 'live'; readonly train: Trace; readonly test: Trace }
    | {
        readonly kind: 'opened';
        readonly train: Trace;
        readonly test: Trace;
        /** As the list of kept traces has it, and which of its runs. */
        readonly entry: string;
        readonly at: number;
        /** Whether thresholds are chosen on one half of its test images and measured on the other. */
        readonly isHalved: boolean;
        /** The confidence that was chosen of its scores; null: its own. */
        readonly choice: ConfidenceChoice | null;
        /** As the list of kept traces said it; missing where it said none. */
        readonly asked?: string;
      };
}

export interface Racer {
  readonly key: string;
  /** Of an opened trace it may be one that is not known here. */
  readonly method: string;
  /** Epochs of training; null for a method that trains nothing. */
  readonly epochs: number | null;
  /** What decides on what it learnt: the rule by which two judges agree on leaving; {} for a method with one. */
  readonly variant: OptionValues;
  readonly kind: Member['from']['kind'];
  /** Of an opened one: what it is of, and its place among them, from 0. */
  readonly opened?: { readonly title: string; readonly place: number };
  /** Who found the thresholds of its curves. */
  readonly search: ComparedSearch;
  readonly members: readonly Member[];
}

/** What the racers of a page have in common. */
export interface Course {
  readonly dataset: string;
  readonly network: string;
  readonly epochs: number;
  /** Of the methods that have one. */
  readonly variant: OptionValues;
  readonly search: ComparedSearch;
}

/** The recorded runs of a course, those of one method, rule and budget together. Runs with other options stay out. */
export function recordedRacers(index: RunIndex, course: Course): Racer[] {
  const racers: Racer[] = [];
  for (const method of Object.keys(METHODS) as MethodId[]) {
    const of = runsOf(index, course, method);
    const epochs = epochsFor(of, method, course.epochs);
    const all = of.filter(({ budget }) => (budget?.epochs ?? null) === epochs);
    if (all.length === 0) continue;
    // Thresholds by class are searched where traces are, so not for every seed.
    const searched = all.filter((run) => curveUnder(index, run, course.search) !== null);
    const fitting = searched.length > 0 ? searched : all;
    racers.push({
      key: `${method} recorded`,
      method,
      epochs,
      variant: variantIn(method, course.variant),
      kind: 'recorded',
      search: course.search,
      members: fitting.map((run) => memberOf(index, run, method, course.search)),
    });
  }
  return racers;
}

/**
 * Runs of one method on the course's images and network, with its defaults but for its variant. Where it was recorded in
 * another way alone, those runs stand for it, all made alike, and their name says how.
 */
function runsOf(
  index: RunIndex,
  course: Omit<Course, 'epochs' | 'search'>,
  method: MethodId,
): RecordedRun[] {
  const all = index.runs.filter(
    (run) =>
      run.dataset === course.dataset &&
      run.network === course.network &&
      run.method === method &&
      isMadeWith(variantsOf(method), course.variant, run),
  );
  const usual = all.filter((run) => hasDefaults(run, ['detail']));
  const [first] = all;
  if (usual.length > 0 || !first) return usual;
  const details = within(METHODS[method].options, 'detail');
  const made = madeWith(details, first);
  return all.filter((run) => isMadeWith(details, made, run));
}

const budgetsOf = (runs: readonly RecordedRun[]): number[] =>
  [...new Set(runs.flatMap(({ budget }) => (budget ? [budget.epochs] : [])))].sort((a, b) => a - b);

/**
 * Epochs of the runs that stand for a budget: so many; where a network is trained from scratch, for which a hundred
 * epochs are dear, the most that was recorded, once the budget is beyond that. Null for a method that trains nothing.
 */
function epochsFor(runs: readonly RecordedRun[], method: MethodId, epochs: number): number | null {
  const { epoch }: FitCost = METHODS[method].cost;
  if (epoch.length === 0) return null;
  const most = budgetsOf(runs).at(-1);
  return epoch.includes('network') && most !== undefined && most < epochs ? most : epochs;
}

/** Budgets under which a method is recorded on a network, in epochs; none for a method that trains nothing. */
export function recordedBudgets(
  index: RunIndex,
  course: Omit<Course, 'epochs' | 'search'>,
  method: MethodId,
): number[] {
  return budgetsOf(runsOf(index, course, method));
}

const isTraced = ({ from }: Member): boolean => from.kind !== 'recorded' || hasTraces(from.run);

/** Whether a racer can be followed image by image: of a recorded run its curve may be all that was kept. */
export const canBeFollowed = ({ members }: Racer): boolean => members.some(isTraced);

/** The member that can be followed image by image: the first whose traces were kept, or else the first. */
export const followed = ({ members }: Racer): Member => members.find(isTraced) ?? members[0]!;

/**
 * Two methods on the same test images to begin with: the first two that ran here, as that is what was just asked for;
 * else the first two that can be followed, else the first two.
 */
export function firstPair(racers: readonly Racer[]): readonly [Racer, Racer] | null {
  const able = racers.filter(canBeFollowed);
  for (const among of [able.filter(({ kind }) => kind === 'live'), able, racers])
    for (const first of among)
      for (const second of among)
        if (
          (first.method !== second.method || first.opened !== second.opened) &&
          followed(first).testImages === followed(second).testImages
        )
          return [first, second];
  return null;
}

function memberOf(
  index: RunIndex,
  run: RecordedRun,
  method: MethodId,
  search: ComparedSearch,
): Member {
  const { provenance, budget } = run;
  const { seed } = provenance.options;
  return {
    id: run.id,
    seed: budget !== null && typeof seed === 'number' ? seed : null,
    curve: curveUnder(index, run, search) ?? [],
    plain: run.test.accuracy.at(-1)!,
    trainImages: provenance.trainImages,
    testImages: run.test.count,
    cost: trainingCost(method, run, budget?.epochs ?? null),
    seconds: null,
    backend: provenance.backend,
    from: { kind: 'recorded', run },
  };
}

/**
 * Why a racer has no height at a cost, in few words: the cheapest exit costs more, a search found nothing there, or
 * nobody searched.
 */
export function whyNoHeight(
  { members, search }: Pick<Racer, 'members' | 'search'>,
  cost: number,
): string {
  const cheapest = Math.min(
    ...members.map(({ from }) => {
      const { exits, networkFlops } = from.kind === 'recorded' ? from.run : from.test;
      return Math.min(...exits.map(({ flops }) => flops)) / networkFlops;
    }),
  );
  if (cost < cheapest) return 'out of reach';
  if (search === 'class-aware' && members.every(({ curve }) => curve.length === 0))
    return 'not by class';
  const found = members.filter(({ curve }) => curve[0] && curve[0].cost <= cost).length;
  return found === 0 ? 'none found' : `found for ${found} of ${members.length} seeds`;
}

/** Who learnt from how many training images, as a sentence. */
export function learntFrom(racers: readonly Racer[]): string {
  const counts = new Map<number, Set<string>>();
  for (const { method, members } of racers) {
    const { trainImages } = members[0]!;
    // What a trace of another program learnt from, it need not say.
    if (!isMethodId(method) || trainImages === 0) continue;
    counts.set(trainImages, (counts.get(trainImages) ?? new Set()).add(METHODS[method].name));
  }
  const images = (count: number): string => `${grouped(count)} training images`;
  const [only] = counts.keys();
  if (only === undefined) return '';
  if (counts.size === 1) return `Every method learns from the same ${images(only)}.`;
  const parts = [...counts].map(
    ([count, names]) => `${[...names].join(', ')} from ${images(count)}`,
  );
  return `Not all learn from the same images: ${parts.join('; ')}.`;
}

export interface Height {
  readonly mean: number;
  /** Least and greatest over the seeds. */
  readonly low: number;
  readonly high: number;
}

/** Accuracy of a racer on test at exactly a cost; null where one of its members has no policy so cheap. */
export function heightOf({ members }: Pick<Racer, 'members'>, cost: number): Height | null {
  const heights = members.map(({ curve }) => {
    const cheapest = curve[0];
    return cheapest && cheapest.cost <= cost ? heightAt(curve, cost) : null;
  });
  const known = heights.filter((height) => height !== null);
  if (known.length === 0 || known.length < heights.length) return null;
  return {
    mean: known.reduce((sum, height) => sum + height, 0) / known.length,
    low: Math.min(...known),
    high: Math.max(...known),
  };
}

/** One cost of the chart, with the height of every racer there by its key. */
export interface GridRow {
  readonly cost: number;
  readonly heights: Readonly<Record<string, Height | null>>;
}

/** Steps of the chart's axis. */
const STEP = 0.005;

/** The racers on a grid of costs from 0 on, as far as any of them reaches; beyond its end a curve is not drawn. */
export function gridOf(racers: readonly Racer[]): GridRow[] {
  const ends = new Map(
    racers.map((racer) => [
      racer.key,
      Math.max(...racer.members.map(({ curve }) => curve.at(-1)?.cost ?? 0)),
    ]),
  );
  const most = Math.max(1, ...ends.values());
  return Array.from({ length: Math.ceil(most / STEP) + 1 }, (_, n) => {
    const cost = Number((n * STEP).toFixed(4));
    const heights = racers.map(
      (racer) =>
        [racer.key, cost <= ends.get(racer.key)! + STEP ? heightOf(racer, cost) : null] as const,
    );
    return { cost, heights: Object.fromEntries(heights) };
  });
}

/** A line a cost; mean, least and greatest of every racer, empty where it is out of reach. */
export function gridCsv(
  racers: readonly Pick<Racer, 'key'>[],
  names: readonly string[],
  grid: readonly GridRow[],
): string {
  const head = names.flatMap((name) =>
    ['mean', 'least', 'greatest'].map((which) => `${name}: ${which}`),
  );
  const rows = grid.map(({ cost, heights }) => [
    cost,
    ...racers.flatMap(({ key }): Cell[] => {
      const height = heights[key];
      return height ? [height.mean, height.low, height.high] : [null, null, null];
    }),
  ]);
  return csv(['relative FLOPs', ...head], rows);
}
