import { useMemo } from 'react';
import { notableLoss } from '../../core/class-effects.ts';
import { plural } from '../shared/format.ts';
import { hasTruth, rightWords } from '../shared/rightWords.ts';
import { useIsComing, useShown } from '../shared/scene.ts';
import { useRested } from '../shared/useRested.ts';

interface ClassLossProps {
  /** Opens what the policy does to each class, where that stands on the page. */
  readonly openClasses: (() => void) | undefined;
}

/** Which class pays for what all save, where one pays much; it follows a drag once that rests. */
export function ClassLoss({ openClasses }: ClassLossProps) {
  const trace = useShown((state) => state.trace);
  const outcome = useShown((state) => state.outcome);
  const isComing = useIsComing();
  const now = useMemo(() => ({ trace, outcome }), [trace, outcome]);
  const rested = useRested(now);
  const found = useMemo(() => {
    const { trace, outcome } = rested;
    return trace && outcome && hasTruth(trace) ? notableLoss(trace, outcome) : null;
  }, [rested]);
  const isThere = trace !== null && trace === rested.trace && !isComing;
  const loss = isThere ? found : null;
  // The words come and go within what a screen reader watches: at rest, never at each frame.
  return (
    <div className={`class-loss${now === rested ? '' : ' moving'}`}>
      <span role="status">
        {loss && (
          <>
            <b>{trace!.classes[loss.label]}</b> loses{' '}
            <b className="wrong-text">{(100 * loss.loss).toFixed(1)} points</b> against{' '}
            {rightWords(trace!).thePlain} ({plural(loss.images, 'image')}), the most of any class
            {!loss.isMost && ' with images enough to tell'}.
          </>
        )}
      </span>{' '}
      {loss && openClasses && (
        <button type="button" className="link" onClick={openClasses}>
          Every class
        </button>
      )}
    </div>
  );
}
