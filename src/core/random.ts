/** Seeded random numbers: the same seed gives the same numbers in every browser and in Node. */

/** Uniform numbers in [0, 1). */
export type Random = () => number;

/** Mixes integers into one 32-bit seed, so that (seed, stream, index) triples give unrelated streams. */
export function mixSeeds(...parts: number[]): number {
  let h = 0x9e3779b9;
  for (const part of parts) {
    h = Math.imul(h ^ (part >>> 0), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h ^= h >>> 16;
  }
  return h >>> 0;
}

/**
 * The sfc32 generator (Chris Doty-Humphrey's "small fast chaotic" counter generator, 128 bits of state),
 * warmed up so that near seeds do not give near streams.
 */
export function randomFrom(seed: number): Random {
  let a = 0x6a09e667 ^ seed;
  let b = 0xbb67ae85 ^ Math.imul(seed, 0x27d4eb2f);
  let c = 0x3c6ef372;
  let counter = 1;
  const next = (): number => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** 0 … n − 1 in an order of its own (Fisher–Yates). */
export function shuffled(n: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** A standard normal number (Box–Muller; one of the pair is dropped, to stay stateless). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
