import { expect, it } from 'vitest';
import { traceOf } from '../fixture.ts';
import { accuracyAt } from '../trace.ts';
import { isLabelled, unlabelled } from './unlabelled.ts';

it('counts agreement with the last exit and forgets what classes told', () => {
  const image = (label: number, first: number, last: number) => ({
    label,
    exits: [[first, 0.5] as const, [last, 0.6] as const],
  });
  const base = traceOf([image(0, 0, 1), image(1, 0, 0), image(1, 1, 0)]);
  const options = { labelled: true, accuracyOfAll: 0.9, seed: 3 };
  const trace = { ...base, provenance: { ...base.provenance, options } };
  const without = unlabelled(trace);
  expect([isLabelled(trace), isLabelled(without)]).toEqual([true, false]);
  expect([...without.label]).toEqual([1, 0, 0]);
  expect([0, 1].map((exit) => accuracyAt(without, exit))).toEqual([1 / 3, 1]);
  expect(without.provenance.options).toEqual({ labelled: false, seed: 3 });
  expect(without.classes[0]).toBe('cluster 1');
  expect([...trace.label]).toEqual([0, 1, 1]);
});
