import { useState } from 'react';
import { useClusters } from '../../state/unsupervised/choices.ts';
import { useLive, type Course } from '../../state/unsupervised/live.ts';
import { count } from '../shared/format.ts';
import { Panel } from '../shared/Panel.tsx';
import { CourseCharts } from './CourseCharts.tsx';
import { EmbeddingScatter } from './EmbeddingScatter.tsx';
import { HowItWorks } from './HowItWorks.tsx';
import { ReconstructionStrip } from './ReconstructionStrip.tsx';
import { ScoreTable } from './ScoreTable.tsx';
import { StageTabs, stageWords } from './StageTabs.tsx';
import { useRun } from '../shared/scene.ts';

interface LivePanelProps {
  /** Whether the exits are on screen: the scatter then stands here, beside them. */
  readonly isBeside: boolean;
}

/** A clustering as it trains: where it is, what the embedding looks like, how its numbers go. */
export function LivePanel({ isBeside }: LivePanelProps) {
  const courses = useLive((live) => live.courses);
  const status = useRun((session) => session.status);
  const dataset = useClusters((state) => state.dataset);
  const labelled = useClusters((state) => state.labelled);
  const [chosen, setChosen] = useState<string | null>(null);
  const now = courses.at(-1);
  if (!now)
    return (
      <Panel title="Training" why="clustering">
        <HowItWorks dataset={dataset} />
        <ScoreTable />
      </Panel>
    );
  const isOver = status === 'done';
  const shown = courses.some(({ exit }) => exit === chosen) ? chosen! : now.exit;
  return (
    <Panel
      title="Training"
      why="clustering"
      note={
        <span role="status" aria-live="off">
          {isOver ? 'done' : stepWords(now, status === 'cancelled')}
        </span>
      }
      help="The encoder first learns to redraw images from ten numbers, then draws clusters together in them. No class is looked at."
    >
      <StageTabs
        courses={courses}
        shown={shown}
        isOver={isOver}
        // The one that trains is followed; another one stays until it is left.
        onShow={(exit) => setChosen(exit === now.exit ? null : exit)}
      />
      {isBeside && <EmbeddingScatter height={230} />}
      {shown === 'DEC-large' && <ReconstructionStrip />}
      <CourseCharts courses={courses.filter(({ exit }) => exit === shown)} labelled={labelled} />
      <ScoreTable />
    </Panel>
  );
}

/** "DEC-large: refinement, step 40 of at most 150". */
function stepWords(course: Course, isStopped: boolean): string {
  const { exit, stage, steps, moments } = course;
  if (steps === 0) return `${exit}: no ${stageWords(course)}, as 0 steps were asked for`;
  const most = stage === 'refinement' ? 'at most ' : '';
  const step = moments.at(-1)?.step ?? 0;
  return `${isStopped ? 'stopped at ' : ''}${exit}: ${stageWords(course)}, ${stage === 'centres' ? 'start' : 'step'} ${count(step)} of ${most}${count(steps)}`;
}
