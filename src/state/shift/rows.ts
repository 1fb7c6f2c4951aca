/** What a policy makes of images that are no longer like those that its thresholds were chosen on. Pure. */
import { withCosts, type Costs } from '../../core/costs.ts';
import type { Policy } from '../../core/policy.ts';
import { replay } from '../../core/replay.ts';
import { harmsOf } from '../../core/search/risk.ts';
import { accuracyAt, type Trace } from '../../core/trace.ts';
import type { CurveId } from '../scene/curve.ts';
import { preparedFor } from '../scene/derive.ts';

export interface ShiftRow {
  /** 0 for the images as they are. */
  readonly severity: number;
  /** Share that is right where it leaves, and were all to run the whole network. */
  readonly accuracy: number;
  readonly plain: number;
  /** Share that early exits make wrong: wrong where it leaves and right at the end. */
  readonly harm: number;
  /** Relative to the plain network. */
  readonly cost: number;
  /** Share that leaves at exit j. */
  readonly leaving: readonly number[];
}

/** @param costs in the place of FLOPs; null for those. */
export function shiftRow(
  severity: number,
  trace: Trace,
  policy: Policy,
  { curve, costs }: { readonly curve: CurveId; readonly costs: Costs | null },
): ShiftRow {
  const seen = preparedFor(curve, costs ? withCosts(trace, costs) : trace);
  const { accuracy, meanFlops, leaving } = replay(seen, policy);
  const share = (images: number): number => (seen.count === 0 ? 0 : images / seen.count);
  return {
    severity,
    accuracy,
    plain: accuracyAt(seen, seen.exits.length - 1),
    harm: share(harmsOf(seen, policy)),
    cost: meanFlops / seen.networkFlops,
    leaving: Array.from(leaving, share),
  };
}
