/** One method held against another: at some costs, and over the whole of their curves. */
import type { RecordedRun, SearchName } from '../../../core/run-index.ts';
import { advantageOf, type DrawnCurve } from '../advantage.ts';
import { isMeasured, measureAt, missingWords, type Measured, type Missing } from '../measure.ts';
import { PAPER_BUDGETS } from '../numbers.ts';
import type { Verdict } from './verdict.ts';

/** Relative FLOPs: the columns of the tables, and two where shallow networks come to their end. */
export const COSTS: readonly number[] = [...PAPER_BUDGETS, 0.4, 0.5];

/** Points, or less, that are nothing: 20 of 10,000 images. */
export const LEVEL = 0.2;

/** How far one method is above another at a cost. */
export interface Gain {
  readonly cost: number;
  /** Points of accuracy, and how far seeds spread them; null where one of the two has no number. */
  readonly gain: Measured | null;
  /** Why there is none, in few words. */
  readonly missing: string | null;
}

/** A method's runs beside another's at every cost, means over seeds. */
export function duel(
  first: readonly RecordedRun[],
  second: readonly RecordedRun[],
  search: SearchName,
): Gain[] {
  return COSTS.map((cost) => {
    const [a, b] = [measureAt(first, search, cost), measureAt(second, search, cost)];
    return isMeasured(a) && isMeasured(b)
      ? { cost, gain: difference(a, b), missing: null }
      : { cost, gain: null, missing: missingWords(isMeasured(a) ? (b as Missing) : a) };
  });
}

/** Spreads add as those of independent numbers do. */
function difference(a: Measured, b: Measured): Measured {
  const isOne = a.spread === null && b.spread === null;
  return {
    accuracy: a.accuracy - b.accuracy,
    spread: isOne ? null : Math.hypot(a.spread ?? 0, b.spread ?? 0),
    runs: Math.min(a.runs, b.runs),
  };
}

/** Whether the first is above, by more than nothing and than seeds differ: wherever both have a number, somewhere, nowhere. */
export function verdictOf(gains: readonly Gain[]): Verdict {
  const known = gains.flatMap(({ gain }) => gain ?? []);
  if (known.length === 0) return 'open';
  const room = ({ spread }: Measured): number => Math.max(LEVEL, spread ?? 0);
  const isAbove = known.some((gain) => gain.accuracy > room(gain));
  const isBelow = known.some((gain) => gain.accuracy < -room(gain));
  if (isAbove) return isBelow ? 'in-part' : 'holds';
  return isBelow ? 'fails' : 'level';
}

export interface Lead {
  /** The most accuracy that is gained, in percent of the other's, and the relative FLOPs there. */
  readonly percent: number;
  readonly at: number;
  /** The most FLOPs that are saved at the same accuracy, in percent of the other's; null where none is common. */
  readonly saved: { readonly percent: number; readonly accuracy: number } | null;
  readonly verdict: Verdict;
}

/** A gain of less is none: percent of accuracy, percent of FLOPs. */
const SOME = { accuracy: 1, flops: 5 } as const;

/**
 * The most by which a curve is above the best of others.
 * @param claimed what the paper says of either, in percent; either will do.
 * @returns null unless all of them are recorded.
 */
export function leadOf(
  ours: readonly DrawnCurve[],
  others: readonly (readonly DrawnCurve[])[],
  claimed: { readonly better: number; readonly faster: number },
): Lead | null {
  if (others.some((curves) => curves.length === 0)) return null;
  const most = advantageOf(ours, others);
  if (!most) return null;
  const { percent, percentAt, faster } = most;
  const saved = faster?.value ?? 0;
  const isClaimed = percent >= claimed.better || saved >= claimed.faster;
  const isSome = percent > SOME.accuracy || saved > SOME.flops;
  return {
    percent,
    at: percentAt,
    saved: faster && { percent: faster.value, accuracy: faster.accuracy },
    verdict: isClaimed ? 'holds' : isSome ? 'in-part' : 'fails',
  };
}
