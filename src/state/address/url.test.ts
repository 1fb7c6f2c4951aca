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
    embed: '1',
    panel: 'curve',
    image: 17,
    cell: { exit: 3, truth: 5, predicted: 2 },
    truth: 4,
    verdict: 'wrong',
    order: 'confidence',
    population: 'leaving',
  },
  confidence: { measure: 'entropy', ensemble: 'mean', isTempered: true },
  traces: ['./traces/a-test.trace.json', 'https://host.example/b.zip?v=2&w=3'],
  split: 'train',
  curve: 'paper',
  thresholds: [0.112345678, Infinity, -Infinity, 0.3],
  compare: {
    methods: ['sdn'],
    search: 'paper',
    pinned: 0.355,
    pair: ['e2cm recorded', 'sdn live'],
  },
  paper: { search: 'frontier', figureRun: 'mnist-resnet18-e2cm', figureExits: [0, 4, 9] },
  unsupervised: {
    ...{ dataset: 'fashion-mnist', start: 'fresh', source: 'live', labelled: false },
    ...{ trainImages: 1000, testImages: 500, clusters: 12, epochs: 7, refineSteps: 0 },
    ...{ interval: 9, batch: 32, refineBatch: 48, seed: 5 },
  },
};

describe('a link', () => {
  it('carries the whole state and comes back the same', () => {
    expect(readLink(writeLink(full))).toEqual({ state: full, dropped: [] });
  });

  it('is empty for the defaults', () => {
    expect(writeLink(defaultLink)).toBe('');
    expect(readLink('')).toEqual({ state: defaultLink, dropped: [] });
  });

  it('tells no methods from all of them', () => {
    const none = { ...defaultLink, compare: { ...defaultLink.compare, methods: [] } };
    expect(writeLink(none)).toBe('?race=none');
    expect(readLink('?race=none').state).toEqual(none);
  });

  it('puts a pinned cost on a step of the axis', () => {
    expect(readLink('?at=0.333').state.compare.pinned).toBe(0.335);
  });

  it('points into the largest trace that can be opened', () => {
    const cell = { exit: 199, truth: 65_535, predicted: 300 };
    const view = { ...defaultLink.view, image: 2_000_000, truth: 65_535, cell };
    const state = { ...defaultLink, view };
    expect(readLink(writeLink(state))).toEqual({ state, dropped: [] });
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
    ['embed=yes', 'embed'],
    ['panel=everything', 'panel'],
    ['data=../../etc', 'data'],
    ['cell=1.2', 'cell'],
    ['cell=1.2.65536', 'cell'],
    ['cell=200.2.3', 'cell'],
    ['class=65536', 'class'],
    ['T=0.1_zebra', 'T'],
    ['T=0.1__0.2', 'T'],
    ['image=1.5', 'image'],
    ['curve=best', 'curve'],
    ['holdout=0.9', 'holdout'],
    ['train=1000000', 'train'],
    ['race=e2cm_best', 'race'],
    ['race=e2cm_e2cm', 'race'],
    ['race=', 'race'],
    ['by=luck', 'by'],
    ['at=2', 'at'],
    ['at=-0.1', 'at'],
    ['at=1e-1', 'at'],
    ['pair=e2cm.recorded', 'pair'],
    ['pair=e2cm.recorded_sdn.dreamt', 'pair'],
    ['pair=e2cm.live_sdn.live_bwds.live', 'pair'],
    ['paper-by=luck', 'paper-by'],
    ['figure=../x', 'figure'],
    ['exits=1_1', 'exits'],
    ['exits=1_x', 'exits'],
    ['exits=0_1_2_3_4_5_6', 'exits'],
  ])('%s is dropped with a sentence, and the rest stays', (query, key) => {
    const { state, dropped } = readLink(`?order=confidence&${query}`);
    expect(state).toEqual({ ...defaultLink, view: { ...defaultLink.view, order: 'confidence' } });
    expect(dropped).toHaveLength(1);
    expect(dropped[0]).toMatch(new RegExp(`^The link's ${key} is .*; expected .*\\.`));
  });

  it('says what it does not know, once each', () => {
    const { state, dropped } = readLink('?epoch=6&seed=4&epoch=7&later');
    expect(state).toEqual({ ...defaultLink, settings: { ...defaultLink.settings, seed: 4 } });
    expect(dropped).toEqual([
      'The link has “epoch=6”, which means nothing to this version of the page. It was ignored.',
      'The link has “later=”, which means nothing to this version of the page. It was ignored.',
    ]);
  });

  it('takes the first of two, and says so', () => {
    const { state, dropped } = readLink('?seed=4&seed=5');
    expect(state.settings.seed).toBe(4);
    expect(dropped).toEqual(['The link has seed 2 times; the first, “4”, counts.']);
  });

  it('leaves alone what others add to count visits', () => {
    expect(readLink('?utm_source=mail&fbclid=a')).toEqual({ state: defaultLink, dropped: [] });
  });
});
