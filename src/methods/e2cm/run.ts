import type { Exit, TraceHead, TraceSplit } from '../../core/trace.ts';
import type { RunContext } from '../contract/run.ts';
import type { Phases } from '../run/phases.ts';
import type { E2cmFitted } from '../parts/means/decide.ts';
import type { E2cmOptions } from './options.ts';

/** What all passes of one run share. */
export interface E2cmRun {
  readonly context: RunContext<E2cmFitted>;
  readonly options: E2cmOptions;
  readonly classes: readonly string[];
  readonly dimensions: readonly number[];
  readonly exits: readonly Exit[];
  readonly phases: Phases;
  readonly head: (split: TraceSplit) => TraceHead;
}
