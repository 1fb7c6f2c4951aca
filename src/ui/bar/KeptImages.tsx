import { useEffect } from 'react';
import { readKept, takeKept, throwAway, useKeptImages } from '../../state/images/kept.ts';
import { openOwnFiles } from '../../state/images/open.ts';
import { bytes, count } from '../shared/format.ts';
import { KeptList } from '../shared/KeptList.tsx';

/** Pictures that were opened before and stay in this browser. */
export function KeptImages() {
  const entries = useKeptImages((state) => state.entries);
  const room = useKeptImages((state) => state.room);
  useEffect(() => {
    // Where there is no IndexedDB there is no list.
    readKept().catch(() => useKeptImages.setState({ entries: [] }));
  }, []);
  return (
    <KeptList
      label="Pictures opened before"
      title="Pictures opened before"
      entries={entries ?? []}
      room={room}
      about={({ pictures, bytes: size }) =>
        `${count(pictures.count)} pictures of ${count(pictures.classes.length)} classes; ${bytes(size)}`
      }
      onOpen={(entry) => takeKept(entry).then(openOwnFiles)}
      onThrowAway={throwAway}
    />
  );
}
