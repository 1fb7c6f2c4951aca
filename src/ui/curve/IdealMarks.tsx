import { memo } from 'react';
import { useXAxisScale, useYAxisScale } from 'recharts';
import type { Trace } from '../../core/trace.ts';
import { costWords } from '../shared/costWords.ts';
import { percent } from '../shared/format.ts';
import { rightWords } from '../shared/rightWords.ts';
import { IDEALS, IDEAL_STYLE } from './ideals.ts';
import { useIdeals } from './useIdeals.ts';

/** Where rules that know more would stand. It waits for them alone: Recharts takes more than a frame to draw all anew. */
export const IdealMarks = memo(function IdealMarks({ trace }: { readonly trace: Trace }) {
  const ideals = useIdeals(trace);
  const x = useXAxisScale();
  const y = useYAxisScale();
  if (!ideals || !x || !y) return null;
  const words = rightWords(trace);
  return (
    <g {...IDEAL_STYLE}>
      {IDEALS.map(({ id, name, path }) => {
        const { cost, accuracy } = ideals[id];
        const said = `${name(words)}: ${percent(accuracy)} at ${cost.toFixed(3)} ${costWords(trace).of}`;
        return (
          <path
            key={id}
            className="ideal"
            role="img"
            aria-label={said}
            d={path}
            transform={`translate(${x(cost)} ${y(accuracy)})`}
          />
        );
      })}
    </g>
  );
});
