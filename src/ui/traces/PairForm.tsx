import { useEffect } from 'react';
import { headOf, type OpenedRun } from '../../data/traces/runs.ts';
import { notify, sentenceOf } from '../../state/notices.ts';
import { readList, useKept } from '../../state/traces/kept.ts';
import { pairWith, type Partner } from '../../state/traces/open.ts';
import type { Opened } from '../../state/traces/opened.ts';

/** Where a trace came without its other split: which opened file that is, whatever it is called. */
export function PairForm({ opened }: { readonly opened: Opened }) {
  const entries = useKept((state) => state.entries);
  const { traces, files } = opened.runs[opened.at]!;
  const isAlone = !traces.test || !(traces.train ?? traces.holdout);
  useEffect(() => {
    // Where there is no IndexedDB there is no list.
    if (isAlone) readList().catch(() => useKept.setState({ entries: [] }));
  }, [isAlone]);
  if (!isAlone) return null;
  const partners: readonly (readonly [string, Partner])[] = [
    ...opened.runs.flatMap((run, at) =>
      at === opened.at ? [] : [[titleOf(run), { at }] as const],
    ),
    ...(entries ?? [])
      .filter(
        (entry) =>
          entry.files.join() !== allFilesOf(opened).join() && entry.files.join() !== files.join(),
      )
      .map(({ id, title, files: of }) => [`${title} (${of.join(', ')})`, { entry: id }] as const),
  ];
  if (partners.length === 0) return null;
  return (
    <label className="field small">
      {traces.test ? 'Choose thresholds on' : 'Measure on'}
      <select
        value=""
        onChange={({ target }) => {
          const [, partner] = partners[Number(target.value)] ?? [];
          if (partner)
            pairWith(partner).catch((error: unknown) => notify('error', sentenceOf(error)));
        }}
      >
        <option value="">another opened file …</option>
        {partners.map(([title], n) => (
          <option key={n} value={n}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

const titleOf = (run: OpenedRun): string => {
  const { network, dataset, split } = headOf(run);
  return `${network} on ${dataset}, ${split} (${run.files.join(', ')})`;
};

const allFilesOf = ({ runs }: Opened): string[] => [...new Set(runs.flatMap(({ files }) => files))];
