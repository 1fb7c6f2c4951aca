import { describe, expect, it } from 'vitest';
import { randomTrace } from './fixture.ts';
import { decodeTrace, encodeTrace } from './trace-file.ts';
import type { Trace } from './trace.ts';

function throughFile(trace: Trace): { trace: Trace; step: readonly number[]; bytes: number } {
  const { header, bytes } = encodeTrace(trace, null, 'uint16');
  const decoded = decodeTrace(JSON.parse(JSON.stringify(header)), bytes);
  return { trace: decoded.trace, step: header.arrays.confidence.step!, bytes: bytes.length };
}

describe('confidences as uint16', () => {
  const trace = randomTrace(500, 4);

  it('come back within half a step of their exit, labels untouched, in half the bytes', () => {
    const back = throughFile(trace);
    expect(back.trace.prediction).toEqual(trace.prediction);
    expect(back.trace.label).toEqual(trace.label);
    expect(back.bytes).toBe(500 * 4 * 3 + 500);
    trace.confidence.forEach((value, at) => {
      const half = back.step[Math.floor(at / 500)]! / 2;
      // A float32 near 1 is known to 6e-8.
      expect(Math.abs(back.trace.confidence[at]! - value)).toBeLessThanOrEqual(half + 6e-8);
    });
  });

  it('keep the order of the images at every exit, and its ends exactly', () => {
    const { confidence } = throughFile(trace).trace;
    for (let j = 0; j < 4; j++) {
      const exit = (values: Float32Array) => values.subarray(j * 500, (j + 1) * 500);
      const order = [...exit(trace.confidence).keys()].sort(
        (a, b) => exit(trace.confidence)[a]! - exit(trace.confidence)[b]!,
      );
      const sorted = order.map((i) => exit(confidence)[i]!);
      expect(sorted.every((value, n) => n === 0 || value >= sorted[n - 1]!)).toBe(true);
      expect(sorted[0]).toBe(Math.min(...exit(trace.confidence)));
      expect(sorted.at(-1)).toBe(Math.max(...exit(trace.confidence)));
    }
  });

  it('may be anything finite: entropies, negative numbers, the same number everywhere', () => {
    const values = [0, 2.302585, 1.5, -3e38, 3e38, 1e30, 0.25, 0.25, 0.25, -0.7, -0.1, -0.3];
    const odd = { ...randomTrace(3, 4), confidence: Float32Array.from(values) };
    const { confidence } = throughFile(odd).trace;
    expect([...confidence.subarray(6, 9)]).toEqual([0.25, 0.25, 0.25]);
    expect(confidence[3]).toBe(odd.confidence[3]);
    expect(confidence[2]).toBeCloseTo(1.5, 4);
    expect(confidence[11]).toBeCloseTo(-0.3, 4);
  });

  it('are refused when infinite, and with a scale that does not fit', () => {
    const endless = { ...trace, confidence: trace.confidence.with(7, Infinity) };
    expect(() => encodeTrace(endless, null, 'uint16')).toThrow(/exit 0 is infinite; .* float32/);
    expect(() => encodeTrace(endless)).not.toThrow();
    const { header, bytes } = encodeTrace(trace, null, 'uint16');
    const withScale = (scale: Record<string, unknown>) => ({
      ...header,
      arrays: { ...header.arrays, confidence: { ...header.arrays.confidence, ...scale } },
    });
    expect(() => decodeTrace(withScale({ minimum: [0] }), bytes)).toThrow(
      /confidence.minimum has 1 entries; expected 4/,
    );
    expect(() => decodeTrace(withScale({ step: undefined }), bytes)).toThrow(/step is missing/);
    expect(() => decodeTrace(withScale({ step: [1, -1, 1, 1] }), bytes)).toThrow(
      /step\[1\] is -1; expected 0 or more/,
    );
    expect(() => decodeTrace(withScale({ minimum: [0, null, 0, 0] }), bytes)).toThrow(
      /minimum\[1\] is null; expected a finite number/,
    );
    expect(() => decodeTrace(header, bytes.subarray(0, 999))).toThrow(/has only 999/);
  });
});

it('keeps the size of each exit where it is known', () => {
  const trace = randomTrace(5, 2);
  const [first, last] = trace.exits;
  const sized = { ...trace, exits: [{ ...first!, size: 4096 }, last!] };
  expect(throughFile(sized).trace.exits).toEqual(sized.exits);
});
