import { describe, expect, it } from 'vitest';
import { decodeTrace, encodeTrace } from './trace-file.ts';
import { firstNotDearer, type Trace } from './trace.ts';

const trace: Trace = {
  dataset: 'strokes',
  network: 'tiny',
  method: 'e2cm',
  split: 'test',
  classes: ['a', 'b', 'c'],
  count: 3,
  total: 5,
  exits: [
    { name: 'conv1', stage: 0, flops: 100 },
    { name: 'classifier', stage: 2, flops: 250.5 },
  ],
  networkFlops: 240,
  label: Uint8Array.of(0, 1, 2),
  prediction: Uint8Array.of(0, 2, 2, 0, 1, 2),
  confidence: Float32Array.of(0.34, 0.35, 0.5, 0.9, 0.8, 1),
  provenance: {
    commit: 'abc1234',
    backend: 'CPU · wasm ×2',
    seed: 1,
    trainImages: 12,
    options: { label: 'normalised', trainImages: 0, raw: false },
  },
};

function written() {
  const { header, bytes } = encodeTrace(trace, { epochs: 6 });
  return { header: JSON.parse(JSON.stringify(header)) as Record<string, unknown>, bytes };
}

describe('a recorded trace', () => {
  it('comes back as it was written, also from an unaligned view', () => {
    const { header, bytes } = written();
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeTrace(header, shifted.subarray(3))).toEqual({ trace, budget: { epochs: 6 } });
  });

  it('keeps what a second judge says, under the later format alone', () => {
    const second = {
      prediction: Uint8Array.of(1, 1, 2, 0, 1, 2),
      confidence: Float32Array.of(0.25, 0.5, 0.75, 0.1, 0.2, 0.3),
    };
    for (const type of ['float32', 'uint16'] as const) {
      const { header, bytes } = encodeTrace({ ...trace, second }, null, type);
      expect(header.format).toBe('offramp-trace/2');
      const back = decodeTrace(JSON.parse(JSON.stringify(header)), bytes).trace;
      expect(back.second!.prediction).toEqual(second.prediction);
      second.confidence.forEach((c, at) => expect(back.second!.confidence[at]).toBeCloseTo(c, 4));
      expect(back.label).toEqual(trace.label);
      const earlier = { ...header, format: 'offramp-trace/1' };
      expect(() => decodeTrace(earlier, bytes)).toThrow(/secondConfidence, which belongs to/);
      const cut = { ...header, arrays: { ...header.arrays, secondPrediction: undefined } };
      expect(() => decodeTrace(cut, bytes)).toThrow(/arrays\.secondPrediction/);
    }
  });

  it('has little-endian arrays where the header says', () => {
    const { header, bytes } = encodeTrace(trace);
    const { confidence, prediction, label } = header.arrays;
    expect(new DataView(bytes.buffer).getFloat32(confidence.offset + 4, true)).toBeCloseTo(0.35);
    expect([...bytes.subarray(prediction.offset, prediction.offset + 6)]).toEqual([
      0, 2, 2, 0, 1, 2,
    ]);
    expect([...bytes.subarray(label.offset)]).toEqual([0, 1, 2]);
    expect(header.budget).toBeNull();
  });

  it.each<[string, (header: Record<string, unknown>) => void, RegExp]>([
    [
      'another format',
      (h) => (h.format = 'other/2'),
      /format "other\/2"; expected "offramp-trace\/1"/,
    ],
    ['a forged count', (h) => (h.count = 1e12), /total is 5, less than count/],
    ['a huge count', (h) => Object.assign(h, { count: 1e9, total: 1e9 }), /too large/],
    ['a wrong length', (h) => (h.count = 2), /arrays.label.length is 3; expected 2/],
    ['a fraction', (h) => (h.count = 2.5), /count is 2.5; expected a whole number/],
    ['an unknown split', (h) => (h.split = 'all'), /split is "all"/],
    ['no arrays', (h) => delete h.arrays, /arrays is missing; expected an object/],
    [
      'a negative cost',
      (h) => ((h.exits as { flops: number }[])[1]!.flops = -1),
      /Exit 1 \(classifier\)/,
    ],
    [
      'more exits than can be shown',
      (h) => (h.exits = Array.from({ length: 201 }, () => ({ name: 'exit', flops: 1 }))),
      /201 exits; at most 200/,
    ],
    [
      'more classes than two bytes hold',
      (h) => (h.classes = Array.from({ length: 65_537 }, (_, k) => `${k}`)),
      /65537 classes; 2 to 65536/,
    ],
    [
      'an unknown rule',
      (h) => (h.rule = 'over'),
      /rule is "over"; expected above, at-least, below/,
    ],
    ['two classes only', (h) => (h.classes = ['a', 'b']), /Image 2 has label 2/],
    ['a provenance of another kind', (h) => (h.provenance = 7), /provenance is 7/],
    ['a day that is none', (h) => (h.provenance = { day: 'today' }), /provenance\.day is .*today/],
  ])('is refused in a sentence: %s', (_, spoil, sentence) => {
    const { header, bytes } = written();
    spoil(header);
    expect(() => decodeTrace(header, bytes)).toThrow(sentence);
  });

  it('of another program opens without a provenance, budget or seed, and with costs that fall', () => {
    const { header, bytes } = written();
    delete header.provenance;
    delete header.budget;
    delete header.total;
    (header.exits as { flops: number }[])[1]!.flops = 50;
    const read = decodeTrace(header, bytes);
    expect(read.budget).toBeNull();
    expect(read.trace.provenance).toEqual({
      ...{ commit: 'not stated', backend: 'not stated', seed: null },
      ...{ trainImages: 0, options: {} },
    });
    expect(firstNotDearer(read.trace)).toBe(1);
    expect(firstNotDearer(trace)).toBeNull();
  });

  it('says its rule in a field of its own or among its options, and what its confidences are', () => {
    const { header, bytes } = written();
    expect(decodeTrace({ ...header, rule: 'below', unit: 'entropy' }, bytes).trace).toMatchObject({
      rule: 'below',
      unit: 'entropy',
    });
    const provenance = { ...trace.provenance, options: { rule: 'at-least' } };
    expect(decodeTrace({ ...header, provenance }, bytes).trace.rule).toBe('at-least');
    expect(decodeTrace(header, bytes).trace).not.toHaveProperty('rule');
  });

  it('stays the same text and bytes, read and written again, in whatever order its fields came', () => {
    const { header, bytes } = encodeTrace({ ...trace, rule: 'below', unit: 'nats' }, { epochs: 6 });
    const text = JSON.stringify(header);
    const shuffled = Object.fromEntries(Object.entries(header).reverse());
    const read = decodeTrace(shuffled, bytes);
    const again = encodeTrace(read.trace, read.budget);
    expect(JSON.stringify(again.header)).toBe(text);
    expect(again.bytes).toEqual(bytes);
  });

  it('is refused when truncated, or when a confidence is not a number', () => {
    const { header, bytes } = written();
    expect(() => decodeTrace(header, bytes.subarray(0, 20))).toThrow(/has only 20/);
    new DataView(bytes.buffer).setFloat32(0, NaN, true);
    expect(() => decodeTrace(header, bytes)).toThrow(/not a number/);
    expect(() => decodeTrace('text', bytes)).toThrow(/the trace header is "text"/);
  });
});

it('of a thousand classes comes back with labels and predictions of two bytes', () => {
  const classes = Array.from({ length: 1000 }, (_, k) => `c${k}`);
  const wide: Trace = {
    ...trace,
    classes,
    label: Uint16Array.of(0, 999, 256),
    prediction: Uint16Array.of(1, 2, 3, 999, 998, 255),
  };
  const { header, bytes } = encodeTrace(wide);
  expect(header.arrays.label.dtype).toBe('uint16');
  expect(decodeTrace(JSON.parse(JSON.stringify(header)), bytes).trace).toEqual(wide);
  const forged = { ...header, classes: classes.slice(0, 999) };
  expect(() => decodeTrace(forged, bytes)).toThrow(/Image 1 has label 999, but there are only 999/);
});
