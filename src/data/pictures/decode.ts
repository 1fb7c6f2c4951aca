/**
 * Picture files → pixels. PNG, JPEG and WebP are decoded by the same code in every browser and on the command line
 * (fast-png; mozjpeg and libwebp as WebAssembly), so that the same files give the same trace everywhere, bit for bit; no
 * canvas changes colours on the way. What only a browser can decode (GIF, BMP, AVIF) it decodes.
 */
import { DataError } from '../errors.ts';
import type { Bytes } from '../formats/bytes.ts';
import { wasmOf, type Codec } from './codecs.ts';
import { readHeader, type PictureHeader } from './header.ts';
import { orientationOf, upright } from './orientation.ts';
import { rasterOf, type Raster } from './raster.ts';

/**
 * Decodes a picture file and turns it upright.
 * @param path for messages.
 * @throws DataError with a sentence when it cannot be.
 */
export async function decodePicture(bytes: Bytes, path: string): Promise<Raster> {
  const header = readHeader(bytes, path);
  const raster = await decoded(bytes, header, path).catch((error: unknown) => {
    if (error instanceof DataError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new DataError(
      `${path} is damaged: it begins as ${header.kind}, but cannot be decoded (${why.replace(/\.$/, '')}).`,
    );
  });
  return header.exif === null ? raster : upright(raster, orientationOf(bytes, header.exif));
}

async function decoded(bytes: Bytes, header: PictureHeader, path: string): Promise<Raster> {
  const { kind, isGrey } = header;
  if (kind === 'PNG') return decodedPng(bytes, path);
  if (kind === 'JPEG' || kind === 'WebP') return decodedWasm(kind, bytes, isGrey ?? false);
  return decodedByBrowser(bytes, kind, path);
}

async function decodedPng(bytes: Bytes, path: string): Promise<Raster> {
  const { decode } = await import('fast-png');
  if (bytes[28] === 1 && bytes[24]! < 8)
    throw new DataError(
      `${path} is an interlaced PNG of ${bytes[24]!} bits a pixel, which is not read here. Save it without interlacing.`,
    );
  const { width, height, data, depth, channels, palette, transparency } = decode(bytes, {
    checkCrc: true,
  });
  const samples = depth < 8 ? unpacked(data, width, height, depth) : data;
  if (samples.length !== width * height * channels) throw new Error('its pixels are missing');
  if (palette) {
    const stored = palette[0]?.length ?? 3;
    const colours = new Uint8Array(width * height * stored);
    samples.forEach((index, i) => {
      const colour = palette[index];
      if (!colour) throw new Error(`colour ${index} of a palette of ${palette.length}`);
      colours.set(colour, i * stored);
    });
    return rasterOf(colours, width, height, stored);
  }
  const most = 2 ** depth - 1;
  // Of 16 bits the upper eight count; of fewer than eight all are spread over 0…255.
  const byte =
    depth === 16 ? (value: number) => value >> 8 : (value: number) => (value * 255) / most;
  const values = depth === 8 ? samples : Uint8Array.from(samples, byte);
  const raster = rasterOf(values, width, height, channels);
  // One colour may stand for what is transparent.
  if (transparency && channels < 4)
    for (let i = 0; i < width * height; i++)
      if (transparency.every((value, c) => samples[i * channels + c] === value))
        raster.pixels.fill(255, i * channels, (i + 1) * channels);
  return raster;
}

/** Pixels of fewer than eight bits, packed line by line. */
function unpacked(
  data: ArrayLike<number>,
  width: number,
  height: number,
  depth: number,
): Uint8Array {
  const out = new Uint8Array(width * height);
  const line = Math.ceil((width * depth) / 8);
  const mask = 2 ** depth - 1;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const byte = data[y * line + (bit >> 3)]!;
      out[y * width + x] = (byte >> (8 - depth - (bit & 7))) & mask;
    }
  return out;
}

async function decodedWasm(codec: Codec, bytes: Bytes, isGrey: boolean): Promise<Raster> {
  const decode = await wasmOf(codec);
  const { data, width, height } = await decode(bytes.slice().buffer);
  return rasterOf(data, width, height, 4, isGrey);
}

async function decodedByBrowser(bytes: Bytes, kind: string, path: string): Promise<Raster> {
  if (typeof createImageBitmap !== 'function')
    throw new DataError(
      `${path} is a ${kind} picture, which only a browser decodes. Save it as PNG.`,
    );
  const bitmap = await createImageBitmap(new Blob([bytes]), {
    ...{ colorSpaceConversion: 'none', premultiplyAlpha: 'none' },
  });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', {
    willReadFrequently: true,
  })!;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return rasterOf(context.getImageData(0, 0, width, height).data, width, height, 4);
}
