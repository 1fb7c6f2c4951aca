/** Picture files for tests: made here. */
import { zlibSync } from 'fflate';
import { crc32 } from '../formats/crc32.ts';
import type { Bytes } from '../formats/bytes.ts';
import type { Raster } from './raster.ts';

const word = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
const ascii = (text: string): number[] => Array.from(text, (sign) => sign.charCodeAt(0));

/** A chunk of a PNG: length, name, content, CRC. */
export function chunk(name: string, content: ArrayLike<number>): number[] {
  const body = [...ascii(name), ...Array.from(content)];
  return [...word(content.length), ...body, ...word(crc32(Uint8Array.from(body)))];
}

export interface PngParts {
  readonly width: number;
  readonly height: number;
  /** As PNG counts them: 0 grey, 2 colour, 3 palette, 4 grey and alpha, 6 colour and alpha. */
  readonly colours: 0 | 2 | 3 | 4 | 6;
  readonly bits: number;
  /** Lines as they are stored, each behind the byte of its filter; of an interlaced one all passes. */
  readonly lines: Uint8Array;
  readonly isInterlaced?: boolean;
  /** Chunks before the pixels. */
  readonly before?: readonly number[];
}

export function pngOf({
  width,
  height,
  colours,
  bits,
  lines,
  isInterlaced,
  before,
}: PngParts): Bytes {
  return Uint8Array.from([
    ...[0x89, ...ascii('PNG'), 13, 10, 26, 10],
    ...chunk('IHDR', [
      ...word(width),
      ...word(height),
      ...[bits, colours, 0, 0, isInterlaced ? 1 : 0],
    ]),
    ...(before ?? []),
    ...chunk('IDAT', zlibSync(lines)),
    ...chunk('IEND', []),
  ]);
}

/** Lines without a filter. */
export function linesOf(rows: readonly ArrayLike<number>[]): Uint8Array {
  return Uint8Array.from(rows.flatMap((row) => [0, ...Array.from(row)]));
}

/** A PNG of eight bits, of the very pixels. */
export function pngFile({ width, height, channels, pixels }: Raster): Bytes {
  const row = width * channels;
  const rows = Array.from({ length: height }, (_, y) => pixels.subarray(y * row, (y + 1) * row));
  return pngOf({ width, height, colours: channels === 1 ? 0 : 2, bits: 8, lines: linesOf(rows) });
}

/** Pixels that differ everywhere, and from picture to picture. */
export function pattern(width: number, height: number, channels: 1 | 3, seed = 0): Raster {
  const pixels = Uint8Array.from(
    { length: width * height * channels },
    (_, i) => (i * 7 + ((i * i) >> 3) + 31 * seed) & 255,
  );
  return { width, height, channels, pixels };
}

/** EXIF data that state an orientation, as JPEG and PNG hold them (a TIFF header with one entry). */
export function exifOf(orientation: number, isLittle = false): number[] {
  const short = (value: number) => (isLittle ? [value, 0] : [0, value]);
  const long = (value: number) => (isLittle ? [value, 0, 0, 0] : [0, 0, 0, value]);
  return [
    ...ascii(isLittle ? 'II' : 'MM'),
    ...short(42),
    ...long(8),
    ...short(1),
    ...(isLittle ? [0x12, 0x01] : [0x01, 0x12]),
    ...short(3),
    ...long(1),
    ...short(orientation),
    ...[0, 0],
    ...long(0),
  ];
}

/** A tar archive of files by their paths. */
export function tarOf(files: Readonly<Record<string, Uint8Array>>, type = '0'): Bytes {
  const entries = Object.entries(files);
  const room = ({ length }: Uint8Array): number => 512 + Math.ceil(length / 512) * 512;
  const tar = new Uint8Array(entries.reduce((sum, [, content]) => sum + room(content), 1024));
  let at = 0;
  for (const [path, content] of entries) {
    const head = tar.subarray(at, at + 512);
    head.set(new TextEncoder().encode(path).subarray(0, 100));
    head.set(ascii('0000644\0'), 100);
    head.set(ascii(`${content.length.toString(8).padStart(11, '0')}\0`), 124);
    head.set(ascii(`        ${type}`), 148);
    head.set(ascii('ustar\u000000'), 257);
    const sum = head.reduce((all, byte) => all + byte, 0);
    head.set(ascii(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
    tar.set(content, at + 512);
    at += room(content);
  }
  return tar;
}
