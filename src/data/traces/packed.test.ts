import { describe, expect, it } from 'vitest';
import { traceOf } from '../../core/fixture.ts';
import type { Trace } from '../../core/trace.ts';
import { packed, unpacked } from './packed.ts';
import type { OpenedRun } from './runs.ts';

describe('a run that is kept', () => {
  const one = traceOf([
    {
      label: 0,
      exits: [
        [0, 0.5],
        [1, 1],
      ],
    },
  ]);
  const count = 700_000;
  const test: Trace = {
    ...{ ...one, count, total: count, split: 'test' },
    label: new Uint8Array(count).fill(1),
    prediction: new Uint8Array(2 * count).map((_, i) => i % 2),
    confidence: new Float32Array(2 * count).map((_, i) => 1 / (i + 1)),
  };
  const run: OpenedRun = { traces: { test }, files: ['a.npz'], budget: null };

  const is = (a: ArrayBufferView, b: ArrayBufferView): boolean =>
    Buffer.from(a.buffer).equals(Buffer.from(b.buffer));

  it('is packed in turns and comes back as it was', async () => {
    let turns = 0;
    const kept = await packed(run, () => {
      turns++;
      return Promise.resolve();
    });
    // 0.7 MB of labels, 1.4 of predictions, 5.6 of confidences, a megabyte a turn.
    expect(turns).toBe(1 + 2 + 6);
    expect(kept.traces.test!.confidence).toBeInstanceOf(Blob);
    const back = await unpacked(kept);
    const { label, prediction, confidence, ...rest } = back.traces.test!;
    expect(is(label, test.label)).toBe(true);
    expect(is(prediction, test.prediction)).toBe(true);
    expect(is(confidence, test.confidence)).toBe(true);
    expect(test).toMatchObject(rest);
    expect(back.files).toEqual(['a.npz']);
  });

  it('keeps a second judge as the first, and reads the one that was kept as arrays', async () => {
    const second = {
      prediction: new Uint8Array(2 * count).map((_, i) => (i + 1) % 2),
      confidence: new Float32Array(2 * count).map((_, i) => i / 7),
    };
    let turns = 0;
    const kept = await packed({ ...run, traces: { test: { ...test, second } } }, () => {
      turns++;
      return Promise.resolve();
    });
    expect(turns).toBe(1 + 2 * (2 + 6));
    expect(kept.traces.test!.second!.confidence).toBeInstanceOf(Blob);
    const before = { ...kept, traces: { test: { ...kept.traces.test!, second } } } as typeof kept;
    for (const one of [kept, before]) {
      const back = (await unpacked(one)).traces.test!;
      expect(is(back.second!.prediction, second.prediction)).toBe(true);
      expect(is(back.second!.confidence, second.confidence)).toBe(true);
      expect(is(back.prediction, test.prediction)).toBe(true);
    }
    const cut = { ...second, confidence: second.confidence.subarray(1) };
    await expect(
      packed({ ...run, traces: { test: { ...test, second: cut } } }, () => Promise.resolve()).then(
        unpacked,
      ),
    ).rejects.toThrow('confidence by the second judge has 1399999 entries; expected 1400000');
  });

  it('is checked when it comes back, and one that holds its arrays itself too', async () => {
    expect((await unpacked(run)).traces.test!.label).toBe(test.label);
    const label = new Blob([new Uint8Array(3)]);
    const kept = await packed(run, () => Promise.resolve());
    const cut = { ...kept, traces: { test: { ...kept.traces.test!, label } } } as typeof kept;
    await expect(unpacked(cut)).rejects.toThrow('label has 3 entries; expected 700000');
  });
});
