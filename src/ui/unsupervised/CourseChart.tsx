import { memo } from 'react';
import { Line, LineChart, ResponsiveContainer, XAxis, YAxis } from 'recharts';

export interface ChartLine {
  readonly name: string;
  /** By moment; null where it is not known. */
  readonly values: readonly (number | null)[];
  readonly dash?: string;
}

interface CourseChartProps {
  readonly title: string;
  /** One line: what the numbers are. */
  readonly help: string;
  readonly steps: readonly number[];
  /** Most steps: how far the axis goes. */
  readonly most: number;
  readonly lines: readonly ChartLine[];
  readonly format: (value: number) => string;
  /** Fixed ends of the vertical axis; as the values go otherwise. */
  readonly domain?: readonly [number, number];
}

const tick = { fill: 'var(--muted)', fontSize: 10 };

/** One number of a training over its steps; what it is now stands beside the title. */
export const CourseChart = memo(function CourseChart(props: CourseChartProps) {
  const { title, help, steps, most, lines, format, domain = ['auto', 'auto'] } = props;
  const rows = steps.map((step, at) => ({
    step,
    ...Object.fromEntries(lines.map(({ name, values }) => [name, finite(values[at] ?? null)])),
  }));
  return (
    <figure className="course-chart">
      <figcaption title={help}>
        {title}
        {lines.map(({ name, values, dash }) => {
          const last = values.findLast((value) => value !== null);
          return (
            <span key={name}>
              {lines.length > 1 && (
                <>
                  <svg width="14" height="6" aria-hidden="true">
                    <line
                      x2="14"
                      y1="3"
                      y2="3"
                      stroke="var(--dec)"
                      strokeWidth="2"
                      strokeDasharray={dash}
                    />
                  </svg>{' '}
                  {name}{' '}
                </>
              )}
              <b>{last === undefined || last === null ? '–' : format(last)}</b>
            </span>
          );
        })}
      </figcaption>
      <div aria-hidden="true">
        <ResponsiveContainer width="100%" height={78} initialDimension={{ width: 180, height: 78 }}>
          <LineChart
            data={rows}
            margin={{ top: 4, right: 4, bottom: -6, left: -18 }}
            accessibilityLayer={false}
          >
            <XAxis
              dataKey="step"
              type="number"
              domain={[0, most]}
              tickCount={3}
              stroke="var(--line)"
              tick={tick}
            />
            <YAxis
              domain={[...domain]}
              tickCount={3}
              width={56}
              stroke="var(--line)"
              tick={tick}
              tickFormatter={format}
            />
            {lines.map(({ name, dash }) => (
              <Line
                key={name}
                dataKey={name}
                stroke="var(--dec)"
                strokeWidth={1.6}
                strokeDasharray={dash ?? ''}
                dot={steps.length < 3 ? { r: 2, fill: 'var(--dec)', stroke: 'none' } : false}
                isAnimationActive={false}
                connectNulls
              />
            ))}
          </LineChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
});

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
