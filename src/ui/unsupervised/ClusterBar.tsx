import { presetOf, useClusters } from '../../state/unsupervised/choices.ts';
import { useLive } from '../../state/unsupervised/live.ts';
import { goOn, stopClusters, trainHere } from '../../state/unsupervised/run.ts';
import { Backend } from '../bar/Backend.tsx';
import { RunProgress } from '../bar/RunControl.tsx';
import { Popover } from '../shared/Popover.tsx';
import { ClusterImages } from './ClusterImages.tsx';
import { ClusterSettings } from './ClusterSettings.tsx';
import { useRun } from '../shared/scene.ts';

const settingNames = { quick: 'Quick setting', long: 'Long setting' } as const;

/** What the Unsupervised page clusters, and how: images, setting, run and stop, the backend. */
export function ClusterBar() {
  const preset = useClusters(presetOf);
  return (
    <>
      <div className="bar-choices">
        <ClusterImages />
        <Popover
          label={
            <>
              <b>{preset ? settingNames[preset] : 'Own setting'}</b>{' '}
              <span aria-hidden="true">▾</span>
            </>
          }
          title="Setting of a training"
          className="cluster-settings-menu"
        >
          <ClusterSettings />
        </Popover>
      </div>
      <div className="run cluster-run">
        <ClusterButtons />
        <RunProgress />
      </div>
      <Backend />
    </>
  );
}

/** Train, stop, go on. */
export function ClusterButtons() {
  const status = useRun((session) => session.status);
  const canGoOn = useLive((live) => live.canGoOn);
  if (status === 'loading' || status === 'running')
    return (
      <button type="button" className="button primary" onClick={stopClusters}>
        Stop
      </button>
    );
  return (
    <>
      {canGoOn && (
        <button
          type="button"
          className="button primary"
          title="Goes on where the training was stopped"
          onClick={goOn}
        >
          Go on
        </button>
      )}
      <button
        type="button"
        className={`button ${canGoOn ? '' : 'primary'}`}
        title="Trains the three encoders on this machine, from fresh weights"
        onClick={trainHere}
      >
        {canGoOn ? 'Train anew' : 'Train here'}
      </button>
    </>
  );
}
