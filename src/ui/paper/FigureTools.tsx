import type { RefObject } from 'react';
import { download } from '../../state/exports.ts';
import { countsCsv, type MatrixPanel } from '../../state/paper/figure1.ts';
import { exportPng, exportSvg } from '../shared/svgFile.ts';

interface FigureToolsProps {
  readonly figure: RefObject<SVGSVGElement | null>;
  /** Begin of the files' names. */
  readonly stem: string;
  /** Null until they are counted. */
  readonly panels: readonly MatrixPanel[] | null;
  readonly classes: readonly string[];
}

/** The figure as files: the drawing, and the counts behind it. */
export function FigureTools({ figure, stem, panels, classes }: FigureToolsProps) {
  return (
    <div className="paper-tools">
      <button
        type="button"
        className="button"
        disabled={!panels}
        onClick={() => exportSvg(figure.current!, stem)}
      >
        SVG
      </button>
      <button
        type="button"
        className="button"
        disabled={!panels}
        onClick={() => void exportPng(figure.current!, stem)}
      >
        PNG
      </button>
      <button
        type="button"
        className="button"
        disabled={!panels}
        onClick={() => download(`${stem}.csv`, 'text/csv', countsCsv(panels!, classes))}
      >
        Counts as CSV
      </button>
    </div>
  );
}
