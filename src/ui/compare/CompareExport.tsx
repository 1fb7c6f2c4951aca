import type { GridRow, Racer } from '../../state/compare/racers.ts';
import { download } from '../../state/exports.ts';
import { exportChartPng, exportChartSvg } from '../curve/figure.ts';
import { nameOf } from './racer.ts';

interface CompareExportProps {
  readonly racers: readonly Racer[];
  readonly grid: readonly GridRow[];
}

const CHART = '.compare-chart';
const NAME = 'offramp.compare';

/** The curves to take away. */
export function CompareExport({ racers, grid }: CompareExportProps) {
  return (
    <span className="compare-export">
      <button type="button" className="button small" onClick={() => exportCsv(racers, grid)}>
        CSV
      </button>
      <button type="button" className="button small" onClick={() => exportChartSvg(CHART, NAME)}>
        SVG
      </button>
      <button
        type="button"
        className="button small"
        onClick={() => void exportChartPng(CHART, NAME)}
      >
        PNG
      </button>
    </span>
  );
}

/** A line a cost; mean, least and greatest of every racer, empty where it is out of reach. */
function exportCsv(racers: readonly Racer[], grid: readonly GridRow[]): void {
  const head = racers.flatMap((racer) =>
    ['mean', 'least', 'greatest'].map((which) => `"${nameOf(racer)}: ${which}"`),
  );
  const lines = grid.map(({ cost, heights }) => [
    cost,
    ...racers.flatMap(({ key }): (number | string)[] => {
      const height = heights[key];
      return height ? [height.mean, height.low, height.high] : ['', '', ''];
    }),
  ]);
  const csv = [['relative FLOPs', ...head], ...lines].map((line) => line.join(',')).join('\n');
  download(`${NAME}.csv`, 'text/csv', `${csv}\n`);
}
