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
    const is = (a: ArrayBufferView, b: ArrayBufferView): boolean =>
      Buffer.from(a.buffer).equals(Buffer.from(b.buffer));
    expect(is(label, test.label)).toBe(true);
    expect(is(prediction, test.prediction)).toBe(true);
    expect(is(confidence, test.confidence)).toBe(true);
    expect(test).toMatchObject(rest);
    expect(back.files).toEqual(['a.npz']);
  });

  it('is checked when it comes back, and one that holds its arrays itself too', async () => {
    expect((await unpacked(run)).traces.test!.label).toBe(test.label);
    const label = new Blob([new Uint8Array(3)]);
    const kept = await packed(run, () => Promise.resolve());
    const cut = { ...kept, traces: { test: { ...kept.traces.test!, label } } } as typeof kept;
    await expect(unpacked(cut)).rejects.toThrow('label has 3 entries; expected 700000');
  });
});
