import { describe, expect, it } from 'vitest';
import { arrange } from './arrange.ts';
import { byCluster, clustersIn, ofCluster, wrongInCells } from './cluster-map.ts';
import { traceOf } from './fixture.ts';
import { replay } from './replay.ts';

/** Leaves at exit 0 where sure, with that exit's cluster; else at exit 1 with the other's. */
const trace = traceOf([
  {
    label: 0,
    exits: [
      [0, 0.9],
      [2, 0.9],
    ],
  },
  {
    label: 0,
    exits: [
      [2, 0.9],
      [0, 0.9],
    ],
  },
  {
    label: 2,
    exits: [
      [0, 0.1],
      [2, 0.9],
    ],
  },
  {
    label: 2,
    exits: [
      [2, 0.8],
      [2, 0.9],
    ],
  },
  {
    label: 0,
    exits: [
      [2, 0.1],
      [0, 0.9],
    ],
  },
]);
const outcome = replay(trace, { rule: 'above', thresholds: [0.5] });

describe('the cluster map', () => {
  it('puts every image under the cluster that it leaves with, by exit, and keeps the order', () => {
    const map = byCluster(trace, outcome, arrange(trace, outcome));
    expect([...map.images]).toEqual([0, 4, 1, 3, 2]);
    expect([...map.start]).toEqual([0, 1, 2, 2, 2, 4, 5]);
    const { images, start } = ofCluster(map, 2, 2);
    expect([...start]).toEqual([2, 4, 5]);
    expect([...images.subarray(start[0], start[1])]).toEqual([1, 3]);
  });

  it('shows only what passes a filter', () => {
    const map = byCluster(trace, outcome, arrange(trace, outcome, { right: true }));
    expect([...map.images]).toEqual([0, 4, 3, 2]);
  });

  it('counts what is wrong in each cell', () => {
    const map = byCluster(trace, outcome, arrange(trace, outcome));
    expect([...wrongInCells(trace, map)]).toEqual([0, 0, 0, 0, 1, 0]);
  });

  it('has the clusters of every exit, whatever the policy', () => {
    expect(clustersIn(trace)).toEqual([0, 2]);
  });
});
