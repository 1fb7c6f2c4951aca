/** How a camera was held: EXIF's orientation, and pictures turned upright by it. */
import type { Bytes } from '../formats/bytes.ts';
import type { Raster } from './raster.ts';

const ORIENTATION = 0x112;

/**
 * The orientation that EXIF data state (1 … 8; EXIF 2.32, table 4); 1, upright, where they state none.
 * @param at where the TIFF header begins.
 */
export function orientationOf(bytes: Bytes, at: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const has = (offset: number, length: number) => offset + length <= bytes.length;
  if (!has(at, 8)) return 1;
  const isLittle = view.getUint8(at) === 0x49;
  const entries = at + view.getUint32(at + 4, isLittle);
  if (!has(entries, 2)) return 1;
  const count = view.getUint16(entries, isLittle);
  for (let i = 0; i < count; i++) {
    const entry = entries + 2 + 12 * i;
    if (!has(entry, 12)) return 1;
    if (view.getUint16(entry, isLittle) !== ORIENTATION) continue;
    const value = view.getUint16(entry + 8, isLittle);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** The picture as it was seen. @param orientation 1 … 8 as EXIF counts them. */
export function upright(raster: Raster, orientation: number): Raster {
  if (orientation === 1) return raster;
  const { channels, pixels: from } = raster;
  const isTurned = orientation > 4;
  const [width, height] = isTurned ? [raster.height, raster.width] : [raster.width, raster.height];
  // Which of the stored axes run backwards.
  const flipsX = [2, 3, 7, 8].includes(orientation);
  const flipsY = [3, 4, 6, 7].includes(orientation);
  const pixels = new Uint8Array(from.length);
  let to = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [u, v] = isTurned ? [y, x] : [x, y];
      const column = flipsX ? raster.width - 1 - u : u;
      const row = flipsY ? raster.height - 1 - v : v;
      const at = (row * raster.width + column) * channels;
      for (let c = 0; c < channels; c++) pixels[to++] = from[at + c]!;
    }
  return { width, height, channels, pixels };
}
