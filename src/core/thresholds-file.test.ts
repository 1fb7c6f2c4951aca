import { expect, it } from 'vitest';
import { withCosts } from './costs.ts';
import { randomTrace } from './fixture.ts';
import type { Policy } from './policy.ts';
import { replay } from './replay.ts';
import { readThresholdsFile, thresholdsFile } from './thresholds-file.ts';

it('numbers of another unit than FLOPs are not called so, and the file is read as before', () => {
  const trace = randomTrace(60, 3);
  const policy: Policy = { rule: 'above', thresholds: [0.5, 0.4] };
  const write = (of: typeof trace) => thresholdsFile(of, policy, replay(of, policy), {});
  const plain = write(trace);
  expect(plain.exits[0]).toMatchObject({ flops: trace.exits[0]!.flops });
  expect(plain.measured).toHaveProperty('relativeFlops');
  const timed = write(
    withCosts(trace, { unit: 'ms', source: 'here', exits: [1, 2, 4], network: 3 }),
  );
  expect(timed.exits.map((exit) => ({ ...exit }))).toMatchObject([
    { cost: 1 },
    { cost: 2 },
    { cost: 4 },
  ]);
  expect(timed.measured).toMatchObject({ costUnit: 'ms' });
  expect(JSON.stringify(timed)).not.toMatch(/flops/i);
  for (const file of [plain, timed])
    expect(readThresholdsFile(JSON.parse(JSON.stringify(file)))).toMatchObject(policy);
});
