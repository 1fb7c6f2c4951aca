/** Traces images with classifiers and decision functions. */
import type { Dataset, Split } from '../../core/dataset.ts';
import type { Trace, TraceSplit } from '../../core/trace.ts';
import type { RunContext } from '../contract/run.ts';
import { traceHead } from '../run/images.ts';
import type { Phases } from '../run/phases.ts';
import { encodeSites } from '../parts/classifiers/sites.ts';
import { arraysOf } from '../parts/classifiers/save.ts';
import { traceThrough } from '../run/stream.ts';
import { TraceBuffer } from '../run/trace-buffer.ts';
import { decideBwds, DecisionCollector, type BwdsFitted } from './decide.ts';
import { own } from './own.ts';
import { fitDecisions } from './fit.ts';
import { TRADE_OFFS } from './options.ts';

export const bwdsExplainer = ({ sites, classifiers }: BwdsFitted) => ({
  kernel: own.kernel('outputs'),
  parameters: { sites: encodeSites(sites), ...arraysOf(classifiers) },
});

export interface BwdsTracing {
  readonly fitted: BwdsFitted;
  readonly dataset: Dataset;
  readonly split: Split;
  readonly name: TraceSplit;
  readonly phases: Phases;
  readonly context: RunContext<BwdsFitted>;
}

const headOf = ({ fitted, dataset, name, context }: BwdsTracing) => {
  const { exits, trainImages, options } = fitted;
  const parts = { method: 'bwds', exits, trainImages, options: { ...options } };
  return traceHead(dataset, name, parts, context);
};

/** Traces images with decision functions that are trained. */
export function traceBwds(tracing: BwdsTracing): Promise<Trace> {
  const { fitted, split, phases, context } = tracing;
  return traceThrough({
    context,
    phases,
    split,
    head: headOf(tracing),
    pass: { ...bwdsExplainer(fitted), classes: fitted.classes.length },
    decide: ({ logits }, from, count, out) => decideBwds(fitted, logits, from, count, out),
  });
}

/**
 * Sends the training images through, trains the decision functions on what the classifiers say of them, and traces them.
 * Before it is over no score is known, so nothing is streamed.
 */
export async function traceAndDecide(
  tracing: BwdsTracing,
): Promise<{ trace: Trace; fitted: BwdsFitted; odd: number[] }> {
  const { split, phases, context, dataset } = tracing;
  const { exits, classes } = tracing.fitted;
  const k = classes.length;
  const buffer = new TraceBuffer({ ...headOf(tracing), total: split.count }, split);
  const out = {
    prediction: buffer.prediction,
    confidence: buffer.confidence,
    stride: split.count,
  };
  const kept = new Float32Array(split.count * exits.length * k);
  const networkFlops = context.runner.network.flops;
  const collector = new DecisionCollector(tracing.fitted, networkFlops, split.labels);
  phases.start();
  await context.runner.run({
    ...bwdsExplainer(tracing.fitted),
    classes: dataset.classes.length,
    split,
    onBatch: (from, count, { logits }) => {
      kept.set(logits, from * exits.length * k);
      decideBwds({ exits, classes, decisions: null }, logits, from, count, out);
      collector.add(logits, from, count, out, k);
    },
    onProgress: (done) => phases.report(done),
    ...(context.signal && { signal: context.signal }),
  });
  phases.end();
  const { data } = collector;
  const decisions = await fitDecisions({ data, lambdas: TRADE_OFFS, phases, context });
  const fitted = { ...tracing.fitted, decisions };
  context.onFitted?.(fitted);
  const odd = new Float64Array(exits.length - 1);
  decideBwds(fitted, kept, 0, split.count, out, odd);
  const trace = buffer.finish();
  context.onTrace?.(trace);
  return { trace, fitted, odd: Array.from(odd, (n) => n / split.count) };
}
