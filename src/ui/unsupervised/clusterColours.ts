/** Clusters have no order and no meaning: each has a hue, and a shape beside it for eyes that cannot tell hues apart. */
import { useMemo } from 'react';
import { cssRgb } from '../shared/colours.ts';
import { useTheme } from '../shared/useTheme.ts';

/** Hues in tokens.css; with more clusters they come again, with another shape. */
export const HUES = 10;

export type Shape = 'circle' | 'square' | 'triangle' | 'diamond';
const shapes: readonly Shape[] = ['circle', 'square', 'triangle', 'diamond'];

/** The next shape at every cluster, and one more after all hues, so that no two of the first twenty look alike. */
export function shapeOf(cluster: number): Shape {
  return shapes[(cluster + Math.floor(cluster / HUES)) % shapes.length]!;
}

/** As a style of the page. */
export function hueOf(cluster: number): string {
  return `var(--cluster-${(cluster % HUES) + 1})`;
}

export interface ScatterColours {
  readonly clusters: readonly string[];
  readonly none: string;
  readonly ground: string;
}

/** As a canvas wants them, of the theme on screen. */
export function useClusterColours(): ScatterColours {
  const theme = useTheme();
  return useMemo(
    () => ({
      clusters: Array.from({ length: HUES }, (_, k) => css(`--cluster-${k + 1}`)),
      none: css('--line-strong'),
      ground: css('--panel'),
    }),
    // The variables are the theme’s.
    [theme],
  );
}

const css = (variable: string): string => `rgb(${cssRgb(variable).join(' ')})`;
