/** How the costs of a trace are spoken of: FLOPs, or what a person measured. */
import { costSource, costUnit } from '../../core/costs.ts';
import { NOT_STATED, type Trace } from '../../core/trace.ts';

export interface CostSpoken {
  /** "FLOPs", "ms". */
  readonly unit: string;
  /** "of the FLOPs", "of the ms". */
  readonly of: string;
  /** What is saved: "fewer operations", "less ms". */
  readonly saved: string;
  /** "costs in ms: measured here, …"; null of FLOPs, which are counted. */
  readonly source: string | null;
}

const NO_SOURCE = `source ${NOT_STATED}`;

export function costWords(trace: Pick<Trace, 'provenance'>): CostSpoken {
  const unit = costUnit(trace);
  return {
    unit,
    of: `of the ${unit}`,
    saved: unit === 'FLOPs' ? 'fewer operations' : `less, in ${unit}`,
    source: unit === 'FLOPs' ? null : `costs in ${unit}: ${costSource(trace) ?? NO_SOURCE}`,
  };
}
