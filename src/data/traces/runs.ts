/** Which opened traces belong together: splits of one run, by what their headers say. */
import type { Budget } from '../../core/trace-file.ts';
import type { Trace, TraceSplit } from '../../core/trace.ts';
import type { OpenedTrace } from './open.ts';

/** The splits of one run; never none. */
export interface OpenedRun {
  readonly traces: Readonly<Partial<Record<TraceSplit, Trace>>>;
  readonly files: readonly string[];
  readonly budget: Budget | null;
}

/** What the splits of a run have in common. */
function keyOf({ dataset, network, method, rule, classes, exits, networkFlops }: Trace): string {
  const costs = exits.map(({ name, flops }) => [name, flops]);
  return JSON.stringify([dataset, network, method, rule, classes, costs, networkFlops]);
}

/** Traces as runs, in the order in which they came. A second trace of the same split begins another run. */
export function runsOf(opened: readonly OpenedTrace[]): OpenedRun[] {
  const runs: { key: string; run: OpenedRun }[] = [];
  for (const { trace, budget, file } of opened) {
    const key = keyOf(trace);
    const known = runs.find((one) => one.key === key && !one.run.traces[trace.split]);
    const before = known?.run ?? { traces: {}, files: [], budget: null };
    const run: OpenedRun = {
      traces: { ...before.traces, [trace.split]: trace },
      files: [...new Set([...before.files, file])],
      budget: before.budget ?? budget,
    };
    if (known) known.run = run;
    else runs.push({ key, run });
  }
  return runs.map(({ run }) => run);
}

/** The trace that says what a run is: of test where there is one. */
export function headOf({ traces }: Pick<OpenedRun, 'traces'>): Trace {
  return (traces.test ?? traces.holdout ?? traces.train)!;
}
