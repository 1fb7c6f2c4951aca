import { describe, expect, it } from 'vitest';
import { halves } from './half.ts';
import { checkScores, decodeScores, encodeScores, keepRows, withScores } from './kept-scores.ts';
import { decodeTrace, encodeTrace } from './trace-file.ts';
import type { Trace } from './trace.ts';

/** Two images, two exits, three classes. */
const logits = [[2, 1, 0], [0.5, 20.25, 20.125], [-1, -2, 7], [0, 3, 3]] as const; // prettier-ignore
const trace: Trace = {
  ...{ dataset: 'd', network: 'n', method: 'max-softmax', rule: 'at-least', split: 'test' },
  ...{ classes: ['a', 'b', 'c'], count: 2, total: 2, networkFlops: 2 },
  exits: [
    { name: 'first', stage: 0, flops: 1 },
    { name: 'last', stage: 1, flops: 2 },
  ],
  label: Uint8Array.of(0, 1),
  prediction: Uint8Array.of(0, 1, 2, 1),
  confidence: Float32Array.of(0.6, 0.5, 0.9, 0.4),
  provenance: { commit: 'c', backend: 'b', seed: null, trainImages: 0, options: {} },
};

function kept(kind: 'logits' | 'probs' = 'logits', rows: readonly (readonly number[])[] = logits) {
  const scores = new Uint16Array(12);
  const values = rows.flat();
  for (const j of [0, 1])
    keepRows(
      { values, first: 6 * j, step: 3 },
      { kind, images: 2, classes: 3 },
      { scores, to: 6 * j },
    );
  return scores;
}

const numbersOf = (scores: Uint16Array): number[] => [...scores].map((bits) => halves()[bits]!);

function written() {
  const { header, bytes } = encodeTrace(trace);
  const scores = encodeScores(kept());
  const file = new Uint8Array(bytes.length + scores.length);
  file.set(bytes);
  file.set(scores, bytes.length);
  const json = JSON.stringify(withScores(header, bytes.length, scores.length / 2));
  return { json: JSON.parse(json) as Record<string, unknown>, file };
}

describe('kept scores', () => {
  it('are logits less their greatest, or the logarithms of probabilities', () => {
    expect(numbersOf(kept())).toEqual([0, -1, -2, -19.75, 0, -0.125, -8, -9, 0, -3, 0, 0]);
    const probs = numbersOf(kept('probs', [[0.5, 0.25, 0.25], [0, 0, 1], [0, 1, 0], [1, 0, 0]])); // prettier-ignore
    expect(probs[1]).toBeCloseTo(-Math.LN2, 3);
    expect(probs.slice(3, 6)).toEqual([-65_504, -65_504, 0]);
  });

  it('come back from a file as they were, and the trace with them', () => {
    const { json, file } = written();
    expect(json.format).toBe('offramp-trace/2');
    const { trace: read } = decodeTrace(json, file);
    expect(read).toEqual(trace);
    expect(decodeScores(json, file, read)).toEqual(kept());
    const { header, bytes } = encodeTrace(trace);
    expect(header.format).toBe('offramp-trace/1');
    expect(decodeScores(header, bytes, trace)).toBeNull();
  });

  type Entry = Record<string, unknown>;
  it.each<[string, (header: Entry, scores: Entry) => void, RegExp]>([
    ['of the other format', (h) => (h.format = 'offramp-trace/1'), /belongs to "offramp-trace\/2"/],
    [
      'of another type',
      (_, s) => (s.dtype = 'float32'),
      /scores\.dtype is "float32"; expected float16/,
    ],
    [
      'of another length',
      (_, s) => (s.length = 8),
      /scores\.length is 8; expected 12 \(exits × images × classes\)/,
    ],
    [
      'that claim to lie elsewhere',
      (_, s) => (s.offset = 1e9),
      /The array scores ends at byte 1000000024, but/,
    ],
    ['at no place', (_, s) => (s.offset = -2), /scores\.offset is -2; expected a whole number/],
    [
      'that are no entry',
      (h) => ((h.arrays as Entry).scores = 7),
      /arrays\.scores is 7; expected an object/,
    ],
  ])('%s are refused', (_what, change, sentence) => {
    const { json, file } = written();
    change(json, (json.arrays as { scores: Entry }).scores);
    expect(() => decodeScores(json, file, trace)).toThrow(sentence);
  });

  it('that a header of many classes claims are refused before room is made for them', () => {
    const { json, file } = written();
    const many = { ...trace, classes: Array.from({ length: 65_536 }, String), count: 100_000 };
    expect(() => decodeScores(json, file, many)).toThrow(/claims 13107200000 scores; at most/);
  });

  it.each([
    ['NaN', 5, 0x7e00, /score of image 1 at exit first for class 2 is NaN; expected a finite/],
    ['infinite', 11, 0x7c00, /score of image 1 at exit last for class 2 is Infinity/],
    [
      'of another trace',
      1,
      0x4000,
      /Image 0 at exit first is predicted as class 0, but class 1 has/,
    ],
  ])('that are %s are refused', (_what, at, bits, sentence) => {
    const scores = kept();
    scores[at] = bits;
    expect(() => checkScores(trace, scores)).toThrow(sentence);
  });
});
