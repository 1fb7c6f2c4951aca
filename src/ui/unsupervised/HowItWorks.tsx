import type { Trace } from '../../core/trace.ts';
import { titleOf, useImages } from '../../state/lease/images.ts';
import { useClusters } from '../../state/unsupervised/choices.ts';
import { startClusters } from '../../state/unsupervised/run.ts';
import { count, plural } from '../shared/format.ts';
import { ClusterButtons } from './ClusterBar.tsx';
import { Duration } from './ClusterSettings.tsx';
import { all } from '../shared/all.ts';
import { useRun, useShown } from '../shared/scene.ts';

/** What will happen, before anything has. */
export function HowItWorks({ dataset }: { readonly dataset: string }) {
  const recorded = useRun((session) => session.recorded);
  const trace = useShown((state) => state.trace);
  const choices = useClusters(all);
  const isHere = useImages(({ available }) => available.has(dataset));
  return (
    <div className="how-it-works">
      <p>
        {trace ? (
          <Origin options={trace.provenance.options} isRecorded={recorded !== null} />
        ) : (
          'Images find their clusters here without anybody telling their classes:'
        )}
      </p>
      <ol>
        <li>
          an autoencoder (<b>DEC-large</b>) learns to redraw each image of {titleOf(dataset)} from
          ten numbers;
        </li>
        <li>k-means finds the first cluster centres among those numbers;</li>
        <li>the encoder is refined so that images gather around the centres;</li>
        <li>
          <b>DEC-middle</b> and <b>DEC-small</b> do the same on its frozen second and first layer,
          and are the exits where sure images leave early.
        </li>
      </ol>
      <p className="how-to-begin">
        {isHere ? (
          <>
            <ClusterButtons />
            <Duration choices={choices} />
          </>
        ) : (
          <>
            <button
              type="button"
              className="button primary"
              onClick={() => startClusters({ dataset: 'strokes', start: 'fresh', source: 'live' })}
            >
              Train on Strokes
            </button>
            <span className="cluster-duration">the {titleOf(dataset)} images are not here</span>
          </>
        )}
      </p>
    </div>
  );
}

interface OriginProps {
  readonly options: Trace['provenance']['options'];
  readonly isRecorded: boolean;
}

/** Whose clusters are on screen when none was trained here. */
function Origin({ options, isRecorded }: OriginProps) {
  const { epochs, seed, trainedOn } = options;
  const images = typeof trainedOn === 'number' ? ` on ${count(trainedOn)} images` : '';
  const budget = typeof epochs === 'number' ? `, ${plural(epochs, 'epoch')} of pretraining` : '';
  return (
    <>
      {isRecorded
        ? 'The clusters on screen were recorded'
        : `The encoders on screen came trained${images}${budget}${seed === undefined ? '' : `, seed ${seed}`}`}
      . Train some here to watch how that goes:
    </>
  );
}
