import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeWithPackages } from '../../../cli/picture-codecs.ts';
import type { Bytes } from '../formats/bytes.ts';
import { decodePicture } from './decode.ts';
import { chunk, exifOf, linesOf, pattern, pngFile, pngOf } from './testing.ts';

const require = createRequire(import.meta.url);
const ascii = (text: string): Bytes => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
const joined = (...parts: ArrayLike<number>[]): Bytes =>
  Uint8Array.from(parts.flatMap((part) => Array.from(part)));
const from = (bytes: Bytes, at: number, ...values: number[]): Bytes => {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
};

let jpeg: Bytes;
let greyJpeg: Bytes;
let webp: Bytes;

beforeAll(async () => {
  decodeWithPackages();
  const wasm = async (path: string) => WebAssembly.compile(await readFile(require.resolve(path)));
  const { default: encodeJpeg, init } = await import('@jsquash/jpeg/encode.js');
  await init(await wasm('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm'));
  const { default: encodeWebp, init: initWebp } = await import('@jsquash/webp/encode.js');
  await initWebp(await wasm('@jsquash/webp/codec/enc/webp_enc.wasm'));
  const data = new Uint8ClampedArray(16 * 8 * 4).fill(255);
  for (let i = 0; i < 16 * 8; i++)
    data.set([10 * (i % 16), 20 * Math.floor(i / 16), i % 2 ? 90 : 60], 4 * i);
  const image: ImageData = { data, width: 16, height: 8, colorSpace: 'srgb' };
  jpeg = new Uint8Array(await encodeJpeg(image, { quality: 95 }));
  // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- grey; the enum has no value at run time
  greyJpeg = new Uint8Array(await encodeJpeg(image, { color_space: 1 }));
  webp = new Uint8Array(await encodeWebp(image, { lossless: 1, exact: 1 }));
}, 30_000);

