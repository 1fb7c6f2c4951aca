import { describe, expect, it } from 'vitest';
import { placeClassifiers } from './sites.ts';

describe('places of internal classifiers', () => {
  const place = (flops: number[]) =>
    placeClassifiers(
      {
        id: 'n',
        classes: [],
        stages: flops.map((of, s) => ({ name: `s${s}`, flops: of, shape: [8, 8, 2] })),
        exits: flops.map((_, s) => s),
        branches: [],
        plain: null,
        scores: 'logits',
        embedding: null,
        clustering: null,
        epochs: 0,
        seed: 0,
        trainedOn: 0,
        flops: flops.reduce((sum, of) => sum + of, 0),
        parameters: 0,
        weightBytes: 0,
        widest: 0,
      },
      'SDN',
    );

  it('are the first boundaries at or past each share', () => {
    const { sites, note } = place([10, 5, 15, 14, 1, 20, 10, 10, 10, 5]);
    expect(sites.map(({ stage }) => stage)).toEqual([1, 2, 4, 5, 6, 8]);
    expect(note).toBeNull();
  });

  it('are the last boundary before the classifier where that does most of the work', () => {
    expect(place([1, 2, 97]).sites.map(({ stage }) => stage)).toEqual([1]);
  });
});
