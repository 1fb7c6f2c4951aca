import { askFor, useOffline } from '../../state/offline/offline.ts';

/** What this browser keeps, so that the page works without its server. */
export function OfflineNote() {
  const kept = useOffline((state) => state.kept);
  if (!kept) return null;
  const isEmpty = kept.kept === 0;
  return (
    <p className="panel-help">
      The page works without its server: its code is kept in this browser, with {kept.kept} of{' '}
      {kept.all} files of recorded runs and networks.{' '}
      <button
        type="button"
        className="button small"
        onClick={() => askFor(isEmpty ? 'fill' : 'empty')}
      >
        {isEmpty ? 'Keep them' : 'Throw them away'}
      </button>
    </p>
  );
}
