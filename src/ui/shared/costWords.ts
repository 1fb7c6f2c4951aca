/** How the costs of a trace are spoken of: FLOPs, or what a person measured. */
import { costUnit } from '../../core/costs.ts';
import type { Trace } from '../../core/trace.ts';

export interface CostSpoken {
  /** "FLOPs", "ms". */
  readonly unit: string;
  /** "of the FLOPs", "of the ms". */
  readonly of: string;
  /** What is saved: "fewer operations", "less ms". */
  readonly saved: string;
}

export function costWords(trace: Pick<Trace, 'provenance'>): CostSpoken {
  const unit = costUnit(trace);
  return {
    unit,
    of: `of the ${unit}`,
    saved: unit === 'FLOPs' ? 'fewer operations' : `less, in ${unit}`,
  };
}
