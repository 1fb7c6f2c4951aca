import { useOwn } from '../../state/network/own.ts';
import { CardDialog } from './CardDialog.tsx';
import './opening.css';

/** How far a network is that is being opened, and the question for its card when it is read. */
export function Opening() {
  const underway = useOwn((own) => own.underway);
  const asked = useOwn((own) => own.asked);
  return (
    <>
      {underway && (
        <div className="opening" role="status" aria-label="Network that is being opened">
          <span>{underway.words}</span>
          <button type="button" className="button small" onClick={underway.stop}>
            Stop
          </button>
        </div>
      )}
      {asked && <CardDialog asked={asked} />}
    </>
  );
}
