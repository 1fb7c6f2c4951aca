import { useEffect } from 'react';
import { readList, throwAway, useKept } from '../../state/traces/kept.ts';
import { showKept } from '../../state/traces/open.ts';
import { bytes } from '../shared/format.ts';
import { KeptList } from '../shared/KeptList.tsx';

/** Traces that were opened before and stay in this browser. */
export function KeptTraces() {
  const entries = useKept((state) => state.entries);
  const room = useKept((state) => state.room);
  useEffect(() => {
    // Where there is no IndexedDB there is no list.
    readList().catch(() => useKept.setState({ entries: [] }));
  }, []);
  return (
    <KeptList
      label="Traces opened before"
      title="Opened before"
      entries={entries ?? []}
      room={room}
      about={({ files, bytes: size }) => `${files.join(', ')}; ${bytes(size)}`}
      onOpen={({ id }) => showKept(id)}
      onThrowAway={throwAway}
    />
  );
}
