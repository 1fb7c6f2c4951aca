import { memo } from 'react';
import type { Course } from '../../state/unsupervised/live.ts';
import { percent } from '../shared/format.ts';
import { CourseChart } from './CourseChart.tsx';
import { levelsOf } from './strip.ts';

interface CourseChartsProps {
  /** Of one encoder. */
  readonly courses: readonly Course[];
  /** Whether classes may be looked at. */
  readonly labelled: boolean;
}

/** How the stages of one encoder go or went. */
export const CourseCharts = memo(function CourseCharts({ courses, labelled }: CourseChartsProps) {
  const of = (stage: Course['stage']): Course | undefined =>
    courses.find((course) => course.stage === stage);
  const [pretraining, centres, refinement] = [of('pretraining'), of('centres'), of('refinement')];
  const isLarge = courses[0]?.exit === 'DEC-large';
  const first = labelled ? (centres?.moments.at(-1)?.scores ?? null) : null;
  return (
    <div className="course-charts">
      {pretraining && (
        <CourseChart
          title="Redrawing error"
          help={
            isLarge
              ? 'Root mean squared error of the reconstructions, in grey levels out of 255.'
              : 'Mean squared error with which the frozen layer’s numbers are redrawn.'
          }
          {...stepsOf(pretraining)}
          lines={[
            {
              name: 'error',
              values: pretraining.moments.map(({ loss }) =>
                loss !== null && isLarge ? levelsOf(loss) : loss,
              ),
            },
          ]}
          format={(value) => (isLarge ? value.toFixed(0) : short(value))}
        />
      )}
      {refinement && (
        <>
          <CourseChart
            title="Distance to the target"
            help="KL divergence of the soft assignments from their sharpened target, nats an image."
            {...stepsOf(refinement)}
            lines={[{ name: 'KL', values: refinement.moments.map(({ loss }) => loss) }]}
            format={short}
          />
          <CourseChart
            title="Changed their cluster"
            help="Share of the images that went to another cluster since the target before; below 0.1 % the refinement ends."
            {...stepsOf(refinement)}
            lines={[{ name: 'changed', values: refinement.moments.map(({ changed }) => changed) }]}
            format={(value) => percent(value, value < 0.1 ? 1 : 0)}
          />
        </>
      )}
      {labelled && refinement?.moments.some(({ scores }) => scores) && (
        <CourseChart
          title="Against the classes"
          help="ACC: share of the images in the cluster of their class, under the best one-to-one map. NMI: normalised mutual information. Nothing learns from either."
          {...stepsOf(refinement)}
          lines={[
            {
              name: 'ACC',
              values: refinement.moments.map(({ scores }) => scores?.accuracy ?? null),
            },
            {
              name: 'NMI',
              values: refinement.moments.map(({ scores }) => scores?.nmi ?? null),
              dash: '4 3',
            },
          ]}
          format={(value) => value.toFixed(2)}
          domain={[0, 1]}
        />
      )}
      {centres && (
        <p className="course-centres">
          First centres by k-means: {centres.moments.at(-1)?.step ?? 0} of {centres.steps} starts
          {first && `; ACC ${percent(first.accuracy)}, NMI ${first.nmi.toFixed(2)}`}.
        </p>
      )}
    </div>
  );
});

const stepsOf = ({ moments, steps }: Course) => ({
  steps: moments.map(({ step }) => step),
  most: steps,
});

/** Three digits, however small. */
function short(value: number): string {
  return value === 0 ? '0' : Number(value.toPrecision(2)).toString();
}
