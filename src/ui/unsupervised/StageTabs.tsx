import type { Course } from '../../state/unsupervised/live.ts';
import { percent } from '../shared/format.ts';

/** By time: the large encoder's layers are frozen for the others. */
const ENCODER_NAMES = ['DEC-large', 'DEC-middle', 'DEC-small'] as const;

const stages = [
  { id: 'pretraining', name: 'autoencoder' },
  { id: 'centres', name: 'first centres' },
  { id: 'refinement', name: 'refinement' },
] as const satisfies readonly { readonly id: Course['stage']; readonly name: string }[];

interface StageTabsProps {
  readonly courses: readonly Course[];
  readonly shown: string;
  /** Whether the last stage is over too. */
  readonly isOver: boolean;
  readonly onShow: (exit: string) => void;
}

/** The three encoders in the order of their training, with how far each stage is; one of them is shown below. */
export function StageTabs({ courses, shown, isOver, onShow }: StageTabsProps) {
  const now = courses.at(-1);
  return (
    <div className="stage-tabs" role="group" aria-label="Encoder">
      {ENCODER_NAMES.map((exit) => {
        const own = courses.filter((course) => course.exit === exit);
        const isNow = now?.exit === exit && !isOver;
        return (
          <button
            key={exit}
            type="button"
            className="stage-tab"
            aria-pressed={exit === shown}
            disabled={own.length === 0}
            onClick={() => onShow(exit)}
          >
            <b>{exit}</b>
            <span>{own.length === 0 ? 'waits' : isNow ? stageWords(now) : 'done'}</span>
            <span className="stage-bars" aria-hidden="true">
              {stages.map(({ id, name }) => (
                <span key={id} title={name}>
                  <span
                    style={{
                      width: percent(shareOf(courses, exit, id, isOver), 0).replace(' ', ''),
                    }}
                  />
                </span>
              ))}
            </span>
          </button>
        );
      })}
    </div>
  );
}

export function stageWords({ stage }: Pick<Course, 'stage'>): string {
  return stages.find(({ id }) => id === stage)!.name;
}

/** Share of a stage that is done: a refinement may end before its most steps. */
function shareOf(
  courses: readonly Course[],
  exit: string,
  stage: Course['stage'],
  isOver: boolean,
): number {
  const at = courses.findIndex((course) => course.exit === exit && course.stage === stage);
  if (at < 0) return 0;
  if (at < courses.length - 1 || isOver) return 1;
  const { moments, steps } = courses[at]!;
  return steps > 0 ? (moments.at(-1)?.step ?? 0) / steps : 1;
}
