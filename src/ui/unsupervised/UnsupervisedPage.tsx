import { useClusters } from '../../state/unsupervised/choices.ts';
import { CurvePanel } from '../curve/CurvePanel.tsx';
import { ImagePanel } from '../image/ImagePanel.tsx';
import { Exits } from '../rail/Exits.tsx';
import { MatrixDialog } from '../rail/MatrixDialog.tsx';
import '../styles/unsupervised.css';
import { ClusterMap } from './ClusterMap.tsx';
import { ClusterStrip } from './ClusterStrip.tsx';
import { Figure3Panel } from './Figure3Panel.tsx';
import { LivePanel } from './LivePanel.tsx';

/** Deep embedded clustering with three exits: as it trains, and what leaving early costs. */
export function UnsupervisedPage() {
  const dataset = useClusters((choices) => choices.dataset);
  return (
    <>
      <ClusterStrip />
      <main className="page unsupervised">
        <div className="left">
          <Exits />
          <ClusterMap />
        </div>
        <div className="right">
          <LivePanel />
          <Figure3Panel dataset={dataset} />
          <CurvePanel />
          <ImagePanel />
        </div>
      </main>
      <MatrixDialog />
    </>
  );
}
