/** The hues of clusters as a canvas wants them. */
import { useMemo } from 'react';
import { cssRgb } from '../shared/colours.ts';
import { useTheme } from '../shared/useTheme.ts';
import { HUES } from './shapes.ts';

export interface ScatterColours {
  readonly clusters: readonly string[];
  readonly none: string;
  readonly ground: string;
}

/** Of the theme on screen. */
export function useClusterColours(): ScatterColours {
  const theme = useTheme();
  return useMemo(
    () => ({
      clusters: Array.from({ length: HUES }, (_, k) => css(`--cluster-${k + 1}`)),
      none: css('--line-strong'),
      ground: css('--panel'),
    }),
    // The variables are the theme’s.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [theme],
  );
}

const css = (variable: string): string => `rgb(${cssRgb(variable).join(' ')})`;