describe('a picture', () => {
  it('of a lossless format has the very pixels', async () => {
    for (const raster of [pattern(5, 3, 3), pattern(7, 4, 1), pattern(1, 1, 3)])
      expect(await decodePicture(pngFile(raster), 'a.png')).toEqual(raster);
    const { pixels, ...shape } = await decodePicture(webp, 'a.webp');
    expect(shape).toEqual({ width: 16, height: 8, channels: 3 });
    expect([...pixels.subarray(0, 9)]).toEqual([0, 0, 60, 10, 0, 90, 20, 0, 60]);
  });

  it('as JPEG comes near to its pixels, in grey as grey', async () => {
    const { pixels, width, channels } = await decodePicture(jpeg, 'a.jpg');
    expect([width, channels]).toEqual([16, 3]);
    expect(Math.abs(pixels[3 * 8]! - 80)).toBeLessThan(12);
    expect((await decodePicture(greyJpeg, 'a.jpg')).channels).toBe(1);
  });

  it('is turned as its camera was held', async () => {
    // 1 2 / 3 4 / 5 6, stored two wide and three high.
    const stored = Uint8Array.of(1, 2, 3, 4, 5, 6);
    const lines = linesOf([0, 1, 2].map((y) => stored.subarray(2 * y, 2 * y + 2)));
    const seen = async (orientation: number, isLittle: boolean) => {
      const before = chunk('eXIf', exifOf(orientation, isLittle));
      const png = pngOf({ width: 2, height: 3, colours: 0, bits: 8, lines, before });
      const { width, pixels } = await decodePicture(png, 'a.png');
      return `${width}: ${pixels.join('')}`;
    };
    const all = ['2: 123456', '2: 214365', '2: 654321', '2: 563412'];
    const turned = ['3: 135246', '3: 531642', '3: 642531', '3: 246135'];
    for (const [i, expected] of [...all, ...turned].entries())
      for (const isLittle of [false, true]) expect(await seen(i + 1, isLittle)).toBe(expected);
    expect(await seen(9, false)).toBe(all[0]);
    const exif = joined([0xff, 0xe1, 0, 34], ascii('Exif\0\0'), exifOf(6));
    const held = joined(jpeg.subarray(0, 2), exif, jpeg.subarray(2));
    expect(await decodePicture(held, 'a.jpg')).toMatchObject({ width: 8, height: 16 });
  });

  it('of fewer or more bits, of a palette, interlaced or transparent has the colours that are seen', async () => {
    const two = { width: 2, height: 1 };
    const pixels = async (parts: Omit<Parameters<typeof pngOf>[0], 'width' | 'height'>) => [
      ...(await decodePicture(pngOf({ ...two, ...parts }), 'a.png')).pixels,
    ];
    const one = (row: number[]) => linesOf([row]);
    expect(await pixels({ colours: 0, bits: 1, lines: one([0b01000000]) })).toEqual([0, 255]);
    expect(await pixels({ colours: 0, bits: 2, lines: one([0b01100000]) })).toEqual([85, 170]);
    expect(await pixels({ colours: 0, bits: 4, lines: one([0x1f]) })).toEqual([17, 255]);
    expect(await pixels({ colours: 0, bits: 16, lines: one([1, 200, 255, 3]) })).toEqual([1, 255]);
    expect(await pixels({ colours: 4, bits: 8, lines: one([100, 255, 100, 0]) })).toEqual([
      100, 255,
    ]);
    const half = await pixels({ colours: 6, bits: 8, lines: one([0, 100, 255, 51, 9, 8, 7, 255]) });
    expect(half).toEqual([204, 224, 255, 9, 8, 7]);
    const palette = chunk('PLTE', [1, 2, 3, 40, 50, 60]);
    const indexed = { colours: 3, bits: 1, lines: one([0b01000000]) } as const;
    expect(await pixels({ ...indexed, before: palette })).toEqual([1, 2, 3, 40, 50, 60]);
    const clear = [...palette, ...chunk('tRNS', [0])];
    expect(await pixels({ ...indexed, before: clear })).toEqual([255, 255, 255, 40, 50, 60]);
    const key = chunk('tRNS', [0, 7]);
    expect(await pixels({ colours: 0, bits: 8, lines: one([7, 8]), before: key })).toEqual([
      255, 8,
    ]);
    // Two pixels lie in the first and the sixth pass.
    const passes = linesOf([[5], [6]]);
    expect(await pixels({ colours: 0, bits: 8, lines: passes, isInterlaced: true })).toEqual([
      5, 6,
    ]);
  });

  const png = pngFile(pattern(8, 8, 3));
  const webpHead = (size: number, ...rest: number[]) =>
    joined(ascii('RIFF'), [size, 0, 0, 0], ascii('WEBP'), rest, new Uint8Array(40));
  const broken: [what: string, bytes: () => Bytes, sentence: RegExp][] = [
    ['nothing', () => ascii(''), /^x is empty\.$/],
    [
      'text',
      () => ascii('Dear diary, today'),
      /^x is no picture: it holds text \(“Dear diary, today”\)\.$/,
    ],
    [
      'bytes',
      () => Uint8Array.of(1, 2, 3, 4),
      /^x is no picture that is read here .*: it starts with 0x01020304\.$/,
    ],
    ['a web page', () => ascii('<?xml version="1.0"?><svg></svg>'), /^x is a drawing/],
    ['a cut PNG', () => png.slice(0, 60), /^x is cut off/],
    ['a PNG that ends in its head', () => png.slice(0, 20), /^x is cut off/],
    [
      'a PNG of changed pixels',
      () => from(png, 50, 1, 2, 3),
      /^x is damaged: it begins as PNG, but cannot be decoded/,
    ],
    [
      'a PNG of no size',
      () => from(png, 16, 0, 0, 0, 0),
      /^x says that it is 0 × 8 pixels: damaged\.$/,
    ],
    [
      'a PNG bomb',
      () => from(png, 16, 0, 1, 0, 0, 0, 1, 0, 0),
      /^x says that it is 65,536 × 65,536 pixels; at most/,
    ],
    [
      'an interlaced PNG of few bits',
      () =>
        pngOf({
          width: 2,
          height: 1,
          colours: 0,
          bits: 1,
          lines: linesOf([[1]]),
          isInterlaced: true,
        }),
      /^x is an interlaced PNG of 1 bits a pixel/,
    ],
    [
      'a palette without the colour',
      () =>
        pngOf({
          width: 1,
          height: 1,
          colours: 3,
          bits: 8,
          lines: linesOf([[3]]),
          before: chunk('PLTE', [1, 2, 3]),
        }),
      /^x is damaged: .*colour 3 of a palette of 1/,
    ],
    ['a cut JPEG', () => jpeg.slice(0, jpeg.length - 40), /^x is cut off/],
    ['a JPEG that ends in its head', () => jpeg.slice(0, 30), /^x is cut off/],
    [
      'a JPEG of garbage',
      () => joined(jpeg.subarray(0, 2), [1, 2, 3, 4, 5]),
      /^x is damaged: a segment/,
    ],
    ['a JPEG of print', () => cmyk(jpeg), /^x is a JPEG in the colours of print \(CMYK\)/],
    [
      'a JPEG of twelve bits',
      () => from(jpeg, frameAt(jpeg) + 4, 12),
      /^x is a JPEG of 12 bits a colour/,
    ],
    [
      'a JPEG of broken tables',
      () => brokenTables(jpeg),
      /^x is damaged: it begins as JPEG, but cannot be decoded/,
    ],
    [
      'an animated WebP',
      () => webpHead(52, ...ascii('VP8X'), 10, 0, 0, 0, 2),
      /^x is an animation \(WebP\)/,
    ],
    ['a cut WebP', () => webp.slice(0, webp.length - 5), /^x is cut off/],
    [
      'a WebP without a picture',
      () => webpHead(44, ...ascii('ABCD'), 4, 0, 0, 0),
      /^x is damaged: its WebP holds no picture/,
    ],
    [
      'HEIC',
      () => joined([0, 0, 0, 24], ascii('ftypheic'), new Uint8Array(60)),
      /^x is a HEIC picture/,
    ],
    ['TIFF', () => ascii('II*\0aaaaaaaa'), /^x is a TIFF picture/],
    [
      'GIF where no browser is',
      () => joined(ascii('GIF89a'), [4, 0, 4, 0, 0, 0, 0]),
      /^x is a GIF picture, which only a browser decodes/,
    ],
  ];

  it.each(broken)('that is %s is refused with one sentence', async (_, bytes, sentence) => {
    const said = await decodePicture(bytes(), 'x').then(
      () => 'nothing',
      (error: unknown) => (error instanceof Error ? `${error.name} ${error.message}` : ''),
    );
    expect(said.replace('DataError ', '')).toMatch(sentence);
    expect(said).toMatch(/^DataError .*\.$/s);
    // What comes next is decoded all the same.
    expect((await decodePicture(jpeg, 'a.jpg')).width).toBe(16);
  });

  it('of many pixels is decoded', async () => {
    const row = new Uint8Array(4096).fill(77);
    const lines = new Uint8Array(4096 * 4097);
    for (let y = 0; y < 4096; y++) lines.set(row, y * 4097 + 1);
    const large = pngOf({ width: 4096, height: 4096, colours: 0, bits: 8, lines });
    const { width, pixels } = await decodePicture(large, 'a.png');
    expect([width, pixels.length, pixels[4096 * 4096 - 1]]).toEqual([4096, 4096 ** 2, 77]);
  });
});

/** Where the frame header of a JPEG begins. */
function frameAt(bytes: Bytes): number {
  for (let at = 2; ; at += 2 + bytes[at + 2]! * 256 + bytes[at + 3]!)
    if (bytes[at + 1]! >= 0xc0 && bytes[at + 1]! <= 0xc2) return at;
}

function cmyk(bytes: Bytes): Bytes {
  return from(bytes, frameAt(bytes) + 9, 4);
}

function brokenTables(bytes: Bytes): Bytes {
  const at = frameAt(bytes);
  return from(bytes, at + 11, 0x99, 9);
}
