/**
 * Pictures brought to one size. Smaller: the average of the area that a pixel covers; larger: bilinear, pixel centres kept
 * in place (as PyTorch without `align_corners`). Plain arithmetic, so that every machine gives the same bytes.
 */
import type { Fit } from './options.ts';
import type { Raster } from './raster.ts';

/** The whole of a picture, or the part of it that is used. */
interface Part {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** A picture as [size, size, channels]; the very pixels where it has that size. */
export function fitted(raster: Raster, size: number, fit: Fit): Raster {
  const { width, height } = raster;
  if (width === size && height === size) return raster;
  const whole = { top: 0, left: 0, height, width };
  if (fit === 'stretch') return scaled(raster, whole, size, size);
  if (fit === 'crop') {
    const side = Math.min(width, height);
    const middle = { top: (height - side) >> 1, left: (width - side) >> 1 };
    return scaled(raster, { ...middle, height: side, width: side }, size, size);
  }
  const scale = size / Math.max(width, height);
  const inner = scaled(
    raster,
    whole,
    Math.max(1, Math.round(height * scale)),
    Math.max(1, Math.round(width * scale)),
  );
  return onBlack(inner, size);
}

/** In the middle of a black square, the odd pixel right and below. */
function onBlack({ width, height, channels, pixels: from }: Raster, size: number): Raster {
  const pixels = new Uint8Array(size * size * channels);
  const top = (size - height) >> 1;
  const left = (size - width) >> 1;
  for (let y = 0; y < height; y++)
    pixels.set(
      from.subarray(y * width * channels, (y + 1) * width * channels),
      ((top + y) * size + left) * channels,
    );
  return { width: size, height: size, channels, pixels };
}

/** Rows first, then columns, in floats; rounded once at the end. */
function scaled(
  { width: stored, channels, pixels: from }: Raster,
  { top, left, height: tall, width: wide }: Part,
  height: number,
  width: number,
): Raster {
  const rows = sharesOf(tall, height);
  const columns = sharesOf(wide, width);
  const lines = new Float64Array(height * wide * channels);
  rows.forEach(({ first, shares }, y) => {
    const to = y * wide * channels;
    shares.forEach((share, k) => {
      const at = ((top + first + k) * stored + left) * channels;
      for (let i = 0; i < wide * channels; i++) lines[to + i]! += share * from[at + i]!;
    });
  });
  const pixels = new Uint8Array(height * width * channels);
  let to = 0;
  for (let y = 0; y < height; y++)
    for (const { first, shares } of columns)
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = 0; k < shares.length; k++)
          sum += shares[k]! * lines[(y * wide + first + k) * channels + c]!;
        pixels[to++] = Math.round(sum);
      }
  return { width, height, channels, pixels };
}

/** Which pixels of a line, from `first` on, make up a pixel of the result, and by which shares (their sum is 1). */
interface Shares {
  readonly first: number;
  readonly shares: readonly number[];
}

function sharesOf(length: number, size: number): Shares[] {
  const scale = length / size;
  return Array.from({ length: size }, (_, i): Shares => {
    if (scale <= 1) {
      const at = Math.min(length - 1, Math.max(0, (i + 0.5) * scale - 0.5));
      const first = Math.floor(at);
      const share = at - first;
      return share === 0 ? { first, shares: [1] } : { first, shares: [1 - share, share] };
    }
    const [from, to] = [i * scale, (i + 1) * scale];
    const first = Math.floor(from);
    const last = Math.min(length, Math.ceil(to));
    const shares = Array.from(
      { length: last - first },
      (__, k) => (Math.min(to, first + k + 1) - Math.max(from, first + k)) / scale,
    );
    return { first, shares };
  });
}
