/** Smaller PNGs: a palette of the picture's own commonest colours. */
import { crc32, deflateSync } from 'node:zlib';

const COLOURS = 256;
/** So many of the commonest colours stay exactly what they are: papers, inks, lines. */
const EXACT = 64;
/** Of the others each channel is rounded to multiples of this: noise packs better, and nobody sees it. */
const STEP = 12;

/** Packs RGBA pixels (opaque) into an indexed PNG. */
export function palettePng(rgba: Uint8Array, width: number, height: number): Buffer {
  const pixels = new Uint32Array(width * height);
  for (let i = 0; i < pixels.length; i++)
    pixels[i] = (rgba[4 * i]! << 16) | (rgba[4 * i + 1]! << 8) | rgba[4 * i + 2]!;
  const exact = new Set(commonest(pixels, EXACT));
  const coarse = pixels.map((colour) => (exact.has(colour) ? colour : rounded(colour)));
  const rest = commonest(
    coarse.filter((colour) => !exact.has(colour)),
    COLOURS - exact.size,
  );
  const palette = [...exact, ...rest];
  const index = new Map(palette.map((colour, i) => [colour, i]));
  // One byte before each row: filter 0, as it is.
  const rows = Buffer.alloc((width + 1) * height);
  for (let i = 0; i < coarse.length; i++) {
    const colour = coarse[i]!;
    if (!index.has(colour)) index.set(colour, nearest(palette, colour));
    rows[Math.floor(i / width) * (width + 1) + 1 + (i % width)] = index.get(colour)!;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255]))),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The commonest colours 0xRRGGBB, the first one first. */
function commonest(pixels: Uint32Array, most: number): number[] {
  const counts = new Map<number, number>();
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, most)
    .map(([colour]) => colour);
}

function rounded(colour: number): number {
  return [16, 8, 0].reduce((sum, shift) => {
    const channel = Math.round(((colour >> shift) & 255) / STEP) * STEP;
    return sum | (Math.min(255, channel) << shift);
  }, 0);
}

function nearest(palette: readonly number[], colour: number): number {
  const distance = (other: number): number =>
    [16, 8, 0].reduce((sum, s) => sum + (((other >> s) & 255) - ((colour >> s) & 255)) ** 2, 0);
  let best = 0;
  palette.forEach((other, i) => {
    if (distance(other) < distance(palette[best]!)) best = i;
  });
  return best;
}

function chunk(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length);
  head.write(type, 4, 'latin1');
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(crc32(data, crc32(head.subarray(4))));
  return Buffer.concat([head, data, tail]);
}
