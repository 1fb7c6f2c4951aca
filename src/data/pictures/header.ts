/** What a picture file says of itself before it is decoded: its kind, its size, and why it cannot be read here. */
import { DataError, grouped } from '../errors.ts';
import type { Bytes } from '../formats/bytes.ts';

export type PictureKind = 'PNG' | 'JPEG' | 'WebP' | 'GIF' | 'BMP' | 'AVIF';

export interface PictureHeader {
  readonly kind: PictureKind;
  /** In pixels, as stored; null where only a decoder knows (AVIF). */
  readonly size: { readonly width: number; readonly height: number } | null;
  /** Whether it says that it has no colours; null where only a decoder knows. */
  readonly isGrey: boolean | null;
  /** Where the EXIF data begin (a TIFF header); null where there are none. */
  readonly exif: number | null;
}

/** Most pixels that are decoded: four bytes each must fit into memory. */
const MOST_PIXELS = 100_000_000;

/**
 * Reads the header of a whole picture file.
 * @throws DataError with a sentence when it is none that is read here, cut off, or too large.
 */
export function readHeader(bytes: Bytes, path: string): PictureHeader {
  const header = headerOf(bytes, path);
  const { size } = header;
  if (size && !(size.width > 0 && size.height > 0))
    throw new DataError(`${path} says that it is ${size.width} × ${size.height} pixels: damaged.`);
  if (size && size.width * size.height > MOST_PIXELS)
    throw new DataError(
      `${path} says that it is ${grouped(size.width)} × ${grouped(size.height)} pixels; at most ` +
        `${grouped(MOST_PIXELS)} in all are decoded here. Make it smaller.`,
    );
  return header;
}

function headerOf(bytes: Bytes, path: string): PictureHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (from: number, to: number): string =>
    String.fromCharCode(...bytes.subarray(from, to));
  if (bytes.length === 0) throw new DataError(`${path} is empty.`);
  if (bytes[0] === 0x89 && text(1, 4) === 'PNG') return png(view, text, path);
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpeg(view, text, path);
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return webp(view, text, path);
  if (text(0, 4) === 'GIF8' && bytes.length > 10)
    return plain('GIF', view.getUint16(6, true), view.getUint16(8, true));
  if (text(0, 2) === 'BM' && bytes.length > 26 && bytes[14]! >= 40)
    return plain('BMP', Math.abs(view.getInt32(18, true)), Math.abs(view.getInt32(22, true)));
  if (text(4, 8) === 'ftyp') {
    const brands = text(8, 64);
    if (/avi[fs]/.test(brands))
      return { ...{ kind: 'AVIF', size: null, isGrey: null, exif: null } };
    throw new DataError(
      `${path} is a HEIC picture, which is not read here. Save it as JPEG or PNG.`,
    );
  }
  if (['II*\0', 'MM\0*'].includes(text(0, 4)))
    throw new DataError(`${path} is a TIFF picture, which is not read here. Save it as PNG.`);
  const start = text(0, 200);
  if (/<svg|<\?xml/.test(start))
    throw new DataError(`${path} is a drawing (SVG or XML), not made of pixels. Save it as PNG.`);
  // eslint-disable-next-line no-control-regex
  const isText = !/[\u0000-\u0008\u000e-\u001f\u007f-\u00ff]/.test(start);
  throw new DataError(
    isText
      ? `${path} is no picture: it holds text (“${start.trim().slice(0, 20)}”).`
      : `${path} is no picture that is read here (PNG, JPEG, WebP): it starts with 0x${hexOf(bytes)}.`,
  );
}

type TextOf = (from: number, to: number) => string;

const plain = (kind: PictureKind, width: number, height: number): PictureHeader => ({
  ...{ kind, size: { width, height }, isGrey: null, exif: null },
});

const hexOf = (bytes: Bytes): string =>
  [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

const cutOff = (path: string): DataError =>
  new DataError(`${path} is cut off: it ends before the picture does. Copy or download it again.`);

/** Chunks of length, name, content, CRC (PNG specification, section 5). */
function png(view: DataView, text: TextOf, path: string): PictureHeader {
  if (view.byteLength < 33) throw cutOff(path);
  let exif: number | null = null;
  let isWhole = false;
  for (let at = 8; at + 12 <= view.byteLength; at += 12 + view.getUint32(at)) {
    const name = text(at + 4, at + 8);
    if (name === 'eXIf') exif = at + 8;
    if (name === 'IEND') isWhole = true;
  }
  if (!isWhole) throw cutOff(path);
  const size = { width: view.getUint32(16), height: view.getUint32(20) };
  return { kind: 'PNG', size, isGrey: [0, 4].includes(view.getUint8(25)), exif };
}

/** Segments of marker, length, content up to the scan (ITU-T T.81, annex B). */
function jpeg(view: DataView, text: TextOf, path: string): PictureHeader {
  let exif: number | null = null;
  let frame: { width: number; height: number; components: number } | null = null;
  let at = 2;
  for (;;) {
    if (at + 4 > view.byteLength) throw cutOff(path);
    if (view.getUint8(at) !== 0xff)
      throw new DataError(`${path} is damaged: a segment of the JPEG is where none can be.`);
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xda) break;
    if (marker === 0xe1 && text(at + 4, at + 8) === 'Exif') exif = at + 10;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      if (at + 10 > view.byteLength) throw cutOff(path);
      const bits = view.getUint8(at + 4);
      if (bits !== 8)
        throw new DataError(`${path} is a JPEG of ${bits} bits a colour; 8 are read here.`);
      frame = {
        ...{ height: view.getUint16(at + 5), width: view.getUint16(at + 7) },
        components: view.getUint8(at + 9),
      };
    }
    at += 2 + view.getUint16(at + 2);
  }
  if (!frame) throw new DataError(`${path} is damaged: its JPEG has no frame.`);
  if (frame.components === 4)
    throw new DataError(
      `${path} is a JPEG in the colours of print (CMYK), which is not read here. Save it in RGB.`,
    );
  // Thumbnails have an end of their own, before the scan.
  let end = view.byteLength - 2;
  while (end > at && !(view.getUint8(end) === 0xff && view.getUint8(end + 1) === 0xd9)) end--;
  if (end <= at) throw cutOff(path);
  const { width, height, components } = frame;
  return { kind: 'JPEG', size: { width, height }, isGrey: components === 1, exif };
}

/** Chunks of name, length, content (RFC 9649). */
function webp(view: DataView, text: TextOf, path: string): PictureHeader {
  if (view.byteLength < 30 || view.byteLength < view.getUint32(4, true) + 8) throw cutOff(path);
  let exif: number | null = null;
  let size: { width: number; height: number } | null = null;
  for (let at = 12; at + 8 <= view.byteLength;) {
    const name = text(at, at + 4);
    const length = view.getUint32(at + 4, true);
    const from = at + 8;
    if (name === 'VP8X' && (view.getUint8(from) & 2) !== 0)
      throw new DataError(`${path} is an animation (WebP); a single picture is expected.`);
    if (name === 'EXIF') exif = text(from, from + 4) === 'Exif' ? from + 6 : from;
    if (name === 'VP8 ')
      size = {
        width: view.getUint16(from + 6, true) & 0x3fff,
        height: view.getUint16(from + 8, true) & 0x3fff,
      };
    if (name === 'VP8L') {
      const bits = view.getUint32(from + 1, true);
      size = { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
    }
    at = from + length + (length & 1);
  }
  if (!size) throw new DataError(`${path} is damaged: its WebP holds no picture.`);
  return { kind: 'WebP', size, isGrey: false, exif };
}
