import { Bar } from './bar/Bar.tsx';
import { CurvePanel } from './curve/CurvePanel.tsx';
import { ImagePanel } from './image/ImagePanel.tsx';
import { Exits } from './rail/Exits.tsx';
import { MatrixDialog } from './rail/MatrixDialog.tsx';
import { DropZone } from './shared/DropZone.tsx';
import { Notices } from './shared/Notices.tsx';
import { useTheme } from './shared/useTheme.ts';

/** The Explore page. */
export function App() {
  useTheme();
  return (
    <>
      <Bar />
      <Notices />
      <main className="page">
        <div className="left">
          <Exits />
        </div>
        <div className="right">
          <CurvePanel />
          <ImagePanel />
        </div>
      </main>
      <MatrixDialog />
      <DropZone />
    </>
  );
}
