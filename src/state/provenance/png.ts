/** Words inside of a PNG, as iTXt chunks (PNG specification, 11.3.3.4), which image programs show and keep. */
import { crc32 } from '../../data/formats/crc32.ts';
import { joined } from '../../fetch/body.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;
/** Length, type and check of a chunk, in bytes. */
const FRAME = 12;

const utf8 = new TextEncoder();

/** One chunk: keyword in Latin-1, no compression, no language; the text in UTF-8. */
function textChunk(keyword: string, text: string): Uint8Array {
  const name = Uint8Array.from(keyword, (letter) => letter.charCodeAt(0));
  const words = utf8.encode(text);
  // After the keyword: its end, not compressed, method 0, no language, no translated keyword.
  const length = name.length + 5 + words.length;
  const chunk = new Uint8Array(FRAME + length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, length);
  chunk.set(utf8.encode('iTXt'), 4);
  chunk.set(name, 8);
  chunk.set(words, 8 + name.length + 5);
  view.setUint32(8 + length, crc32(chunk.subarray(4, 8 + length)));
  return chunk;
}

/**
 * A PNG with texts, right after its header.
 * @param texts by keyword: 1 to 79 Latin letters, "Description" or "Source" as the specification has them.
 * @throws Error where the file is no PNG, or a keyword none.
 */
export function withTexts(
  png: Uint8Array,
  texts: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  if (!SIGNATURE.every((byte, at) => png[at] === byte))
    throw new Error('The picture does not begin as a PNG does; texts are written into a PNG.');
  const chunks = Object.entries(texts).map(([keyword, text]) => {
    if (!/^[!-~](?:[ -~]{0,77}[!-~])?$/.test(keyword))
      throw new Error(`The keyword “${keyword}” is not allowed; expected 1 to 79 Latin letters.`);
    return textChunk(keyword, text);
  });
  const header = new DataView(png.buffer, png.byteOffset).getUint32(SIGNATURE.length);
  const at = SIGNATURE.length + FRAME + header;
  return joined([png.subarray(0, at), ...chunks, png.subarray(at)]);
}
