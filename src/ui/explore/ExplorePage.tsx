import { ImagesNote } from '../bar/ImagesNote.tsx';
import { RecordedStrip } from '../bar/RecordedStrip.tsx';
import { CurvePanel } from '../curve/CurvePanel.tsx';
import { ImagePanel } from '../image/ImagePanel.tsx';
import { Exits } from '../rail/Exits.tsx';
import { MatrixDialog } from '../rail/MatrixDialog.tsx';
import { openClasses, RoomPanel } from '../room/RoomPanel.tsx';
import { later } from '../shared/later.tsx';
import { useRun } from '../shared/scene.ts';

const OpenedStrip = later<object>(
  36,
  () => import('../traces/OpenedStrip.tsx').then((module) => module.OpenedStrip),
  'What is said of the opened trace',
);

const TrainingPanel = later<object>(
  120,
  () => import('../curve/TrainingPanel.tsx').then((module) => module.TrainingPanel),
  'How the training goes',
);

/** The Explore page: the exits on the left, what they amount to on the right. */
export function ExplorePage() {
  const isTrained = useRun(({ training }) => training.length > 0);
  const isOpened = useRun(({ opened }) => opened !== null);
  return (
    <>
      <h1 className="visually-hidden">Explore: where every image leaves</h1>
      <RecordedStrip />
      {isOpened && <OpenedStrip />}
      <ImagesNote />
      <div className="page">
        <div className="left">
          <Exits />
        </div>
        <div className="right">
          <CurvePanel openClasses={openClasses} />
          <RoomPanel />
          {isTrained && <TrainingPanel />}
          <ImagePanel />
        </div>
      </div>
      <MatrixDialog />
    </>
  );
}
