import { memo } from 'react';
import { later } from '../shared/later.tsx';
import type { DistanceChartProps } from './DistanceChart.tsx';

/** Comes after the first paint: it brings the library of charts. */
const DistanceChart = later<DistanceChartProps>(150, () =>
  import('./DistanceChart.tsx').then((module) => module.DistanceChart),
);

interface DistanceFigureProps extends DistanceChartProps {
  /** The names of all classes, or of all clusters; what distances are measured to. */
  readonly names: readonly string[];
  readonly mean: string;
}

/**
 * Along the exits, of every class: the normalised distance to its mean, where there are means (nearer is higher, as the
 * eye expects of a winner), else its probability.
 */
export const DistanceFigure = memo(function DistanceFigure({
  names,
  mean,
  ...chart
}: DistanceFigureProps) {
  const { explanation, truth, prediction } = chart;
  return (
    <figure className="distances">
      <figcaption>
        {explanation.normalised ? `nearer to the ${mean}` : 'more probable'} ↑ ·{' '}
        <b>{names[truth]}</b>
        {prediction !== truth && (
          <>
            {' '}
            · <b className="wrong-text">{names[prediction]}</b>
          </>
        )}{' '}
        · others grey
      </figcaption>
      <div aria-hidden="true">
        <DistanceChart {...chart} />
      </div>
    </figure>
  );
});
