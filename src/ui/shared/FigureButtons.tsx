import type { RefObject } from 'react';
import { download } from '../../state/exports.ts';
import { exportPng, exportSvg } from './svgFile.ts';

interface FigureButtonsProps {
  readonly figure: RefObject<SVGSVGElement | null>;
  /** Begin of the files' names. */
  readonly stem: string;
  /** The numbers behind it, asked for when they are wanted; null until they are there. */
  readonly csv: (() => string) | null;
  readonly csvLabel?: string;
}

/** A figure as files: the drawing, and the numbers behind it. */
export function FigureButtons({ figure, stem, csv, csvLabel = 'CSV' }: FigureButtonsProps) {
  const disabled = csv === null;
  return (
    <div className="figure-buttons">
      <button
        type="button"
        className="button small"
        disabled={disabled}
        onClick={() => exportSvg(figure.current!, stem)}
      >
        SVG
      </button>
      <button
        type="button"
        className="button small"
        disabled={disabled}
        onClick={() => void exportPng(figure.current!, stem)}
      >
        PNG
      </button>
      <button
        type="button"
        className="button small"
        disabled={disabled}
        onClick={() => download(`${stem}.csv`, 'text/csv', csv!())}
      >
        {csvLabel}
      </button>
    </div>
  );
}
