/** The recorded clusterings that come with the page. */
import { clusteringId } from '../../methods/registry.ts';
import { hasTraces, type RecordedRun, type RunIndex } from '../../core/run-index.ts';
import type { ClusterChoices } from './choices.ts';

/**
 * The recorded run that shows what is chosen; null when it is to be computed. The seed does not matter: which runs kept their
 * traces is not a person's choice.
 */
export function recordedClusters(
  index: RunIndex,
  { dataset, start, source }: ClusterChoices,
): RecordedRun | null {
  if (source === 'live' || start === 'fresh') return null;
  return (
    index.runs.find(
      (run) => run.method === clusteringId && run.dataset === dataset && hasTraces(run),
    ) ?? null
  );
}

/** Datasets of which a recorded clustering can be opened. */
export function recordedDatasets(index: RunIndex | null): string[] {
  const runs = (index?.runs ?? []).filter((run) => run.method === clusteringId && hasTraces(run));
  return [...new Set(runs.map(({ dataset }) => dataset))];
}
