import { useRun, useShown } from '../shared/scene.ts';

const halve = (isHalved: boolean): void =>
  void import('../../state/traces/open.ts').then((module) => module.halve(isHalved));

/** Why an opened trace has no tuned curve, and what can be done about it. */
export function Tuning() {
  const opened = useRun((state) => state.opened);
  const train = useShown((state) => state.train);
  const holdout = useShown((state) => state.holdout);
  const test = useShown((state) => state.test);
  if (!opened) return null;
  if (opened.isHalved)
    return (
      <p className="panel-help">
        One half of the test images chooses the thresholds, the other half measures them.{' '}
        <button type="button" className="link" onClick={() => halve(false)}>
          show all of them, untuned
        </button>
      </p>
    );
  const tuning = holdout ?? train;
  if (tuning)
    return tuning.count < tuning.total ? (
      <p className="panel-help">
        There is no tuned curve: the opened trace has {tuning.count} of the {tuning.total} images
        that thresholds would be chosen on.
      </p>
    ) : null;
  const canHalve = test !== null && test.count >= 2;
  return (
    <p className="panel-help">
      There is no tuned curve: thresholds are chosen on training images, and only a test trace is
      open. Open the training trace together with it
      {canHalve ? (
        <>
          , or{' '}
          <button type="button" className="link" onClick={() => halve(true)}>
            tune on half of the test images
          </button>
        </>
      ) : null}
      .
    </p>
  );
}
