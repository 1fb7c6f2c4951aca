import { memo, useEffect, useRef } from 'react';
import { useTheme } from '../shared/useTheme.ts';
import { matrixColours, paintMatrix } from './matrix.ts';

interface MatrixCanvasProps {
  readonly counts: Uint32Array;
  /** Number of classes. */
  readonly k: number;
  /** Side in CSS pixels. */
  readonly side: number;
}

/** A confusion matrix as a picture; whoever shows it gives the numbers in words beside it. */
export const MatrixCanvas = memo(function MatrixCanvas({ counts, k, side }: MatrixCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  useEffect(() => {
    const element = canvas.current!;
    const cell = Math.max(1, Math.round((side * window.devicePixelRatio) / k));
    element.width = element.height = k * cell;
    element
      .getContext('2d')!
      .putImageData(paintMatrix(counts, k, cell, matrixColours(theme)), 0, 0);
  }, [counts, k, side, theme]);
  return (
    <canvas
      ref={canvas}
      className="matrix"
      style={{ width: side, height: side }}
      aria-hidden="true"
    />
  );
});
