import { useMemo } from 'react';
import { Line, LineChart, ReferenceLine, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import type { Explanation } from '../../engine/client/types.ts';
import { unmeasured } from '../shared/AxisNumber.tsx';
import { depthColour } from '../shared/colours.ts';

export interface DistanceChartProps {
  readonly explanation: Explanation;
  /** The image's own class. */
  readonly truth: number;
  /** Where the image leaves, and what it is taken for there. */
  readonly exit: number;
  readonly prediction: number;
}

const numbers = unmeasured(10);

/** A line a class, along the exits. */
export function DistanceChart({ explanation, truth, exit, prediction }: DistanceChartProps) {
  const { exits, classes, normalised, probability } = explanation;
  const values = normalised ?? probability;
  const k = classes.length;
  const rows = useMemo(
    () =>
      exits.map((_, j) => ({
        exit: j,
        ...Object.fromEntries(classes.map((_, c) => [`c${c}`, finite(values[j * k + c]!)])),
      })),
    [exits, classes, values, k],
  );
  const others = classes.map((_, c) => c).filter((c) => c !== truth && c !== prediction);
  const line = (c: number, stroke: string, width: number, opacity: number) => (
    <Line
      key={c}
      dataKey={`c${c}`}
      stroke={stroke}
      strokeWidth={width}
      strokeOpacity={opacity}
      dot={false}
      activeDot={false}
      isAnimationActive={false}
    />
  );
  return (
    <ResponsiveContainer width="100%" height={150} initialDimension={{ width: 280, height: 150 }}>
      <LineChart
        data={rows}
        margin={{ top: 6, right: 6, bottom: 0, left: -26 }}
        accessibilityLayer={false}
      >
        <XAxis
          dataKey="exit"
          type="number"
          domain={[0, exits.length - 1]}
          tickCount={Math.min(exits.length, 6)}
          allowDecimals={false}
          stroke="var(--line)"
          {...numbers}
        />
        <YAxis
          reversed={normalised !== null}
          domain={normalised ? ['auto', 'auto'] : [0, 1]}
          tickCount={4}
          stroke="var(--line)"
          {...numbers}
          tickFormatter={(value: number) => value.toFixed(1)}
        />
        <ReferenceLine x={exit} stroke={depthColour(exit, exits.length)} strokeWidth={2} />
        {others.map((c) => line(c, 'var(--muted)', 1, 0.35))}
        {prediction !== truth && line(prediction, 'var(--wrong)', 2, 1)}
        {line(truth, 'var(--ink)', 2, 1)}
      </LineChart>
    </ResponsiveContainer>
  );
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
