/** Which opened traces belong together: splits of one run, by what their headers say. */
import { meaningOf } from '../../core/meaning.ts';
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

/**
 * Two opened runs as the test images and the tuning images of one, because a person says that they belong together: names,
 * classes and costs are those of the test trace.
 * @throws Error with a sentence when thresholds of one cannot be held against the other's confidences.
 */
export function paired(one: OpenedRun, other: OpenedRun): OpenedRun {
  const [of, tuning] = one.traces.test ? [one, other] : [other, one];
  const { test } = of.traces;
  const from = tuning.traces.train ?? tuning.traces.holdout ?? tuning.traces.test;
  if (!test || !from)
    throw new Error('Neither has test images; curves are measured on those. Open a test trace.');
  const why = whyApart(test, from);
  if (why) throw new Error(`${headOf(tuning).network} cannot choose thresholds for it: ${why}`);
  const { dataset, network, method, classes, exits, networkFlops } = test;
  // A second test trace is as good as held-out images.
  const split = from.split === 'test' ? 'holdout' : from.split;
  const made = { ...from, dataset, network, method, classes, exits, networkFlops, split };
  const scores = tuning.scores?.[from.split];
  return {
    traces: { test, [split]: made },
    files: [...new Set([...of.files, ...tuning.files])],
    budget: of.budget ?? tuning.budget,
    scores: {
      ...(of.scores?.test && { test: of.scores.test }),
      ...(scores && { [split]: scores }),
    },
  };
}

/** Why thresholds that one trace chooses mean nothing on another, as a sentence; null where they do. */
function whyApart(test: Trace, from: Trace): string | null {
  const counts = (of: Trace): string =>
    `${of.exits.length} exits, ${of.classes.length} classes, ${meaningOf(of)}`;
  if (counts(test) !== counts(from)) return `it has ${counts(from)}; expected ${counts(test)}.`;
  const held = ({ rule, unit, method }: Trace): string =>
    `${unit ?? method} (${rule ?? 'its rule'})`;
  if (held(test) !== held(from)) return `its confidence is ${held(from)}; expected ${held(test)}.`;
  return test.confidence.length === from.confidence.length &&
    test.confidence.every((value, at) => value === from.confidence[at])
    ? 'it is the same trace, and thresholds must be chosen on other images than they are measured on.'
    : null;
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
