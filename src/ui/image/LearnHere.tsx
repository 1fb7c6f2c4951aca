import { learnHere, stopLearning, useLearning } from '../../state/explore/learn.ts';
import { METHODS, isMethodId, trainsFor } from '../../methods/registry.ts';
import { count, duration } from '../shared/format.ts';
import { useRun, useShown } from '../shared/scene.ts';

/** How many passes over the training images a method takes to learn, in words. */
function effort(method: string): string {
  if (!isMethodId(method)) return '';
  const epochs = trainsFor(method);
  const { passes } = METHODS[method].cost;
  const many = passes.length === 1 ? 'a pass' : `${passes.length} passes`;
  return epochs === null
    ? `${many} over them`
    : `${many} over them, then a training of its classifiers`;
}

/** Learns once more what a recorded run had learnt, so that single images can be looked at without a whole run. */
export function LearnHere() {
  const { loading, progress } = useLearning((state) => state);
  const recorded = useRun((state) => state.recorded);
  const trace = useShown((state) => state.trace);
  if (!trace) return null;
  const images = recorded?.provenance.trainImages ?? trace.provenance.trainImages;
  if (loading !== null || progress) {
    return (
      <p className="panel-help" role="status">
        {progress
          ? `${progress.phase}, ${progress.step} of ${progress.steps}: ${count(progress.done)} of ${count(progress.total)} images` +
            (progress.secondsLeft === null ? '' : `, ${duration(progress.secondsLeft)} left`)
          : loading}{' '}
        <button type="button" className="button small" onClick={stopLearning}>
          Stop
        </button>
      </p>
    );
  }
  return (
    <p className="panel-help">
      What the run had learnt from {count(images)} training images can be learnt once more here
      without a whole run: {effort(trace.method)}.{' '}
      <button type="button" className="button small" onClick={() => void learnHere()}>
        Learn it here
      </button>
    </p>
  );
}
