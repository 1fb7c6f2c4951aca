import { datasetIds } from '../../data/catalogue.ts';
import { clustererFor } from '../../network/catalogue.ts';
import { titleOf, useImages } from '../../state/images.ts';
import { useRuns } from '../../state/runs.ts';
import { useSession } from '../../state/session-store.ts';
import { presetOf, useClusters } from '../../state/unsupervised/choices.ts';
import { recordedDatasets } from '../../state/unsupervised/recorded.ts';
import { useLive } from '../../state/unsupervised/live.ts';
import { goOn, startClusters, stopClusters, trainHere } from '../../state/unsupervised/run.ts';
import { Backend } from '../bar/Backend.tsx';
import { RunProgress } from '../bar/RunControl.tsx';
import { Popover } from '../shared/Popover.tsx';
import { ClusterSettings } from './ClusterSettings.tsx';

const settingNames = { quick: 'Quick setting', long: 'Long setting' } as const;

/** What the Unsupervised page clusters, and how: images, setting, run and stop, the backend. */
export function ClusterBar() {
  const choices = useClusters();
  const preset = presetOf(choices);
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
      <div className="run">
        <ClusterButtons />
        <RunProgress />
      </div>
      <Backend />
    </>
  );
}

/** The images that are here or were clustered in a recorded run. */
function ClusterImages() {
  const chosen = useClusters((choices) => choices.dataset);
  const available = useImages((images) => images.available);
  const index = useRuns((runs) => runs.index);
  const recorded = recordedDatasets(index);
  const ids = datasetIds.filter(
    (id) => available.has(id) || recorded.includes(id) || id === chosen,
  );
  const words = (id: string): string => {
    if (recorded.includes(id)) return `${titleOf(id)} · recorded`;
    return available.has(id) ? titleOf(id) : `${titleOf(id)} · images not here`;
  };
  return (
    <label className="choice cluster-images">
      <span className="choice-name">Images</span>
      <select
        value={chosen}
        onChange={({ target }) =>
          startClusters(
            recorded.includes(target.value) || clustererFor(target.value)
              ? { dataset: target.value, start: 'trained', source: 'auto' }
              : { dataset: target.value, start: 'fresh', source: 'live' },
          )
        }
      >
        {ids.map((id) => (
          <option key={id} value={id}>
            {words(id)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Train, stop, go on. */
export function ClusterButtons() {
  const status = useSession((session) => session.status);
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
