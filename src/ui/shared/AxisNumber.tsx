import type { XAxisTickContentProps, YAxisTickContentProps } from 'recharts';

/**
 * An axis of a chart whose numbers all fit: Recharts measures each of its own on the page before it draws it, and the browser
 * lays the whole page out for that.
 */
export const unmeasured = (fontSize: number) =>
  ({
    interval: 0,
    tick: ({
      x,
      y,
      textAnchor,
      verticalAnchor,
      payload,
      index,
      tickFormatter,
    }: XAxisTickContentProps | YAxisTickContentProps) => (
      <text
        {...{ x, y, textAnchor, fontSize }}
        dy={verticalAnchor === 'start' ? '0.71em' : '0.355em'}
        fill="var(--muted)"
      >
        {tickFormatter ? tickFormatter(payload.value, index) : payload.value}
      </text>
    ),
  }) as const;
