import { ImagesNote } from '../bar/ImagesNote.tsx';
import { RecordedStrip } from '../bar/RecordedStrip.tsx';
import { CurvePanel } from '../curve/CurvePanel.tsx';
import { TrainingPanel } from '../curve/TrainingPanel.tsx';
import { ImagePanel } from '../image/ImagePanel.tsx';
import { Exits } from '../rail/Exits.tsx';
import { MatrixDialog } from '../rail/MatrixDialog.tsx';
import { RoomPanel } from '../room/RoomPanel.tsx';
import { OpenedStrip } from '../traces/OpenedStrip.tsx';

/** The Explore page: the exits on the left, what they amount to on the right. */
export function ExplorePage() {
  return (
    <>
      <h1 className="visually-hidden">Explore: where every image leaves</h1>
      <RecordedStrip />
      <OpenedStrip />
      <ImagesNote />
      <div className="page">
        <div className="left">
          <Exits />
        </div>
        <div className="right">
          <CurvePanel />
          <RoomPanel />
          <TrainingPanel />
          <ImagePanel />
        </div>
      </div>
      <MatrixDialog />
    </>
  );
}
