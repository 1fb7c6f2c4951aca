import { describe, expect, it } from 'vitest';
import { withoutAbsent } from './selection.ts';

const trace = {
  split: 'test',
  count: 40,
  classes: ['a', 'b', 'c'],
  exits: [
    { name: 'one', stage: 0, flops: 1 },
    { name: 'two', stage: 1, flops: 2 },
  ],
} as const;

describe('what a link selects of a run', () => {
  it('stays where it is there', () => {
    const selection = { image: 39, cell: { exit: 1, truth: 2, predicted: 0 }, truth: 2 };
    expect(withoutAbsent(selection, trace)).toEqual({ change: {}, sentences: [] });
    expect(withoutAbsent({ image: null, cell: null, truth: null }, trace).sentences).toEqual([]);
  });

  it('is dropped with a sentence each where it is not', () => {
    const selection = { image: 40, cell: { exit: 2, truth: 0, predicted: 0 }, truth: 99 };
    const { change, sentences } = withoutAbsent(selection, trace);
    expect(change).toEqual({ image: null, cell: null, truth: null });
    expect(sentences).toEqual([
      'There is no test image 40; this run has 40.',
      "The link's matrix cell is beyond this run's 2 exits or 3 classes.",
      'There is no class 99 to show alone; this run has 3, counted from 0. All are shown.',
    ]);
  });
});
