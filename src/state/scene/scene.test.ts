import { beforeEach, describe, expect, it, vi } from 'vitest';
import { randomTrace } from '../../core/fixture.ts';
import { replay } from '../../core/replay.ts';
import type { Trace } from '../../core/trace.ts';
import { useNotices } from '../notices.ts';
import { fixtureScene } from './fixture.ts';
import { createScene, type Scene } from './scene.ts';
import {
  acceptTrace,
  chooseCurve,
  clearTraces,
  offerThresholds,
  resetPolicy,
  setLeavingCount,
  setLeavingShare,
  setThreshold,
  showSplit,
} from './shown.ts';

const EXITS = 4;
const test: Trace = { ...randomTrace(300, EXITS), split: 'test' };
const train: Trace = { ...randomTrace(400, EXITS, 10, 2), split: 'train' };

/** What every listener of a scene ever sees: an outcome is always that of the policy on the trace beside it. */
function watched(scene: Scene): { changes: number } {
  const seen = { changes: 0 };
  scene.shown.subscribe(({ trace, policy, outcome }) => {
    seen.changes++;
    expect(outcome).toEqual(trace && policy && replay(trace, policy));
  });
  return seen;
}

describe('a drag', () => {
  it('is one change, and lets exactly so many images leave', () => {
    const scene = fixtureScene([test, train]);
    const seen = watched(scene);
    for (const count of [0, 17, 300]) {
      setLeavingCount(scene, 0, count);
      expect(scene.shown.getState().outcome!.leaving[0]).toBe(count);
    }
    expect(seen.changes).toBe(3);
    expect(scene.shown.getState().source).toBe('person');
  });

  it('may go on at another exit, or after another change', () => {
    const scene = fixtureScene([test, train]);
    watched(scene);
    const arriving = (j: number): number => {
      const { leaving } = scene.shown.getState().outcome!;
      return leaving.subarray(j).reduce((sum, n) => sum + n, 0);
    };
    for (const j of [0, 0, 2, 2, 1, 0])
      for (const share of [0.1, 0.6, 0.3]) {
        const count = Math.round(share * arriving(j));
        setLeavingCount(scene, j, count);
        expect(scene.shown.getState().outcome!.leaving[j]).toBe(count);
        setThreshold(scene, 1, 0.2);
      }
    acceptTrace(scene, { ...test, ...randomTrace(300, EXITS, 10, 5) });
    setLeavingCount(scene, 0, 30);
    expect(scene.shown.getState().outcome!.leaving[0]).toBe(30);
  });

  it('uses the same memory again, in another object each time', () => {
    const scene = createScene('fixture');
    acceptTrace(scene, test);
    const before = scene.shown.getState().outcome!;
    setLeavingShare(scene, 0, 0.5);
    const after = scene.shown.getState().outcome!;
    expect(after).not.toBe(before);
    expect(after.exitOf).toBe(before.exitOf);
  });

  it('on one scene leaves another one of the same trace as it is', () => {
    const [one, other] = [createScene('explore'), createScene('clusters')];
    for (const scene of [one, other]) acceptTrace(scene, test);
    const before = [...other.shown.getState().outcome!.exitOf];
    setLeavingCount(one, 0, 299);
    expect([...other.shown.getState().outcome!.exitOf]).toEqual(before);
  });
});

describe('traces that come', () => {
  beforeEach(() => useNotices.setState({ notices: [] }));

  it('are each one change, in which everything fits together', () => {
    const scene = createScene('explore');
    const seen = watched(scene);
    for (const count of [50, 120, 300]) acceptTrace(scene, { ...test, count });
    acceptTrace(scene, train);
    showSplit(scene, 'train');
    chooseCurve(scene, 'patience');
    resetPolicy(scene);
    clearTraces(scene);
    expect(seen.changes).toBe(8);
  });

  it('say once that a link has thresholds of another network', () => {
    const scene = createScene('explore');
    offerThresholds(scene, [0.5]);
    acceptTrace(scene, test);
    acceptTrace(scene, train);
    expect(useNotices.getState().notices.map(({ text }) => text)).toEqual([
      'The link has 1 thresholds, but fixture has 4 exits and needs 3. They were ignored.',
    ]);
  });

  it('of one scene do not take the thresholds that wait on another', () => {
    const [one, other] = [createScene('explore'), createScene('clusters')];
    offerThresholds(one, [0.1, 0.2, 0.3]);
    acceptTrace(other, { ...randomTrace(20, 3), split: 'test' });
    expect(one.shown.getState().linked).toEqual([0.1, 0.2, 0.3]);
    expect(useNotices.getState().notices).toEqual([]);
  });
});

it('a fixture has what follows from its traces from the first moment', () => {
  vi.stubGlobal('Worker', () => {
    throw new Error('A fixture starts no worker.');
  });
  const scene = fixtureScene([test, train], { selection: { image: 7 }, run: { cutShort: true } });
  const { shown, selection, run } = scene;
  expect(shown.getInitialState()).toMatchObject({ trace: test, source: 'provisional' });
  expect(selection.getState()).toMatchObject({ image: 7, verdict: 'all' });
  expect(run.getState()).toMatchObject({ status: 'done', cutShort: true });
});
