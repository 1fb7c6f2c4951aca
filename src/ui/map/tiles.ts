/** What stands for an image on the map while its pixels are not here: the beginning of its class's name. */
import type { Trace } from '../../core/trace.ts';
import { cssRgb } from '../shared/colours.ts';
import type { ThumbOf } from './thumbs.ts';

/** The first two letters or digits of a class's name, or the number of a cluster: as much as fits. */
function abbreviated(name: string): string {
  const number = /^cluster (\d+)$/.exec(name)?.[1];
  if (number) return number;
  return name.replaceAll(/[^\p{L}\p{N}]/gu, '').slice(0, 2);
}

/** Tiles of side × side device pixels, one a class, in the colours of the theme at hand. */
export function classTiles({ classes, label }: Trace, side: number): ThumbOf {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = side;
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const css = (variable: string): string => `rgb(${cssRgb(variable).join(' ')})`;
  const tiles = classes.map((name) => {
    context.fillStyle = css('--sunken');
    context.fillRect(0, 0, side, side);
    context.fillStyle = css('--muted');
    context.font = `${Math.round(side * 0.62)}px ui-sans-serif, system-ui, sans-serif`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(abbreviated(name), side / 2, side * 0.54);
    return new Uint32Array(context.getImageData(0, 0, side, side).data.buffer);
  });
  return (image) => tiles[label[image]!]!;
}
