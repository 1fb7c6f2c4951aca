import { beforeEach, describe, expect, it } from 'vitest';
import { useNotices } from '../notices.ts';
import { defaultPaper, keepToRuns, usePaperChoices } from './choices.ts';

const exits = Array.from({ length: 10 }, (_, j) => ({ name: `exit ${j}`, stage: j, flops: j + 1 }));
const runs = [
  { id: 'first', network: 'large', exits },
  { id: 'second', network: 'small', exits: exits.slice(0, 4) },
];
const six = (count: number): number => Math.min(6, count);
const sentences = (): string[] => useNotices.getState().notices.map(({ text }) => text);

beforeEach(() => {
  useNotices.setState({ notices: [] });
  usePaperChoices.setState(defaultPaper);
});

describe('what a link chose for Figure 1', () => {
  it('stays where the recorded runs have it', () => {
    usePaperChoices.setState({ figureRun: 'second', figureExits: [3, 1, 2, 0] });
    keepToRuns(runs, six);
    expect(usePaperChoices.getState()).toMatchObject({
      figureRun: 'second',
      figureExits: [3, 1, 2, 0],
    });
    expect(sentences()).toEqual([]);
  });

  it('is dropped with a sentence where there is no such run', () => {
    usePaperChoices.setState({ figureRun: 'third', figureExits: [0] });
    keepToRuns(runs, six);
    expect(usePaperChoices.getState()).toEqual(defaultPaper);
    expect(sentences()).toEqual([
      'No recorded run “third” is here for Figure 1; the first one is shown.',
    ]);
  });

  it.each([[[0, 1, 2, 3, 4, 10]], [[0, 1]]])(
    'exits %j are dropped with a sentence',
    (figureExits) => {
      usePaperChoices.setState({ figureExits });
      keepToRuns(runs, six);
      expect(usePaperChoices.getState().figureExits).toBeNull();
      expect(sentences()[0]).toMatch(/^The link's exits .*expected 6 from 0 to 9 for large/);
    },
  );

  it('waits for runs that are not known yet', () => {
    usePaperChoices.setState({ figureExits: [0, 1] });
    keepToRuns([], six);
    expect(usePaperChoices.getState().figureExits).toEqual([0, 1]);
  });
});
