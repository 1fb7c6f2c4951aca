import { describe, expect, it } from 'vitest';
import { randomTrace } from '../../core/fixture.ts';
import { replay } from '../../core/replay.ts';
import type { Trace } from '../../core/trace.ts';
import { withChosen, withCurve, withLeavingCount, withSplit, withTrace } from './changes.ts';
import { curveOf } from './curve.ts';
import { derive, emptyShown, nothing, type Shown } from './derive.ts';

const EXITS = 4;
const test: Trace = { ...randomTrace(300, EXITS), split: 'test' };
const train: Trace = { ...randomTrace(400, EXITS, 10, 2), split: 'train' };

const taking = (state: Shown, ...traces: readonly Trace[]): Shown =>
  traces.reduce((before, trace) => derive(before, withTrace(before, trace)), state);
const shown = taking(emptyShown, test, train);

const curve = (thresholds: readonly number[], done = 1) =>
  curveOf('frontier', 'above', train, [{ cost: 0.4, accuracy: 0.9, thresholds }], {
    done,
    seconds: 1,
  });

describe('what is on screen', () => {
  it('is what the policy does to the trace, whatever changed', () => {
    const later = [
      derive(shown, withLeavingCount(shown, 1, 20)),
      derive(shown, withSplit('train')),
      derive(shown, withCurve(shown, curve([0.2, 0.3, 0.4]))),
      derive(shown, withChosen(shown, 'patience')),
    ];
    for (const { trace, policy, outcome } of later)
      expect(outcome).toEqual(replay(trace!, policy!));
  });

  it('begins with a share for every exit, anew for every part of a trace that comes', () => {
    const part = taking(emptyShown, { ...test, count: 100, total: 300 });
    expect(part.source).toBe('provisional');
    expect(part.outcome!.leaving[0]).toBe(15);
    expect(taking(part, test).outcome!.leaving[0]).toBe(45);
  });

  it('stays the same object where nothing that it follows from has changed', () => {
    const same = derive(shown, { linked: null });
    expect(same.outcome).toBe(shown.outcome);
    expect(same.curves).toBe(shown.curves);
    expect(derive(shown, { policy: { ...shown.policy! } }).outcome).not.toBe(shown.outcome);
  });

  it('has no outcome of a policy that is of another network', () => {
    expect(derive(shown, { policy: { rule: 'above', thresholds: [0.5] } }).outcome).toBeNull();
  });

  it('is nothing once it is cleared', () => {
    const { trace, outcome, tuningOutcome, curves } = derive(shown, nothing);
    expect([trace, outcome, tuningOutcome]).toEqual([null, null, null]);
    expect(curves).toEqual({});
  });
});

describe('the gap between the splits', () => {
  const resting = derive(shown, { isResting: true });

  it('is measured while the policy stands still, on the training images', () => {
    const { accuracy, meanFlops } = replay(train, shown.policy!);
    expect(resting.tuningOutcome).toEqual({ accuracy, cost: meanFlops / train.networkFlops });
    expect(derive(resting, withLeavingCount(resting, 0, 3)).tuningOutcome).toBeNull();
  });

  it('is measured on the images that were kept back where there are some, and on no part of a split', () => {
    const holdout: Trace = { ...randomTrace(50, EXITS, 10, 3), split: 'holdout' };
    const { accuracy } = replay(holdout, resting.policy!);
    expect(derive(resting, { holdout }).tuningOutcome!.accuracy).toBe(accuracy);
    const part = { ...train, total: 500 };
    expect(derive(resting, { train: part }).tuningOutcome).toBeNull();
  });
});

describe('a curve', () => {
  const found = derive(shown, withCurve(shown, curve([0.2, 0.3, 0.4], 0.5)));

  it('places the operating point if nobody has, and is drawn on test', () => {
    expect(found.source).toBe('default');
    expect(found.policy!.thresholds).toEqual([0.2, 0.3, 0.4]);
    const { accuracy } = replay(test, found.policy!);
    expect(found.curves.frontier!.testStops![0]!.accuracy).toBe(accuracy);
  });

  it('places it again when its search has ended, unless a person has moved it', () => {
    const end = curve([0.1, 0.2, 0.3]);
    expect(derive(found, withCurve(found, end)).policy!.thresholds).toEqual([0.1, 0.2, 0.3]);
    const moved = derive(found, withLeavingCount(found, 0, 9));
    expect(derive(moved, withCurve(moved, end)).policy).toBe(moved.policy);
  });

  it('is drawn anew on every other test trace', () => {
    const other: Trace = { ...randomTrace(80, EXITS, 10, 7), split: 'test' };
    const drawn = taking(found, other).curves.frontier!;
    expect(drawn.testCount).toBe(80);
    expect(drawn.testStops![0]!.accuracy).toBe(
      replay(other, { rule: 'above', thresholds: [0.2, 0.3, 0.4] }).accuracy,
    );
  });
});

describe('thresholds of a link', () => {
  const thresholds = [0.11, 0.22, 0.33];

  it('are taken by the first trace that has as many exits', () => {
    const waiting = derive(emptyShown, { linked: thresholds });
    const taken = taking(waiting, test);
    expect(taken).toMatchObject({ source: 'link', linked: null, policy: { thresholds } });
    expect(taking(taken, train).policy!.thresholds).toEqual(thresholds);
  });

  it('wait while a trace has no image yet', () => {
    const waiting = derive(emptyShown, { linked: thresholds });
    expect(taking(waiting, { ...test, count: 0 }).linked).toBe(thresholds);
  });
});
