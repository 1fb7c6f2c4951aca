import { beforeEach, describe, expect, it, vi } from 'vitest';
import { randomTrace } from '../../core/fixture.ts';
import type { Trace } from '../../core/trace.ts';
import { curveOf } from '../scene/curve.ts';
import { emptyShown, heldBy } from '../scene/derive.ts';
import { defaultSelection, selectImage, sortBy } from '../scene/selection.ts';
import { acceptCurve, acceptTrace, setLeavingCount } from '../scene/shown.ts';
import { scenes } from '../scenes.ts';
import { followState, linkOf, takeLink } from './link.ts';
import { readLink, writeLink } from './url.ts';

// What the methods' modules ask the browser for when they are loaded.
vi.hoisted(() => vi.stubGlobal('location', { href: 'http://localhost/' }));

const { explore, clusters } = scenes;
const test: Trace = { ...randomTrace(200, 4), split: 'test' };
const others: Trace = { ...randomTrace(90, 3), split: 'test' };

const take = (query: string): void => takeLink(readLink(query).state);

beforeEach(() => {
  for (const scene of [explore, clusters]) {
    scene.shown.setState(emptyShown, true);
    scene.selection.setState(defaultSelection, true);
  }
});

describe('a link', () => {
  it('carries what is on the page that it leads to, and nothing of the other scene', () => {
    acceptTrace(explore, test);
    acceptTrace(clusters, others);
    setLeavingCount(explore, 0, 30);
    selectImage(explore, 5);
    selectImage(clusters, 8);
    sortBy(clusters, 'confidence');
    const there = linkOf('unsupervised');
    expect(there).toMatchObject({ thresholds: null, view: { image: 8, order: 'confidence' } });
    expect(linkOf('explore').view).toMatchObject({ image: 5, order: 'index' });
    expect(linkOf('explore').thresholds).toEqual(explore.shown.getState().policy!.thresholds);
    expect(linkOf('compare').view.image).toBe(5);
  });

  it('brings back what it was written from, on its own page', () => {
    acceptTrace(clusters, others);
    setLeavingCount(clusters, 1, 12);
    selectImage(clusters, 8);
    const written = writeLink(linkOf('unsupervised'));
    const { thresholds } = clusters.shown.getState().policy!;
    clusters.shown.setState(emptyShown, true);
    clusters.selection.setState(defaultSelection, true);
    take(written);
    acceptTrace(explore, test);
    acceptTrace(clusters, others);
    expect(clusters.shown.getState()).toMatchObject({ source: 'link', policy: { thresholds } });
    expect(clusters.selection.getState().image).toBe(8);
    expect(explore.shown.getState().source).toBe('provisional');
    expect(explore.selection.getState().image).toBeNull();
  });

  it('keeps its thresholds while the trace that they are of has not come, whatever comes elsewhere', () => {
    take('?T=0.5_0.4_0.3');
    acceptTrace(clusters, others);
    expect(writeLink(linkOf('explore'))).toBe('?T=0.5_0.4_0.3');
    acceptTrace(explore, test);
    expect(explore.shown.getState().source).toBe('link');
    expect(writeLink(linkOf('explore'))).toBe('?T=0.5_0.4_0.3');
  });

  it('says on every page how to look at images', () => {
    take('?show=wrong&count=leaving&split=train&curve=paper&image=3');
    for (const scene of [explore, clusters]) {
      expect(scene.selection.getState()).toMatchObject({ verdict: 'wrong', population: 'leaving' });
      expect(scene.shown.getState()).toMatchObject({ split: 'train', chosen: 'paper' });
    }
    expect([explore, clusters].map(({ selection }) => selection.getState().image)).toEqual([
      3,
      null,
    ]);
  });
});

describe('the address', () => {
  it('has what a person set while a search still goes on', () => {
    vi.useFakeTimers();
    const written: string[] = [];
    const location = { search: '', pathname: '/' };
    const write = (_state: unknown, _title: string, address: string): number =>
      written.push((location.search = address));
    vi.stubGlobal('window', {
      location,
      history: { pushState: write, replaceState: write },
      ...{ setTimeout, clearTimeout, addEventListener: () => undefined },
    });
    followState(() => undefined);
    const train: Trace = { ...randomTrace(60, 4, 10, 2), split: 'train' };
    acceptTrace(explore, test);
    acceptTrace(explore, train);
    setLeavingCount(explore, 0, 7);
    const found = [];
    for (let n = 0; n < 10; n++) {
      vi.advanceTimersByTime(150);
      found.push({ cost: 0.1 + n / 100, accuracy: n / 10, thresholds: [0.1, 0.1, n / 10] });
      const progress = { done: n / 10, seconds: 1 };
      acceptCurve(explore, curveOf('frontier', heldBy('frontier', train), train, found, progress));
    }
    expect(written).toHaveLength(1);
    expect(readLink(written[0]!).state.thresholds).toEqual(linkOf('explore').thresholds);
    vi.useRealTimers();
  });
});
