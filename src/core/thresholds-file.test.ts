import { describe, expect, it } from 'vitest';
import { withCosts } from './costs.ts';
import { randomTrace, withSecondJudge } from './fixture.ts';
import { decided } from './pairing.ts';
import { replay } from './replay.ts';
import { readThresholdsFile, thresholdsFile } from './thresholds-file.ts';
import type { Trace } from './trace.ts';

const trace = randomTrace(200, 3);
const policy = { rule: 'at-least', thresholds: [0.2, 0.25] } as const;
const costs = { unit: 'ms', source: 'a phone', exits: [2, 3, 10], network: 8 };
const write = (of: Trace) =>
  thresholdsFile(of, policy, replay(of, policy), { curve: 'frontier', setBy: 'person' });

describe('a file of thresholds', () => {
  const { meanFlops } = replay(trace, policy);
  const relative = meanFlops / trace.networkFlops;

  it('has FLOPs, and no other costs, where FLOPs are counted', () => {
    const file = write(trace);
    expect(file.measured.relativeFlops).toBeCloseTo(relative, 12);
    expect(file.exits.map(({ flops }) => flops)).toEqual([1000, 2000, 3000]);
    expect(file).not.toHaveProperty('cost');
    expect(file.measured).not.toHaveProperty('relativeCost');
  });

  it('keeps its FLOPs beside the costs that a person counts in', () => {
    const priced = withCosts(trace, costs);
    const file = write(priced);
    expect(file.measured.relativeFlops).toBeCloseTo(relative, 12);
    expect(file.measured.relativeCost).toBeCloseTo(replay(priced, policy).meanFlops / 8, 12);
    expect(file.cost).toEqual({ unit: 'ms', source: 'a phone', network: 8 });
    expect(file.exits.map(({ flops, cost }) => [flops, cost])).toEqual([
      [1000, 2],
      [2000, 3],
      [3000, 10],
    ]);
    // What says of a trace that its FLOPs are none must not say it of these.
    expect(file.provenance.options).not.toHaveProperty('cost');
    expect(readThresholdsFile(JSON.parse(JSON.stringify(file))).thresholds).toEqual([0.2, 0.25]);
  });

  it('keeps them of what two judges make of such a trace as well', () => {
    const pair = withSecondJudge(trace, 3, 'and-label');
    const one = decided(withCosts(pair, costs));
    expect(write(one).measured.relativeFlops).toBeCloseTo(
      replay(pair, policy).meanFlops / trace.networkFlops,
      12,
    );
  });

  it('has no FLOPs of a trace that came without, but what it counts in', () => {
    const seconds: Trace = {
      ...trace,
      provenance: { ...trace.provenance, options: { cost: 'seconds' } },
    };
    const file = write(seconds);
    expect(file.measured).not.toHaveProperty('relativeFlops');
    expect(file.exits[0]).not.toHaveProperty('flops');
    expect(file.measured.relativeCost).toBeCloseTo(relative, 12);
    expect(file.cost).toEqual({ unit: 'seconds', network: 3000 });
  });
});
