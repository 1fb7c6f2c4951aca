import { useEffect } from 'react';
import { useCompare } from '../../state/compare/choices.ts';
import { drawOpened, toggleOpened, useOpenedRacers } from '../../state/compare/opened.ts';
import { readList, useKept } from '../../state/traces/kept.ts';
import { OpenTrace } from '../traces/OpenTrace.tsx';
import { Panel } from '../shared/Panel.tsx';

/** Traces that a person opened and that stay in this browser: each may be drawn beside the methods. */
export function OpenedTraces() {
  const entries = useKept((state) => state.entries);
  const chosen = useOpenedRacers((state) => state.chosen);
  const isSearching = useOpenedRacers((state) => state.isSearching);
  const search = useCompare((state) => state.search);
  useEffect(() => {
    // Where there is no IndexedDB there is no list.
    readList().catch(() => useKept.setState({ entries: [] }));
  }, []);
  useEffect(() => void drawOpened(), [search, entries]);
  return (
    <Panel
      title="Traces of your own"
      why="own-traces"
      help="Costs are FLOPs relative to each trace’s own network, so networks of different sizes share the axis; traces in seconds or joules have no place on it. Image by image, traces can be compared that have the same test images in the same order."
    >
      {entries && entries.length > 0 && (
        <fieldset className="race-opened">
          <legend>Draw beside the methods</legend>
          {entries.map(({ id, title, files }) => (
            <label key={id}>
              <input
                type="checkbox"
                checked={chosen.includes(id)}
                onChange={() => void toggleOpened(id)}
              />
              <span>
                {title} <small>{files.join(', ')}</small>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <p role="status" className="panel-help">
        {isSearching && 'Searching thresholds on the opened trace …'}
      </p>
      <OpenTrace />
    </Panel>
  );
}
