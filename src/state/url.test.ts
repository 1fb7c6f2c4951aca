import { describe, expect, it } from 'vitest';
import { defaultLink, readLink, writeLink, type LinkState } from './url.ts';

const full: LinkState = {
  settings: {
    ...defaultLink.settings,
    dataset: 'mnist',
    network: 'resnet18-w16-mnist',
    method: 'sdn',
    epochs: 100,
    seed: 42,
    trainImages: 5000,
    testImages: 1000,
    label: 'raw',
    lastExit: 'nearest-mean',
    agreement: 'or',
    unconfident: 'most-confident',
    holdout: 0.2,
    backend: 'wasm',
    source: 'live',
  },
  view: {
    page: 'paper',
    theme: 'dark',
    image: 17,
    cell: { exit: 3, truth: 5, predicted: 2 },
    truth: 4,
    verdict: 'wrong',
    order: 'confidence',
    population: 'leaving',
  },
  split: 'train',
  curve: 'paper',
  thresholds: [0.112345678, Infinity, -Infinity, 0.3],
};

describe('a link', () => {
  it('carries the whole state and comes back the same', () => {
    expect(readLink(writeLink(full))).toEqual({ state: full, dropped: [] });
  });

  it('is empty for the defaults', () => {
    expect(writeLink(defaultLink)).toBe('');
    expect(readLink('')).toEqual({ state: defaultLink, dropped: [] });
  });

  it('keeps float32 thresholds apart', () => {
    const near = [Math.fround(0.1123456), Math.fround(0.11234561)];
    const back = readLink(writeLink({ ...defaultLink, thresholds: near })).state.thresholds!;
    expect(back.map(Math.fround)).toEqual(near);
  });
});

describe('bad values', () => {
  it.each([
    ['seed=-1', 'seed'],
    ['seed=99999999999', 'seed'],
    ['seed=1e3', 'seed'],
    ['backend=cuda', 'backend'],
    ['theme=<b>', 'theme'],
    ['data=../../etc', 'data'],
    ['cell=1.2', 'cell'],
    ['cell=1.2.999', 'cell'],
    ['T=0.1_zebra', 'T'],
    ['T=0.1__0.2', 'T'],
    ['image=1.5', 'image'],
    ['curve=best', 'curve'],
    ['holdout=0.9', 'holdout'],
    ['train=1000000', 'train'],
  ])('%s is dropped with a sentence, and the rest stays', (query, key) => {
    const { state, dropped } = readLink(`?order=confidence&${query}`);
    expect(state).toEqual({ ...defaultLink, view: { ...defaultLink.view, order: 'confidence' } });
    expect(dropped).toHaveLength(1);
    expect(dropped[0]).toMatch(new RegExp(`^The link's ${key} is .*; expected .*\\.`));
  });

  it('unknown keys are left alone', () => {
    expect(readLink('?utm_source=mail')).toEqual({ state: defaultLink, dropped: [] });
  });
});
