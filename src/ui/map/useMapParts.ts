import { useEffect, useMemo, useRef, type RefObject } from 'react';
import type { Dataset } from '../../core/dataset.ts';
import { imagesOf, type Trace } from '../../core/trace.ts';
import { cssRgb, packed } from '../shared/colours.ts';
import { useTheme } from '../shared/useTheme.ts';
import type { MapColours, MapGeometry } from './paint.ts';
import { thumbnails, type ThumbOf } from './thumbs.ts';
import { classTiles } from './tiles.ts';

interface MapSizes {
  /** Width of one exit's column, CSS pixels. */
  readonly column: number;
  /** Thumbnail, and distance to the next, CSS pixels. */
  readonly side: number;
  readonly pitch: number;
}

/**
 * A map's sizes in the screen's own pixels, and its images at that size. Without the images themselves (`dataset`
 * null) the beginnings of their classes' names stand for them.
 */
export function useMapParts(
  trace: Trace,
  dataset: Dataset | null,
  { column, side, pitch }: MapSizes,
): { geometry: MapGeometry; thumbs: ThumbOf } {
  const theme = useTheme();
  const ratio = window.devicePixelRatio;
  const geometry: MapGeometry = useMemo(
    () => ({
      column: Math.round(column * ratio),
      side: Math.round(side * ratio),
      pitch: Math.round(pitch * ratio),
    }),
    [column, side, pitch, ratio],
  );
  const images = useMemo(() => dataset && imagesOf(dataset, trace), [dataset, trace]);
  // Kept while a trace grows: it is of the same images.
  const thumbs = useMemo(() => {
    if (dataset && images) return thumbnails(images, dataset.shape, geometry.side);
    return classTiles(trace, geometry.side);
    // Tiles wear the theme's colours.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [dataset, images, trace, geometry.side, theme]);
  return { geometry, thumbs };
}

/** What a map is painted with, under the theme of the page. */
export function useMapColours(): RefObject<MapColours> {
  const theme = useTheme();
  const colours = useRef<MapColours>({ paper: 0, wrong: 0, selected: 0 });
  // Not at every frame: asking for a style makes the browser compute all that a drag has changed.
  useEffect(() => {
    colours.current = {
      paper: packed(cssRgb('--paper')),
      wrong: packed(cssRgb('--wrong')),
      selected: packed(cssRgb('--accent')),
    };
  }, [theme]);
  return colours;
}
