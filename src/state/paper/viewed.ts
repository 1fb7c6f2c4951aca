/** What the Paper page shows, for whoever cites it. */
import { useRuns } from '../lease/runs.ts';
import { titleOf } from '../lease/images.ts';
import type { Viewed } from '../provenance/facts.ts';

/** All recorded runs together: what each of the page's numbers is of stands beside it. */
export function viewedPaper(): Viewed {
  const runs = useRuns.getState().index?.runs ?? [];
  const distinct = (values: readonly string[]): string[] => [...new Set(values)];
  const datasets = distinct(runs.map(({ dataset }) => dataset));
  return {
    facts: [
      { name: 'runs', value: `${runs.length} recorded runs` },
      { name: 'images', value: datasets.map(titleOf).join(', ') },
      { name: 'networks', value: distinct(runs.map(({ network }) => network)).join(', ') },
      {
        name: 'made',
        value: `recorded, commits ${distinct(runs.map(({ provenance }) => provenance.commit)).join(', ')}`,
      },
    ],
    methods: distinct(runs.map(({ method }) => method)),
    datasets,
  };
}
