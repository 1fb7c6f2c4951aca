import { computeHere, run, stop, traceLearnt } from '../../state/explore/run.ts';
import { count, duration } from '../shared/format.ts';
import { useRun } from '../shared/scene.ts';

/** Run and stop, and how far the run is. */
export function RunControl() {
  const status = useRun((state) => state.status);
  const recorded = useRun((state) => state.recorded);
  const opened = useRun((state) => state.opened);
  const canTrace = useRun((state) => state.canTrace);
  const start = (): void => void (recorded ? computeHere() : run());
  const busy = status === 'loading' || status === 'running';
  return (
    <div className="run">
      {(busy || !opened) && (
        <button type="button" className="button primary" onClick={() => (busy ? stop() : start())}>
          {busy ? 'Stop' : 'Run'}
        </button>
      )}
      {canTrace && !busy && (
        <button
          type="button"
          className="button"
          title="Traces the images with what the stopped run has learnt"
          onClick={() => void traceLearnt()}
        >
          Use what was learnt
        </button>
      )}
      <RunProgress />
    </div>
  );
}

/** What is going on and how far it is, or how it ended. */
export function RunProgress() {
  const status = useRun((state) => state.status);
  const loading = useRun((state) => state.loading);
  const progress = useRun((state) => state.progress);
  const busy = status === 'loading' || status === 'running';
  return (
    <div className={`progress ${busy ? 'busy' : ''}`} role="status" aria-live="off">
      <RunWords />
      {busy && (
        <progress
          max={1}
          {...(progress && {
            value: (progress.step - 1 + progress.done / progress.total) / progress.steps,
          })}
          aria-label={loading ?? progress?.phase ?? 'Starting'}
        />
      )}
    </div>
  );
}

function RunWords() {
  const status = useRun((state) => state.status);
  const loading = useRun((state) => state.loading);
  const progress = useRun((state) => state.progress);
  const opened = useRun((state) => state.opened);
  const report = useRun((state) => state.report);
  const dataset = useRun((state) => state.dataset);
  const cutShort = useRun((state) => state.cutShort);
  if (loading) return <span>{loading}</span>;
  if (status === 'running' && !progress) return <span>Warming up …</span>;
  if (status === 'running' && progress) {
    const { phase, done, total, imagesPerSecond, secondsLeft, step, steps } = progress;
    const left = secondsLeft === null ? '' : `${duration(secondsLeft)} left`;
    const speed = imagesPerSecond > 0 ? `${count(Math.round(imagesPerSecond))} images/s` : '';
    return (
      <>
        <span className="phase" title={phase}>
          <span>{phase}</span>{' '}
          <span>
            {step}/{steps}
          </span>
        </span>{' '}
        <span>
          {count(done)} / {count(total)}
        </span>{' '}
        <span title={speed}>{[left, speed].filter(Boolean).join(' · ')}</span>
      </>
    );
  }
  if (status === 'replayed') return <span>{opened ? 'opened trace' : 'recorded run'}</span>;
  if (status === 'cancelled') return <span>Stopped; what was finished stays.</span>;
  if (status === 'failed') return <span>Did not run; see the message.</span>;
  if (status === 'done' && cutShort) return <span>Traced with a stopped training.</span>;
  if (status === 'done' && report && dataset) {
    const images = report.phases.reduce((sum, phase) => sum + phase.images, 0);
    return (
      <span
        title={report.phases
          .map((p) => `${p.phase}: ${count(p.images)} images in ${p.seconds.toFixed(1)} s`)
          .join('\n')}
      >
        done in {duration(report.seconds)}
        <br />
        {count(Math.round(images / report.seconds))} images/s
      </span>
    );
  }
  if (status === 'done') return <span>Traced with what was learnt before.</span>;
  return null;
}
