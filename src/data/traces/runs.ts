/** Which opened traces belong together: splits of one run, by what their headers say. */
import type { Budget } from '../../core/trace-file.ts';
import { everyNth, type Trace, type TraceSplit } from '../../core/trace.ts';
import type { OpenedTrace } from './open.ts';

/** The splits of one run; never none. */
export interface OpenedRun {
  readonly traces: Readonly<Partial<Record<TraceSplit, Trace>>>;
  readonly files: readonly string[];
  readonly budget: Budget | null;
  /** Scores of the splits that came with them; missing in runs that were kept before there were any. */
  readonly scores?: Readonly<Partial<Record<TraceSplit, Blob>>>;
}

/** What the splits of a run have in common. */
function keyOf({ dataset, network, method, rule, classes, exits, networkFlops }: Trace): string {
  const costs = exits.map(({ name, flops }) => [name, flops]);
  return JSON.stringify([dataset, network, method, rule, classes, costs, networkFlops]);
}

/** Traces as runs, in the order in which they came. A second trace of the same split begins another run. */
export function runsOf(opened: readonly OpenedTrace[]): OpenedRun[] {
  const runs: { key: string; run: OpenedRun }[] = [];
  for (const { trace, budget, file, scores } of opened) {
    const key = keyOf(trace);
    const known = runs.find((one) => one.key === key && !one.run.traces[trace.split]);
    const before = known?.run ?? { traces: {}, files: [], budget: null };
    const run: OpenedRun = {
      traces: { ...before.traces, [trace.split]: trace },
      files: [...new Set([...before.files, file])],
      budget: before.budget ?? budget,
      scores: { ...before.scores, ...(scores && { [trace.split]: scores }) },
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

/** Thresholds are chosen on test images 1, 3, 5, … and measured on 0, 2, 4, …; the two say so of themselves. */
export function inHalves(run: OpenedRun): OpenedRun {
  const { test } = run.traces;
  if (!test) return run;
  const half = (first: 0 | 1, split: 'test' | 'holdout'): Trace => {
    const part = everyNth(test, 2, first);
    const images = `test images ${first}, ${first + 2}, ${first + 4}, …`;
    const { provenance } = part;
    return {
      ...part,
      split,
      provenance: { ...provenance, options: { ...provenance.options, images } },
    };
  };
  return { ...run, traces: { test: half(0, 'test'), holdout: half(1, 'holdout') } };
}
