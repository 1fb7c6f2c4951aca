/** The panels that stand in a scene, as values; each is looked at in every state that it is for. */
import type { ComponentType } from 'react';
import type { Scene } from '../src/state/scene/scene.ts';
import { RecordedStrip } from '../src/ui/bar/RecordedStrip.tsx';
import { RunProgress } from '../src/ui/bar/RunControl.tsx';
import { CurvePanel } from '../src/ui/curve/CurvePanel.tsx';
import { TrainingPanel } from '../src/ui/curve/TrainingPanel.tsx';
import { ImagePanel } from '../src/ui/image/ImagePanel.tsx';
import { Exits } from '../src/ui/rail/Exits.tsx';
import { ClusterMap } from '../src/ui/unsupervised/ClusterMap.tsx';
import { ClusterStrip } from '../src/ui/unsupervised/ClusterStrip.tsx';

export interface GalleryPanel {
  readonly id: string;
  readonly title: string;
  readonly Panel: ComponentType;
  /** As wide as on its page at 1440 pixels: the left side or the right. */
  readonly width: 'left' | 'right';
  /** Whose page it stands on; missing where it stands on both. */
  readonly only?: Scene['id'];
}

export const panels: readonly GalleryPanel[] = [
  { id: 'exits', title: 'Exits', Panel: Exits, width: 'left' },
  { id: 'curve', title: 'Accuracy and cost', Panel: CurvePanel, width: 'right' },
  { id: 'training', title: 'Training', Panel: TrainingPanel, width: 'right' },
  { id: 'image', title: 'One image', Panel: ImagePanel, width: 'right' },
  { id: 'progress', title: 'Progress', Panel: RunProgress, width: 'right' },
  { id: 'strip', title: 'Recorded run', Panel: RecordedStrip, width: 'left', only: 'fixture' },
  {
    id: 'cluster-strip',
    title: 'Clustering',
    Panel: ClusterStrip,
    width: 'left',
    only: 'clusters',
  },
  { id: 'clusters', title: 'Clusters', Panel: ClusterMap, width: 'left', only: 'clusters' },
];
