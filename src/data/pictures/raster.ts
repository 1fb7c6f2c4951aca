/** A decoded picture. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  /** 1: grey, 3: red, green, blue. */
  readonly channels: 1 | 3;
  /** [height, width, channels], 0…255. */
  readonly pixels: Uint8Array;
}

/**
 * Colours of one byte, with or without how opaque they are, as a raster: what is transparent lies on white.
 * @param stored channels in `data`: 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha.
 * @param isGrey take the first of three colours, which are all alike.
 */
export function rasterOf(
  data: ArrayLike<number>,
  width: number,
  height: number,
  stored: number,
  isGrey = stored < 3,
): Raster {
  const channels = isGrey ? 1 : 3;
  const pixels = new Uint8Array(width * height * channels);
  const hasAlpha = stored === 2 || stored === 4;
  let to = 0;
  for (let from = 0; to < pixels.length; from += stored) {
    const alpha = hasAlpha ? data[from + stored - 1]! : 255;
    for (let c = 0; c < channels; c++) {
      const value = data[from + c]!;
      pixels[to++] =
        alpha === 255 ? value : Math.round((value * alpha + 255 * (255 - alpha)) / 255);
    }
  }
  return { width, height, channels, pixels };
}

/** Weights of red, green and blue in a pixel's grey (ITU-R BT.601). */
const GREY = [0.299, 0.587, 0.114] as const;

/** The same picture in grey, or with its grey as all three colours. */
export function withChannels(raster: Raster, channels: 1 | 3): Raster {
  if (raster.channels === channels) return raster;
  const { width, height, pixels: from } = raster;
  const pixels = new Uint8Array(width * height * channels);
  for (let i = 0; i < width * height; i++)
    if (channels === 3) pixels.fill(from[i]!, 3 * i, 3 * i + 3);
    else
      pixels[i] = Math.round(
        GREY[0] * from[3 * i]! + GREY[1] * from[3 * i + 1]! + GREY[2] * from[3 * i + 2]!,
      );
  return { width, height, channels, pixels };
}
