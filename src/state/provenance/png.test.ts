import { deflateSync, crc32 as zlibCrc32 } from 'node:zlib';
import { decode, encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { withTexts } from './png.ts';

const data = Uint8Array.from({ length: 12 }, (_, i) => 20 * i);
const png = encode({ width: 2, height: 2, channels: 3, data });

/** Type and content of every chunk, its check looked at. */
function chunksOf(file: Uint8Array): { type: string; content: Buffer }[] {
  const bytes = Buffer.from(file);
  const chunks = [];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const body = bytes.subarray(at + 4, at + 8 + length);
    expect(bytes.readUInt32BE(at + 8 + length)).toBe(zlibCrc32(body));
    chunks.push({ type: body.toString('latin1', 0, 4), content: body.subarray(4) });
    at += 12 + length;
  }
  return chunks;
}

describe('texts in a PNG', () => {
  it('stand behind its header as iTXt, and the picture is what it was', () => {
    const words = 'images: CIFAR-10\nnetwork: ResNet-18 × ¼';
    const written = withTexts(png, { Source: 'https://host.example/?a=1', Description: words });
    const chunks = chunksOf(written);
    expect(chunks.map(({ type }) => type).slice(0, 3)).toEqual(['IHDR', 'iTXt', 'iTXt']);
    expect(chunks.at(-1)!.type).toBe('IEND');
    expect(chunks[2]!.content.toString('utf8')).toBe(`Description\0\0\0\0\0${words}`);
    expect(decode(written).data).toEqual(decode(png).data);
  });

  it('are refused where they cannot be', () => {
    expect(() => withTexts(deflateSync(data), { Source: '' })).toThrow('does not begin as a PNG');
    expect(() => withTexts(png, { 'Größe ': 'x' })).toThrow('The keyword “Größe ” is not allowed');
  });
});
