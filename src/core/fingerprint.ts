/**
 * Images by their content: copies of a dataset may hold their records in another order, so image i of a recorded trace
 * is found by a 32-bit fingerprint of its pixels. Not a checksum: it tells images apart, it does not prove anything.
 */
import { imageBytes, type ImageShape, type Split } from './dataset.ts';

/** MurmurHash3 x86_32, seed 0, of bytes [from, to): short, well spread, published test values. */
export function fingerprint(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let hash = 0;
  let at = from;
  for (const end = to - ((to - from) & 3); at < end; at += 4) {
    const word =
      bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    hash ^= scramble(word);
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  let rest = 0;
  for (let shift = 0; at < to; at++, shift += 8) rest |= bytes[at]! << shift;
  hash ^= scramble(rest) ^ (to - from);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function scramble(word: number): number {
  const product = Math.imul(word, 0xcc9e2d51);
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
}

/** The fingerprint of every image of a split [N]; the pixels alone count, not the label. */
export function fingerprintsOf(
  split: Pick<Split, 'images' | 'count'>,
  shape: ImageShape,
): Uint32Array {
  const { images, count } = split;
  const size = imageBytes(shape);
  const found = new Uint32Array(count);
  for (let i = 0; i < count; i++) found[i] = fingerprint(images, i * size, (i + 1) * size);
  return found;
}

export interface Matching {
  /** order[i]: index into the found images of the i-th expected one; −1 where it is missing. */
  readonly order: Int32Array;
  /** Expected images that are not among the found ones. */
  readonly missing: number;
}

/**
 * Finds expected images among others by their fingerprints. Each image found is taken once; of several alike, the
 * first expected takes the first found.
 */
export function matchImages(expected: Uint32Array, found: Uint32Array): Matching {
  /** First image with a fingerprint that nobody has taken yet; `next` leads from it to the one after. */
  const first = new Map<number, number>();
  const next = new Int32Array(found.length);
  for (let n = found.length - 1; n >= 0; n--) {
    next[n] = first.get(found[n]!) ?? -1;
    first.set(found[n]!, n);
  }
  let missing = 0;
  const order = Int32Array.from(expected, (print) => {
    const n = first.get(print) ?? -1;
    if (n < 0) missing++;
    else first.set(print, next[n]!);
    return n;
  });
  return { order, missing };
}
