import type { RefObject } from 'react';
import type { Fact } from '../../state/provenance/facts.ts';
import { figures, files as texts, using } from './takeAway.ts';
import './drawing.css';

/** What a figure is as files. */
export interface FigureFiles {
  /** The drawing, or what holds it and its legend. */
  readonly figure: RefObject<Element | null>;
  /** Begin of the files' names. */
  readonly stem: string;
  /** The numbers behind it, asked for when they are wanted; null until they are there. */
  readonly csv: (() => string) | null;
  readonly csvLabel?: string;
  /** What its numbers are of: the files say it. */
  readonly of: () => readonly Fact[];
}

/** A figure as files: the numbers behind it, and the drawing. */
export function FigureButtons({ figure, stem, csv, csvLabel = 'CSV', of }: FigureFiles) {
  const files = [
    {
      label: csvLabel,
      take: () => using(texts, ({ downloadCsv }) => downloadCsv(stem, csv!(), of())),
    },
    {
      label: 'SVG',
      take: () => using(figures, ({ exportSvg }) => exportSvg(figure.current!, stem, of())),
    },
    {
      label: 'PNG',
      take: () => using(figures, ({ exportPng }) => exportPng(figure.current!, stem, of())),
    },
  ];
  return (
    <div className="figure-buttons">
      {files.map(({ label, take }) => (
        <button
          key={label}
          type="button"
          className="button small"
          disabled={csv === null}
          onClick={() => void take()}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
