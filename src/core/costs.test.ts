import { describe, expect, it } from 'vitest';
import { costSource, costUnit, relativeFlops, withCosts, withoutCosts } from './costs.ts';
import { readCosts } from './costs-text.ts';
import { traceOf, withSecondJudge } from './fixture.ts';
import { decided, underPairing } from './pairing.ts';
import { replay } from './replay.ts';

const image = (label: number, ...sure: number[]) => ({
  label,
  exits: sure.map((confidence) => [label, confidence] as const),
});
const trace = traceOf([image(0, 0.9, 0.1, 0), image(1, 0.2, 0.8, 0), image(2, 0.1, 0.1, 0)]);
const { exits } = trace;

describe('other costs', () => {
  const costs = { unit: 'ms', source: 'a phone, batch 1', exits: [2, 3, 10], network: 8 };

  it('stand in the place of FLOPs wherever a trace is replayed', () => {
    const measured = withCosts(trace, costs);
    const { meanFlops } = replay(measured, { rule: 'above', thresholds: [0.5, 0.5] });
    expect(meanFlops).toBeCloseTo((2 + 3 + 10) / 3, 12);
    expect([costUnit(trace), costUnit(measured)]).toEqual(['FLOPs', 'ms']);
    expect([costSource(trace), costSource(measured)]).toEqual([null, 'a phone, batch 1']);
    expect(measured.confidence).toBe(trace.confidence);
  });

  it('take the place of each other, and can be taken away', () => {
    const twice = withCosts(withCosts(trace, costs), { ...costs, unit: 'mJ', source: '' });
    expect(costUnit(twice)).toBe('mJ');
    expect(costSource(twice)).toBeNull();
    expect(withoutCosts(twice)).toBe(trace);
    expect(withoutCosts(trace)).toBe(trace);
  });

  it('can be taken away from what was made of such a trace', () => {
    const pair = withSecondJudge(trace, 1, 'and-label');
    const measured = withCosts(pair, costs);
    for (const made of [decided(measured), underPairing(measured, 'or')]) {
      expect(costUnit(made)).toBe('ms');
      const plain = withoutCosts(made);
      expect([costUnit(plain), costSource(plain), plain.networkFlops]).toEqual(['FLOPs', null, 3]);
      expect(plain.exits).toBe(exits);
      expect(plain.confidence).toBe(made.confidence);
      expect(plain.provenance.options.agreement).toBe(made.provenance.options.agreement);
      expect(withoutCosts(made)).toBe(plain);
    }
  });

  it('give way to those that a trace came with, which may be no FLOPs', () => {
    const options = { cost: 'seconds', seed: 1 };
    const own = { ...trace, provenance: { ...trace.provenance, options } };
    const copy = { ...withCosts(own, costs) };
    expect(withoutCosts(copy).provenance.options).toEqual(options);
    expect(relativeFlops(copy, { leaving: Uint32Array.of(3, 0, 0) })).toBeNull();
  });

  it('leave the FLOPs of an outcome to be told', () => {
    const leaving = Uint32Array.of(2, 0, 1);
    expect(relativeFlops(trace, { leaving })).toBeCloseTo((2 + 3) / 9, 12);
    expect(relativeFlops(withCosts(trace, costs), { leaving })).toBeCloseTo((2 + 3) / 9, 12);
  });

  it('are refused for other exits', () => {
    expect(() => withCosts(trace, { ...costs, exits: [1, 2] })).toThrow(
      'There are 2 costs, but fixture has 3 exits.',
    );
  });
});

describe('costs in a text', () => {
  it.each([
    ['1 2.5 4', [1, 2.5, 4], 4],
    ['1\n2,5\n4\n', [1, 2.5, 4], 4],
    ['1, 2.5, 4', [1, 2.5, 4], 4],
    ['exit2, 4\nexit0, 1\nexit1, 2e0', [1, 2, 4], 4],
    ['exit,ms\nexit0,1\nexit1,2\nexit2,4\nnetwork,3.5', [1, 2, 4], 3.5],
    ['exit0\t1\r\nexit1\t2\r\nexit2\t4', [1, 2, 4], 4],
    ['exit0;1,5\nexit1;2,5\nexit2;4,0', [1.5, 2.5, 4], 4],
    ['1 2 4\nnetwork 3', [1, 2, 4], 3],
  ])('%j', (text, found, network) => {
    expect(readCosts(text, exits)).toEqual({ exits: found, network });
  });

  it.each([
    ['', 'Expected 3 numbers, one for each exit (exit0 to exit2); there are 0.'],
    ['1 2', 'there are 2.'],
    ['1 2 3 4', 'there are 4.'],
    ['exit0 1\nexit1 2\nexit9 3', 'There is no exit “exit9”; there are exit0, exit1, exit2.'],
    ['exit0 1\nexit1 2', 'The cost of exit2 is missing.'],
    ['exit0 1\nexit0 2', 'exit0 has a cost already.'],
    ['exit0 1 2', 'exit0 has 2 numbers; expected one.'],
    ['exit0 1\n2\n3', 'Some lines have names and some have none.'],
    ['1\n-2\n3', 'Line 2 has a cost of -2; expected a number, 0 or more.'],
    ['1\nabout two\n3', 'Line 2 (“about two”) has no number.'],
    ['0 0 0', 'The plain network costs 0; expected more than 0.'],
    ['1 2 1e999', 'Line 1 has a cost of 1e999'],
  ])('%j is refused', (text, why) => {
    expect(() => readCosts(text, exits)).toThrow(why);
  });
});
