import { describe, expect, it } from 'vitest';
import { buffersOf, withOwnArrays } from './buffers.ts';

describe('buffersOf', () => {
  it('finds arrays and buffers however deep they lie, in lists, maps and sets too', () => {
    const [a, b, c, d] = [new Uint8Array(1), new Float32Array(2), new ArrayBuffer(3), [1, 2]];
    const e = new DataView(new ArrayBuffer(4));
    const value = {
      ...{ count: 3, name: 'x', nothing: null, numbers: d },
      traces: [{ trace: { exits: [{ name: 'a' }], label: a, deeper: { one: { more: b } } } }],
      beside: new Map([['c', new Set([c, e])]]),
    };
    expect(new Set(buffersOf(value))).toEqual(new Set([a.buffer, b.buffer, c, e.buffer]));
    const moved = structuredClone(value, { transfer: buffersOf(value) });
    expect([a.length, c.byteLength]).toEqual([0, 0]);
    expect(moved.traces[0]!.trace.deeper.one.more).toHaveLength(2);
  });

  it('names a buffer once that several arrays share, and an array that is there twice', () => {
    const buffer = new ArrayBuffer(8);
    const parts = [new Uint8Array(buffer, 0, 4), new Uint8Array(buffer, 4)];
    const value = { parts, again: { parts, first: parts[0] }, buffer };
    expect(buffersOf(value)).toEqual([buffer]);
    expect(structuredClone(value, { transfer: buffersOf(value) }).parts[1]).toHaveLength(4);
  });

  it('leaves shared memory, blobs and what is cloned in a way of its own', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(4));
    expect(buffersOf([shared, new Blob(['a']), new Date(0), /a/])).toEqual([]);
  });

  it('ends where objects hold each other, and where they are too deep or too many', () => {
    const loop: Record<string, unknown> = { array: new Uint8Array(2) };
    loop['self'] = [loop];
    expect(buffersOf(loop)).toHaveLength(1);
    let deep: unknown = new Uint8Array(1);
    for (let n = 0; n < 20; n++) deep = { deep };
    expect(buffersOf(deep)).toEqual([]);
    const many = Array.from({ length: 200_000 }, () => ({ a: 1 }));
    expect(buffersOf({ many, last: new Uint8Array(1) }).length).toBeLessThanOrEqual(1);
  });
});

it('a value with arrays of its own can be handed over, and what it is of stays', () => {
  const blob = new Blob(['a']);
  const value = {
    runs: [
      { label: new Uint8Array([1, 2]), part: new Float32Array([1, 2, 3]).subarray(1), name: 'x' },
    ],
    ...{ blob, nothing: null, places: ['a'] },
  };
  const own = withOwnArrays(value);
  expect(own).toEqual(value);
  expect(own.blob).toBe(blob);
  expect(buffersOf(own)).toHaveLength(2);
  const there = structuredClone(own.runs, { transfer: buffersOf(own) });
  expect([...there[0]!.part]).toEqual([2, 3]);
  expect(there[0]!.part.buffer.byteLength).toBe(8);
  expect([value.runs[0]!.label.length, own.runs[0]!.label.length]).toEqual([2, 0]);
});
