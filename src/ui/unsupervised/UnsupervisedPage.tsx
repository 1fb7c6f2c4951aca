import { useEffect } from 'react';
import { useWaiting } from '../../state/traces/waiting.ts';
import { useClusters } from '../../state/unsupervised/choices.ts';
import { useLive } from '../../state/unsupervised/live.ts';
import { enterClusters } from '../../state/unsupervised/run.ts';
import { ImagesNote } from '../bar/ImagesNote.tsx';
import { CurvePanel } from '../curve/CurvePanel.tsx';
import { ImagePanel } from '../image/ImagePanel.tsx';
import { Exits } from '../rail/Exits.tsx';
import { MatrixDialog } from '../rail/MatrixDialog.tsx';
import { Panel } from '../shared/Panel.tsx';
import './unsupervised.css';
import { ClusterMap } from './ClusterMap.tsx';
import { ClusterStrip } from './ClusterStrip.tsx';
import { EmbeddingScatter } from './EmbeddingScatter.tsx';
import { Figure3Panel } from './Figure3Panel.tsx';
import { LivePanel } from './LivePanel.tsx';
import { later } from '../shared/later.tsx';
import { useRun, useShown } from '../shared/scene.ts';

const OpenedStrip = later<object>(
  36,
  () => import('../traces/OpenedStrip.tsx').then((module) => module.OpenedStrip),
  'What is said of the opened trace',
);

/** Deep embedded clustering with three exits: as it trains, and what leaving early costs. */
export function UnsupervisedPage() {
  const dataset = useClusters((choices) => choices.dataset);
  // The page may come later than it was opened, where it had to be fetched twice; what a link named opens first.
  useEffect(() => {
    if (!useWaiting.getState().linked) enterClusters();
  }, []);
  const hasTrace = useShown(({ trace }) => trace !== null);
  const isOpened = useRun(({ opened }) => opened !== null);
  const hasPlane = useLive(({ plane }) => plane !== null);
  return (
    <>
      <h1 className="visually-hidden">Unsupervised: clusters with early exits</h1>
      {isOpened ? <OpenedStrip /> : <ClusterStrip />}
      <ImagesNote />
      <div className="page unsupervised">
        <div className="left">
          {hasTrace || !hasPlane ? <Exits /> : <FormingPanel />}
          <ClusterMap />
        </div>
        <div className="right">
          {!isOpened && (
            <>
              <LivePanel isBeside={hasTrace} />
              <Figure3Panel dataset={dataset} />
            </>
          )}
          <CurvePanel />
          <ImagePanel />
        </div>
      </div>
      <MatrixDialog />
    </>
  );
}

/** In the place of the exits while there are none yet: the embedding that they will measure distances in. */
function FormingPanel() {
  const exit = useLive(({ view }) => view?.exit);
  return (
    <Panel
      title="Clusters as they form"
      why="clustering"
      note={exit}
      help="Each point is an image. Points move as the encoder learns and take the colour of their cluster; the exits follow once all three encoders are trained."
    >
      <EmbeddingScatter height={480} />
    </Panel>
  );
}
