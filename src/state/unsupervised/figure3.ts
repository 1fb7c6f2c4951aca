/** Figure 3: accuracy against cost of every recorded run, their mean, and what leaving early costs at one budget. */
import { clusteringId } from '../../methods/registry.ts';
import type { CurvePoint, RecordedRun, RunIndex, SearchName } from '../../core/run-index.ts';

/** A run as a thin curve. */
export interface RunCurve {
  readonly id: string;
  readonly seed: number;
  readonly points: readonly CurvePoint[];
  /** Accuracy on test were all to leave at DEC-small, -middle, -large. */
  readonly exits: readonly number[];
}

export interface Figure3 {
  readonly runs: readonly RunCurve[];
  /** Mean over the runs on a grid of costs; from the cost on that every run reaches. */
  readonly mean: readonly CurvePoint[];
  /** Relative FLOPs of DEC-small, -middle and -large. */
  readonly marks: readonly { readonly name: string; readonly cost: number }[];
}

/** Accuracy of a curve at a cost: on the line between two policies (time sharing); null below the cheapest. */
export function heightAt(points: readonly CurvePoint[], cost: number): number | null {
  const next = points.findIndex((point) => point.cost >= cost);
  if (points.length === 0 || next === 0)
    return points[0]?.cost === cost ? points[0].accuracy : null;
  if (next < 0) return points.at(-1)!.accuracy;
  const [a, b] = [points[next - 1]!, points[next]!];
  const share = b.cost > a.cost ? (cost - a.cost) / (b.cost - a.cost) : 1;
  return a.accuracy + share * (b.accuracy - a.accuracy);
}

const STEP = 0.01;

/** @returns null when nobody recorded clusterings of these images. */
export function figure3(
  index: RunIndex | null,
  dataset: string,
  search: SearchName,
): Figure3 | null {
  const recorded = (index?.runs ?? []).filter(
    (run) => run.method === clusteringId && run.dataset === dataset,
  );
  const first = recorded[0];
  if (!first) return null;
  const runs = recorded.map((run) => curveOf(run, search)).sort((a, b) => a.seed - b.seed);
  const marks = first.exits.map(({ name, flops }) => ({ name, cost: flops / first.networkFlops }));
  const mean: CurvePoint[] = [];
  for (let n = 0; n * STEP <= marks.at(-1)!.cost + STEP; n++) {
    const cost = n * STEP;
    const heights = runs.map(({ points }) => heightAt(points, cost));
    if (heights.every((height) => height !== null))
      mean.push({ cost, accuracy: heights.reduce((sum, height) => sum + height, 0) / runs.length });
  }
  return { runs, mean, marks };
}

function curveOf(run: RecordedRun, search: SearchName): RunCurve {
  return {
    id: run.id,
    seed: Number(run.provenance.options.seed ?? 0),
    points: run.curves[search],
    exits: run.test.accuracy,
  };
}
