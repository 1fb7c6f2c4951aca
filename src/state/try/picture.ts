/** A drawing or a photograph as the network takes images: the same size, as many channels, light on dark where its are. */
import type { ImageShape } from '../../core/dataset.ts';

/** RGBA, a byte each. */
export interface Rgba {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** Weights of red, green and blue in a pixel's grey (ITU-R BT.601), as a network is fed. */
const GREY = [0.299, 0.587, 0.114] as const;

const greyAt = (data: Uint8ClampedArray, at: number): number =>
  GREY[0] * data[at]! + GREY[1] * data[at + 1]! + GREY[2] * data[at + 2]!;

/** A rectangle of pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The pixels that are lighter than a tenth of white; null where there are none. */
export function inkBox({ data, width, height }: Rgba): Box | null {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (greyAt(data, 4 * (y * width + x)) < 25.5) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Where ink of a size goes in an image, as in MNIST: the longer side is 20/28 of the image's, in the middle. */
export function placeOf({ width, height }: Box, [rows, columns]: ImageShape): Box {
  const scale = ((20 / 28) * Math.min(rows, columns)) / Math.max(width, height);
  const size = { width: width * scale, height: height * scale };
  return { left: (columns - size.width) / 2, top: (rows - size.height) / 2, ...size };
}

/** The largest square in the middle of a picture. */
export function middleOf({ width, height }: Pick<Rgba, 'width' | 'height'>): Box {
  const side = Math.min(width, height);
  return { left: (width - side) / 2, top: (height - side) / 2, width: side, height: side };
}

/** Whether a picture is dark on light, by its border: paper rather than a blackboard. */
export function isOnLight({ data, width, height }: Rgba): boolean {
  let [sum, count] = [0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (y > 0 && y < height - 1 && x > 0 && x < width - 1) continue;
      sum += greyAt(data, 4 * (y * width + x));
      count++;
    }
  return sum / count > 127.5;
}

/**
 * Pixels as the images of a dataset have them.
 * @param picture of its size.
 * @param inverted light and dark changed, for images that are light on dark.
 * @returns uint8 HWC.
 */
export function pixelsOf(
  { data }: Pick<Rgba, 'data'>,
  [height, width, channels]: ImageShape,
  inverted: boolean,
): Uint8Array {
  const pixels = new Uint8Array(height * width * channels);
  for (let p = 0; p < height * width; p++)
    for (let c = 0; c < channels; c++) {
      const value = channels === 1 ? Math.round(greyAt(data, 4 * p)) : data[4 * p + c]!;
      pixels[p * channels + c] = inverted ? 255 - value : value;
    }
  return pixels;
}
