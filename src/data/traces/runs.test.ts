import { describe, expect, it } from 'vitest';
import { randomTrace } from '../../core/fixture.ts';
import type { Trace } from '../../core/trace.ts';
import { paired, runsOf, type OpenedRun } from './runs.ts';

const run = (change: Partial<Trace> = {}, count = 20, seed = 1): OpenedRun => {
  const trace = { ...randomTrace(count, 3, 4, seed), rule: 'above', ...change } as const;
  const scores = new Blob([trace.split]);
  return runsOf([{ trace, budget: null, file: `${trace.network}-${trace.split}`, scores }])[0]!;
};
const test = run({ network: 'net' });
const train = run({ network: 'other', dataset: 'elsewhere', split: 'train' }, 30, 2);

describe('two opened files that a person pairs', () => {
  it.each([
    ['the test trace first', test, train],
    ['the training trace first', train, test],
  ])('are one run under the names and costs of the test trace: %s', (_what, one, other) => {
    const { traces, files, scores } = paired(one, other);
    expect(Object.keys(traces)).toEqual(['test', 'train']);
    expect(traces.train).toMatchObject({ network: 'net', dataset: 'fixture', count: 30 });
    expect(traces.train!.confidence).toBe(train.traces.train!.confidence);
    expect(files).toEqual(['net-test', 'other-train']);
    expect(scores).toEqual({ test: test.scores!.test, train: train.scores!.train });
  });

  it('take a second test trace for held-out images', () => {
    const { traces } = paired(test, run({}, 25, 3));
    expect(Object.keys(traces)).toEqual(['test', 'holdout']);
    expect(traces.holdout!.split).toBe('holdout');
  });

  it.each<[string, OpenedRun, RegExp]>([
    ['has other exits', run({ exits: [] as never }, 20, 4), /0 exits, 4 classes/],
    [
      'has another rule',
      run({ rule: 'below' }, 20, 4),
      /confidence is e2cm \(below\); expected e2cm \(above\)/,
    ],
    ['has another confidence', run({ unit: 'entropy' }, 20, 4), /confidence is entropy/],
    ['is the same', run({ split: 'train' }), /it is the same trace/],
  ])('are refused where one %s', (_what, other, sentence) =>
    expect(() => paired(test, other)).toThrow(sentence),
  );

  it('are refused without test images', () =>
    expect(() => paired(train, run({ split: 'train' }))).toThrow(/Neither has test images/));
});
