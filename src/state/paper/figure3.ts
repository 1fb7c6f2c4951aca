/** Figure 3: deep embedded clustering with early exits; the paper states two losses. */
import { clusteringId } from '../../methods/registry.ts';
import type { RunIndex, SearchName } from '../../core/run-index.ts';
import { FIGURE_3 } from './claims.ts';
import { isMeasured, measureAt, summary, type Measured } from './measure.ts';
import { datasetFacts } from './names.ts';

export interface LossRow {
  readonly dataset: string;
  readonly title: string;
  readonly claim: string;
  /** Points of clustering accuracy. */
  readonly paper: number;
  /** Points lost at the claim's cost against leaving at the last exit, over all recorded runs; null without any. */
  readonly ours: Measured | null;
  readonly difference: number | null;
}

/** The claims of Figure 3 beside recorded runs of the method `dec`. */
export function figure3Rows(index: RunIndex | null, search: SearchName): LossRow[] {
  return FIGURE_3.map(({ dataset, claim, cost, lost }) => {
    const runs = (index?.runs ?? []).filter(
      (run) => run.method === clusteringId && run.dataset === dataset,
    );
    const losses = runs.flatMap((run) => {
      const early = measureAt([run], search, cost);
      return isMeasured(early) ? [100 * run.test.accuracy.at(-1)! - early.accuracy] : [];
    });
    const ours = losses.length > 0 ? summary(losses) : null;
    return {
      dataset,
      title: datasetFacts(dataset).title,
      claim,
      paper: lost,
      ours,
      difference: ours && ours.accuracy - lost,
    };
  });
}
