import { describe, expect, it } from 'vitest';
import { curveUnder, parseRunIndex, writeRunIndex, type RunIndex } from './run-index.ts';

const index: RunIndex = {
  format: 'offramp-runs/1',
  searchSeed: 1,
  runs: [
    {
      id: 'strokes-tiny-e2cm',
      dataset: 'strokes',
      network: 'tiny',
      method: 'e2cm',
      budget: null,
      classes: ['a', 'b'],
      exits: [
        { name: 'conv1', stage: 0, flops: 100, size: 64 },
        { name: 'classifier', stage: 2, flops: 250 },
      ],
      networkFlops: 240,
      provenance: { commit: 'abc', backend: 'CPU', seed: 1, trainImages: 12, options: { raw: 1 } },
      train: { file: 'strokes-tiny-e2cm-train.trace', count: 12, accuracy: [0.5, 0.75] },
      test: { file: 'strokes-tiny-e2cm-test.trace', count: 8, accuracy: [0.5, 1] },
      results: {
        paper: [{ budget: 0.15, accuracy: null }],
        frontier: [{ budget: 0.15, accuracy: 0.6 }],
      },
      curves: {
        paper: [],
        frontier: [
          { cost: 0.125, accuracy: 0.5 },
          { cost: 1.04, accuracy: 1 },
        ],
      },
    },
  ],
  images: {
    strokes: {
      train: { file: 'strokes-train.images.bin', count: 12 },
      test: { file: 'strokes-test.images.bin', count: 8 },
    },
  },
};

const copy = () => JSON.parse(writeRunIndex(index)) as Record<string, unknown>;

describe('the index of runs', () => {
  it('comes back as it was written', () => {
    expect(parseRunIndex(copy())).toEqual(index);
  });

  it('may say what thresholds by class reach, and of which images a trace is', () => {
    const [run] = index.runs;
    const more: RunIndex = {
      ...index,
      runs: [{ ...run!, train: { ...run!.train, images: 'own-train.images.bin' } }],
      byClass: { [run!.id]: { results: [], curve: [{ cost: 0.2, accuracy: 0.75 }] } },
    };
    const again = parseRunIndex(JSON.parse(writeRunIndex(more)));
    expect(again).toEqual(more);
    expect(curveUnder(again, run!, 'class-aware')).toEqual([{ cost: 0.2, accuracy: 0.75 }]);
    expect(curveUnder(index, run!, 'class-aware')).toBeNull();
    expect(curveUnder(again, run!, 'frontier')).toEqual(run!.curves.frontier);
  });

  it('is the same on one line', () => {
    const text = writeRunIndex(index, 'compact');
    expect(text.trimEnd()).not.toContain('\n');
    expect(parseRunIndex(JSON.parse(text))).toEqual(index);
  });

  it.each<[string, string, unknown, RegExp]>([
    ['another format', 'format', 'offramp-runs/9', /format "offramp-runs\/9"; expected "offramp-/],
    ['no runs', 'runs', undefined, /runs is missing; expected a list/],
    ['no images', 'images', null, /images is null; expected an object/],
    ['a run that is none', 'runs.0', 7, /runs\[0\] is 7; expected an object/],
    ['a run without a name', 'runs.0.id', 3, /runs\[0\].id is 3; expected text/],
    ['a run without exits', 'runs.0.exits', [], /runs\[0\].exits is empty/],
    ['a free network', 'runs.0.networkFlops', 0, /networkFlops is 0; expected a positive/],
    ['a wrong size', 'runs.0.exits.1.size', -1, /runs\[0\].exits\[1\].size is -1/],
    ['too few accuracies', 'runs.0.test.accuracy', [1], /test.accuracy has 1 entries; expected 2/],
    ['images elsewhere', 'runs.0.train.images', 'a/b', /images is "a\/b"; expected the name/],
    ['no curve by class', 'byClass', { x: {} }, /byClass.x.results is missing/],
    ['a file elsewhere', 'runs.0.train.file', '../../x', /file is "..\/..\/x"; expected the name/],
    ['an address', 'images.strokes.test.file', 'https://x', /images.strokes.test.file is "https/],
    ['a search left out', 'runs.0.results.paper', undefined, /results.paper is missing/],
    ['a wordy result', 'runs.0.results.frontier.0.accuracy', 'good', /accuracy is "good"/],
    ['a search without a curve', 'runs.0.curves.paper', undefined, /curves.paper is missing/],
    ['half a point', 'runs.0.curves.frontier.0', [0.1], /frontier\[0\] has 1 entries; expected 2/],
    ['a curve that turns back', 'runs.0.curves.frontier.1', [0.1, 1], /costs 0.1, less than the/],
    ['wrong provenance', 'runs.0.provenance.options.raw', {}, /options.raw is {}; expected text/],
  ])('is refused in a sentence: %s', (_, path, value, sentence) => {
    const spoilt = copy();
    const keys = path.split('.');
    const last = keys.pop()!;
    let at = spoilt;
    for (const key of keys) at = at[key] as Record<string, unknown>;
    at[last] = value;
    expect(() => parseRunIndex(spoilt)).toThrow(sentence);
  });

  it('names a run once', () => {
    const spoilt = copy();
    const runs = spoilt.runs as unknown[];
    runs.push(runs[0]);
    expect(() => parseRunIndex(spoilt)).toThrow(/lists strokes-tiny-e2cm twice/);
    expect(() => parseRunIndex('[]')).toThrow(/the index of runs is "\[\]"/);
  });
});
