import { memo, useMemo, type CSSProperties } from 'react';
import { costUnit } from '../../core/costs.ts';
import type { Trace } from '../../core/trace.ts';
import type { CurveId } from '../../state/scene/curve.ts';
import { later } from '../shared/later.tsx';
import { percent } from '../shared/format.ts';
import { methodWords } from '../shared/methods.ts';
import { rightWords } from '../shared/rightWords.ts';
import type { CurveChartProps } from './CurveChart.tsx';
import { dashOf, wordsOf } from './curves.ts';
import { IDEALS, IDEAL_STYLE } from './ideals.ts';
import { linesOf, othersOf, type Curves } from './lines.ts';
import { useIdeals } from './useIdeals.ts';

/** Comes after the first paint: it brings the library of charts. */
export const CurveChart = later<CurveChartProps>(250, () =>
  import('./CurveChart.tsx').then((module) => module.CurveChart),
);

interface CurveFigureProps {
  readonly trace: Trace;
  readonly curves: Curves;
  /** The curve on which the operating point stands. */
  readonly chosen: CurveId;
  readonly onDrag: (cost: number) => void;
  readonly onRest: () => void;
}

/** The curve with the policy as a point that can be dragged along it, and what its marks mean. */
export const CurveFigure = memo(function CurveFigure(props: CurveFigureProps) {
  const { trace, curves, chosen, onDrag, onRest } = props;
  const { name, hue } = methodWords(trace.method);
  const words = rightWords(trace);
  const curve = curves[chosen] ?? null;
  const lines = useMemo(() => linesOf(trace, curve), [trace, curve]);
  const others = useMemo(() => othersOf(trace, curves, chosen), [trace, curves, chosen]);
  return (
    <figure
      className="curve"
      aria-label={`${words.accuracy === 'accuracy' ? 'Accuracy' : 'Agreement'} against relative ${costUnit(trace)}`}
      style={{ '--hue': hue } as CSSProperties}
    >
      <CurveChart
        trace={trace}
        lines={lines}
        others={others}
        plainName={words.plain}
        onDrag={onDrag}
        onRest={onRest}
      />
      <figcaption className="legend">
        <span>
          <svg width="18" height="8" aria-hidden="true">
            <circle cx="9" cy="4" r="3" fill="var(--hue)" />
          </svg>{' '}
          {name}, {wordsOf(chosen).name.toLowerCase()}: one policy each
        </span>
        <span>
          <LineMark width={2} /> time sharing of two
        </span>
        {others.map(({ id }) => (
          <span key={id}>
            <LineMark width={1.4} dash={dashOf(id)} stroke="var(--muted)" />{' '}
            {wordsOf(id).name.toLowerCase()}
          </span>
        ))}
        {lines.train.length > 0 && (
          <span>
            <LineMark width={1.5} dash="4 3" /> where they were chosen
          </span>
        )}
        <IdealsLegend trace={trace} />
      </figcaption>
    </figure>
  );
});

/** The marks of rules that know more, once they are drawn, with where they stand. */
function IdealsLegend({ trace }: { readonly trace: Trace }) {
  const ideals = useIdeals(trace);
  if (!ideals) return null;
  const words = rightWords(trace);
  return IDEALS.map(({ id, name, path }) => (
    <span key={id}>
      <svg className="ideal-mark" width="18" height="14" viewBox="-9 -7 18 14" aria-hidden="true">
        <path d={path} {...IDEAL_STYLE} />
      </svg>{' '}
      {name(words)}: {percent(ideals[id].accuracy)} at {ideals[id].cost.toFixed(3)}
    </span>
  ));
}

interface LineMarkProps {
  readonly width: number;
  readonly dash?: string | undefined;
  readonly stroke?: string;
}

/** A line of the legend; drawn, so that it can be taken away with the figure. */
function LineMark({ width, dash, stroke = 'var(--hue)' }: LineMarkProps) {
  return (
    <svg width="18" height="6" aria-hidden="true">
      <line x2="18" y1="3" y2="3" stroke={stroke} strokeWidth={width} strokeDasharray={dash} />
    </svg>
  );
}
