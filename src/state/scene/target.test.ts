import { beforeEach, describe, expect, it, vi } from 'vitest';
import { worstLoss } from '../../core/class-effects.ts';
import { randomTrace } from '../../core/fixture.ts';
import { replay } from '../../core/replay.ts';
import { runSparing } from '../../engine/client/search.ts';
import { searchSteps, sparingSteps } from '../../engine/searches.ts';
import { searchedBy } from '../../methods/registry.ts';
import { curveOf, type CurveId } from './curve.ts';
import { createScene, type Scene } from './scene.ts';
import { acceptCurve, acceptTrace, apply, chooseCurve, setOneThreshold } from './shown.ts';
import { stopSearches } from './searches.ts';
import { aimFor } from './target.ts';

// The worker's own steps, on this thread.
vi.mock('../../engine/client/search.ts', () => ({ runSparing: vi.fn(), runSearch: vi.fn() }));

beforeEach(() => {
  vi.mocked(runSparing).mockReset();
  vi.mocked(runSparing).mockImplementation(async (request, onStep, signal) => {
    for (const step of sparingSteps(request)) {
      await Promise.resolve();
      signal?.throwIfAborted();
      onStep(step);
    }
  });
});

/** A scene with a searched curve, of whose class 4 much is lost early. */
function searched(id: CurveId = 'frontier'): Scene {
  const scene = createScene('explore');
  const given = randomTrace(1200, 4, 5, 3);
  const confidence = given.confidence.map((c, at) => c + 0.1 * given.label[at % given.count]!);
  const train = { ...given, confidence, split: 'train' as const };
  acceptTrace(scene, { ...randomTrace(60, 4, 5, 5), split: 'test' });
  acceptTrace(scene, train);
  chooseCurve(scene, id);
  const by = searchedBy(train);
  const steps = searchSteps({ search: id, trace: train, seed: 1, ...by });
  const found = [...steps].flatMap((step) => step.found);
  acceptCurve(scene, curveOf(id, by.rule, train, found, { done: 1, seconds: 0 }));
  return scene;
}

const answerOf = ({ searches }: Scene): string | null => searches.getState().answer;
function onTuning({ shown }: Scene) {
  const { train, policy } = shown.getState();
  const outcome = replay(train!, policy!);
  const cost = outcome.meanFlops / train!.networkFlops;
  return { cost, accuracy: outcome.accuracy, loss: worstLoss(train!, outcome) };
}

describe('a target', () => {
  it('of cost or accuracy takes a stop of the curve', async () => {
    const scene = searched();
    await aimFor(scene, { kind: 'cost', value: 0.6, mostLoss: null });
    expect(answerOf(scene)).toBeNull();
    const { cost, accuracy } = onTuning(scene);
    expect(cost).toBeLessThanOrEqual(0.6);
    await aimFor(scene, { kind: 'accuracy', value: accuracy, mostLoss: null });
    expect(onTuning(scene).accuracy).toBeGreaterThanOrEqual(accuracy);
    expect(runSparing).not.toHaveBeenCalled();
    await aimFor(scene, { kind: 'cost', value: 0.01, mostLoss: null });
    expect(answerOf(scene)).toMatch(/^No policy of this curve costs 0.01 or less; the cheapest/);
  });

  it('that spares classes takes more than the curve had', async () => {
    const scene = searched();
    const { stops, rule } = scene.shown.getState().curves.frontier!;
    const train = scene.shown.getState().train!;
    const sparing = stops.filter(
      ({ thresholds }) => worstLoss(train, replay(train, { rule, thresholds })) <= 0.15,
    );
    const value = Math.min(...sparing.map(({ cost }) => cost)) - 1e-6;
    await aimFor(scene, { kind: 'cost', value, mostLoss: 0.15 });
    expect(answerOf(scene)).toBeNull();
    expect(scene.shown.getState().source).toBe('target');
    const { cost, loss } = onTuning(scene);
    expect(cost).toBeLessThanOrEqual(value);
    expect(loss).toBeLessThanOrEqual(0.15);
    await aimFor(scene, { kind: 'cost', value: 0.01, mostLoss: 0.1 });
    expect(answerOf(scene)).toMatch(/lets every class lose at most 10.0 points costs 0.01 or less/);
  });

  it('looks among what a curve has where its thresholds are not free', async () => {
    const scene = searched('sweep');
    await aimFor(scene, { kind: 'cost', value: 1, mostLoss: 0.1 });
    expect(runSparing).not.toHaveBeenCalled();
    expect(onTuning(scene).loss).toBeLessThanOrEqual(0.1);
  });

  it('that is looked for stays wanted where a search moves its default meanwhile', async () => {
    const scene = searched();
    const { rule, stops } = scene.shown.getState().curves.frontier!;
    const aiming = aimFor(scene, { kind: 'cost', value: 1, mostLoss: 0.2 });
    apply(scene, { rule, thresholds: stops[0]!.thresholds }, 'default');
    await aiming;
    expect(scene.shown.getState().source).toBe('target');
    expect(answerOf(scene)).toBeNull();
  });

  it('that came later, a hand, or another run wins over one that is looked for', async () => {
    const scene = searched();
    const first = aimFor(scene, { kind: 'cost', value: 1, mostLoss: 0.1 });
    const second = aimFor(scene, { kind: 'cost', value: 1, mostLoss: 0.2 });
    const [one, other] = vi.mocked(runSparing).mock.calls.map((call) => call[2]!);
    expect([one!.aborted, other!.aborted]).toEqual([true, false]);
    setOneThreshold(scene, 0.7);
    const { policy } = scene.shown.getState();
    await Promise.all([first, second]);
    expect(scene.shown.getState().policy).toBe(policy);
    expect(answerOf(scene)).toBeNull();
    const third = aimFor(scene, { kind: 'cost', value: 1, mostLoss: 0.1 });
    stopSearches(scene);
    await third;
    expect(scene.shown.getState().policy).toBe(policy);
    expect(answerOf(scene)).toBeNull();
  });
});
