/** Paints the visible part of the exit map into pixels: plain copying, so that thousands of images fit a frame. */
import type { Arrangement } from '../../core/arrange.ts';
import type { ThumbOf } from './thumbs.ts';

/** All in device pixels. */
export interface MapGeometry {
  /** Left edge of each exit's column is j·column. */
  readonly column: number;
  /** Side of a thumbnail, and distance from one to the next. */
  readonly side: number;
  readonly pitch: number;
}

export interface MapColours {
  readonly paper: number;
  readonly wrong: number;
  readonly selected: number;
}

export interface MapMarks {
  readonly isWrong: (image: number) => boolean;
  readonly selected: number | null;
}

export function imagesPerRow({ column, pitch, side }: MapGeometry): number {
  return Math.max(1, Math.floor((column - pitch * 0.25 + pitch - side) / pitch));
}

/** Height of the tallest stack. */
export function mapHeight({ start }: Arrangement, geometry: MapGeometry): number {
  let most = 0;
  for (let j = 0; j + 1 < start.length; j++) most = Math.max(most, start[j + 1]! - start[j]!);
  return Math.ceil(most / imagesPerRow(geometry)) * geometry.pitch;
}

/** Offset of the first thumbnail in a column, so that rows stand in its middle. */
function inset(geometry: MapGeometry): number {
  const { column, pitch, side } = geometry;
  return Math.floor((column - imagesPerRow(geometry) * pitch + (pitch - side)) / 2);
}

/** Upper left corner of the `nth` thumbnail under an exit. */
export function cornerOf(geometry: MapGeometry, exit: number, nth: number): [x: number, y: number] {
  const { column, pitch } = geometry;
  const perRow = imagesPerRow(geometry);
  return [
    exit * column + inset(geometry) + (nth % perRow) * pitch,
    Math.floor(nth / perRow) * pitch,
  ];
}

/** The image at a point of the map (device pixels, scrolled), or null between images. */
export function imageAtPoint(
  { images, start }: Arrangement,
  geometry: MapGeometry,
  x: number,
  y: number,
): number | null {
  const { column, pitch } = geometry;
  const perRow = imagesPerRow(geometry);
  const exit = Math.floor(x / column);
  if (x < 0 || y < 0 || exit + 1 >= start.length) return null;
  const across = Math.floor((x - exit * column - inset(geometry)) / pitch);
  if (across < 0 || across >= perRow) return null;
  const place = start[exit]! + Math.floor(y / pitch) * perRow + across;
  return place < start[exit + 1]! ? images[place]! : null;
}

/** Paints rows from `scrollTop` on into an image of the visible size. */
export function paintMap(
  target: { readonly data: Uint32Array; readonly width: number; readonly height: number },
  scroll: { readonly left: number; readonly top: number },
  { images, start }: Arrangement,
  geometry: MapGeometry,
  thumbOf: ThumbOf,
  marks: MapMarks,
  colours: MapColours,
): void {
  const { data, width, height } = target;
  const { column, side, pitch } = geometry;
  data.fill(colours.paper);
  const perRow = imagesPerRow(geometry);
  const outline = Math.max(1, Math.round(side / 9));
  const firstRow = Math.max(0, Math.floor(scroll.top / pitch));
  const rows = Math.ceil(height / pitch) + 1;
  const firstExit = Math.max(0, Math.floor(scroll.left / column));
  const lastExit = Math.min(start.length - 2, Math.floor((scroll.left + width) / column));
  for (let exit = firstExit; exit <= lastExit; exit++) {
    const from = start[exit]! + firstRow * perRow;
    const to = Math.min(start[exit + 1]!, from + rows * perRow);
    for (let place = from; place < to; place++) {
      const image = images[place]!;
      const [x, y] = cornerOf(geometry, exit, place - start[exit]!);
      const left = x - scroll.left;
      const top = y - scroll.top;
      copy(data, width, height, thumbOf(image), side, left, top);
      if (marks.isWrong(image)) frame(data, width, height, left, top, side, outline, colours.wrong);
      if (image === marks.selected)
        frame(
          data,
          width,
          height,
          left - outline,
          top - outline,
          side + 2 * outline,
          outline * 2,
          colours.selected,
        );
    }
  }
}

function copy(
  data: Uint32Array,
  width: number,
  height: number,
  thumb: Uint32Array,
  side: number,
  left: number,
  top: number,
): void {
  const fromX = Math.max(0, -left);
  const toX = Math.min(side, width - left);
  const fromY = Math.max(0, -top);
  const toY = Math.min(side, height - top);
  for (let y = fromY; y < toY; y++) {
    const at = (top + y) * width + left;
    for (let x = fromX; x < toX; x++) data[at + x] = thumb[y * side + x]!;
  }
}

function frame(
  data: Uint32Array,
  width: number,
  height: number,
  left: number,
  top: number,
  side: number,
  thick: number,
  colour: number,
): void {
  for (let y = Math.max(0, top); y < Math.min(height, top + side); y++) {
    const edge = y < top + thick || y >= top + side - thick;
    for (let x = Math.max(0, left); x < Math.min(width, left + side); x++) {
      if (edge || x < left + thick || x >= left + side - thick) data[y * width + x] = colour;
    }
  }
}
