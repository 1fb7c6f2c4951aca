import { beforeEach, describe, expect, it, vi } from 'vitest';
import { randomTrace } from '../../core/fixture.ts';
import type { SearchStep } from '../../core/search/best.ts';
import { replay } from '../../core/replay.ts';
import type { Trace } from '../../core/trace.ts';
import { runSearch } from '../../engine/client/search.ts';
import type { SearchId } from '../../engine/searches.ts';
import { certifyRisk } from './certify.ts';
import { dropCosts, takeCosts } from './costs.ts';
import { activeCurve } from './derive.ts';
import { createScene, type Scene } from './scene.ts';
import { chooseAndSearch, dropTraces, searchAll, stopSearches, sweepNow } from './searches.ts';
import { acceptTrace, clearTraces, setOneThreshold } from './shown.ts';
import { nextTurn } from './turn.ts';
import { workOn } from './work.ts';

vi.mock('../../engine/client/search.ts', () => ({ runSearch: vi.fn() }));

/** A search that was begun, and what a worker would do. */
interface Begun {
  readonly id: SearchId;
  readonly trace: Trace;
  readonly signal: AbortSignal;
  readonly finds: (cost: number, done: number) => void;
  readonly ends: () => void;
}

let begun: Begun[] = [];
let ended = new Set<Begun>();
const isOver = (one: Begun): boolean => one.signal.aborted || ended.has(one);
const running = (): SearchId[] => begun.filter((one) => !isOver(one)).map(({ id }) => id);

beforeEach(() => {
  begun = [];
  ended = new Set();
  vi.mocked(runSearch).mockImplementation(
    ({ search, trace }, onStep, signal) =>
      new Promise((resolve, reject) => {
        signal!.throwIfAborted();
        signal!.addEventListener('abort', () => reject(signal!.reason as Error));
        const one: Begun = {
          id: search,
          trace,
          signal: signal!,
          finds: (cost, done) => {
            const found = [{ cost, accuracy: cost, thresholds: [cost, cost, cost] }];
            onStep({ found, done } as SearchStep);
          },
          ends: () => {
            one.finds(0.5, 1);
            ended.add(one);
            resolve();
          },
        };
        begun.push(one);
      }),
  );
});

/** More turns than any of it takes, however long each is on a machine that is busy. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await nextTurn();
}

function sceneWith(seed = 2): Scene {
  const scene = createScene('explore');
  acceptTrace(scene, { ...randomTrace(60, 4), split: 'test' });
  acceptTrace(scene, { ...randomTrace(60, 4, 10, seed), split: 'train' });
  return scene;
}

describe('searches', () => {
  it('follow each other, and what they find is on screen', async () => {
    const scene = sceneWith();
    void searchAll(scene);
    expect(running()).toEqual(['frontier']);
    begun[0]!.finds(0.3, 0.4);
    await settled();
    expect(scene.shown.getState().curves.frontier).toMatchObject({ done: 0.4, tried: 1 });
    begun[0]!.ends();
    await settled();
    expect(running()).toEqual(['paper']);
    expect(scene.searches.getState().running).toEqual(['paper']);
    begun[1]!.ends();
    await settled();
    expect(scene.searches.getState().running).toEqual([]);
    expect(scene.shown.getState().tuningOutcome).not.toBeNull();
  });

  it('that are stopped stay stopped when others begin, as when classes are hidden', async () => {
    const scene = sceneWith();
    void searchAll(scene);
    // Hides the classes: the same images, other traces.
    stopSearches(scene);
    clearTraces(scene);
    const other: Trace = { ...randomTrace(60, 4, 10, 9), split: 'train' };
    acceptTrace(scene, other);
    void sweepNow(scene, other);
    void searchAll(scene);
    await settled();
    expect(running()).toEqual(['frontier']);
    expect(begun.map(({ id, trace }) => [id, trace === other])).toEqual([
      ['frontier', false],
      ['frontier', true],
    ]);
    // What the first one had found by then is of no trace on screen.
    begun[0]!.finds(0.9, 0.9);
    expect(scene.shown.getState().curves.frontier).toBeUndefined();
  });

  it('know of each other: the chosen one runs beside the next of all, each once', async () => {
    const scene = sceneWith();
    void searchAll(scene);
    void chooseAndSearch(scene, 'patience');
    void chooseAndSearch(scene, 'paper');
    void chooseAndSearch(scene, 'patience');
    void searchAll(scene);
    await settled();
    expect(running()).toEqual(['frontier', 'patience', 'paper']);
    expect([...scene.searches.getState().running]).toEqual(['frontier', 'patience', 'paper']);
    begun[0]!.ends();
    await settled();
    // The paper's search is waited for, not begun again.
    expect(begun).toHaveLength(3);
    stopSearches(scene);
    expect(running()).toEqual([]);
  });

  it('that were ended half-way begin anew', async () => {
    const scene = sceneWith();
    void searchAll(scene);
    begun[0]!.finds(0.2, 0.5);
    stopSearches(scene);
    void searchAll(scene);
    await settled();
    expect(begun.map(({ id }) => id)).toEqual(['frontier', 'frontier']);
    expect(running()).toEqual(['frontier']);
  });

  it('leave a run with other exits alone that came while a curve was drawn', async () => {
    let now = 0;
    // Each look at the clock is a slice later: there is a turn after every step.
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 100));
    const scene = sceneWith();
    const sweeping = sweepNow(scene, scene.shown.getState().train!);
    void searchAll(scene);
    begun[0]!.finds(0.3, 0.4);
    stopSearches(scene);
    clearTraces(scene);
    acceptTrace(scene, { ...randomTrace(60, 3), split: 'test' });
    await expect(sweeping).resolves.toBeUndefined();
    await settled();
    expect(scene.shown.getState()).toMatchObject({ source: 'provisional', curves: {} });
    expect(scene.shown.getState().policy!.thresholds).toHaveLength(2);
    clock.mockRestore();
  });

  it('that begin while another run loads go with their traces', async () => {
    const scene = sceneWith();
    const before = scene.shown.getState().train!;
    let come = (): void => undefined;
    const loaded = new Promise<void>((resolve) => (come = resolve));
    const train = { ...randomTrace(60, 3, 10, 8), split: 'train' as const };
    const running = workOn(
      scene,
      { status: 'loading', loading: 'Images' },
      async (mine) => {
        await loaded;
        dropTraces(scene);
        mine.write(() => acceptTrace(scene, { ...randomTrace(60, 3, 10, 9), split: 'test' }));
        mine.write(() => acceptTrace(scene, train));
      },
      ({ error }) => expect(error).toBeNull(),
    );
    void chooseAndSearch(scene, 'class-aware');
    expect(begun.map(({ trace }) => trace)).toEqual([before]);
    come();
    await running;
    begun[0]!.finds(0.3, 0.4);
    await settled();
    expect(begun[0]!.signal.aborted).toBe(true);
    expect(scene.shown.getState().curves).toEqual({});
    const later = begun.slice(1);
    expect(later.length).toBeGreaterThan(0);
    expect(later.every(({ trace }) => trace === train)).toBe(true);
  });

  it('that failed can be begun again', async () => {
    const scene = sceneWith();
    vi.mocked(runSearch).mockImplementationOnce(() => Promise.reject(new Error('It stopped.')));
    await chooseAndSearch(scene, 'frontier');
    expect(begun).toEqual([]);
    void chooseAndSearch(scene, 'frontier');
    expect(running()).toEqual(['frontier']);
  });

  it('of one scene leave those of another alone', () => {
    const [one, other] = [sceneWith(), sceneWith(3)];
    void searchAll(one);
    void searchAll(other);
    stopSearches(one);
    expect(running()).toEqual(['frontier']);
    expect(other.searches.getState().running).toEqual(['frontier']);
  });

  it('put no thresholds of confidences on screen where repeated labels are counted', async () => {
    const scene = sceneWith();
    const rule = 'at-least' as const;
    for (const split of ['test', 'train'] as const)
      acceptTrace(scene, { ...scene.shown.getState()[split]!, rule, method: 'sdn' });
    await sweepNow(scene, scene.shown.getState().train!);
    expect(scene.shown.getState().policy!.rule).toBe(rule);
    const before = scene.shown.getState().policy;
    void chooseAndSearch(scene, 'patience');
    await settled();
    const { policy, source, curves, chosen } = scene.shown.getState();
    expect(source).toBe('provisional');
    expect(policy).not.toBe(before);
    expect(curves.sweep).toBeDefined();
    expect(activeCurve({ curves, chosen })).toBeNull();
  });

  it('certify along the frontier that is chosen, and beside it one share for all exits', async () => {
    const scene = sceneWith();
    const { test, train } = scene.shown.getState();
    const known = { ...test!, prediction: test!.prediction.slice() };
    // Nothing is harmed where the end is as wrong as the beginning: everything can be certified.
    for (let at = 0; at < known.prediction.length; at++)
      known.prediction[at] = test!.prediction[at % test!.count]!;
    acceptTrace(scene, known);
    const promise = certifyRisk(scene, { epsilon: 0.5, delta: 0.2 });
    expect(begun.map(({ id }) => id)).toEqual(['frontier']);
    begun[0]!.finds(0.6, 0.5);
    begun[0]!.ends();
    await promise;
    const { policy, source, chosen } = scene.shown.getState();
    expect([source, chosen]).toEqual(['certified', 'frontier']);
    const spent = replay(train!, policy!).meanFlops / train!.networkFlops;
    const first = train!.exits[0]!.flops / train!.networkFlops;
    expect(spent).toBeCloseTo(first);
    expect(scene.searches.getState().certificate).toMatch(/^Certified for ε = 0.5, δ = 0.2: /);
  });

  it('promise nothing where another curve was chosen meanwhile', async () => {
    const scene = sceneWith();
    const promise = certifyRisk(scene, { epsilon: 0.9, delta: 0.2 });
    void chooseAndSearch(scene, 'patience');
    begun.find(({ id }) => id === 'frontier')!.ends();
    await promise;
    expect(scene.searches.getState().certificate).toBeNull();
    expect(scene.shown.getState()).toMatchObject({ chosen: 'patience', source: 'provisional' });
  });

  it('promise nothing for traces that have gone meanwhile', async () => {
    const scene = sceneWith();
    const promise = certifyRisk(scene, { epsilon: 0.1, delta: 0.1 });
    stopSearches(scene);
    clearTraces(scene);
    await promise;
    expect(scene.searches.getState().certificate).toBeNull();
    expect(scene.shown.getState().policy).toBeNull();
  });
});

describe('costs of one’s own', () => {
  it('are what every search of the scene counts, until they are dropped', async () => {
    const scene = sceneWith();
    setOneThreshold(scene, 0.5);
    const { policy, test } = scene.shown.getState();
    const numbers = test!.exits.map(({ name }, j) => `${name} ${2 ** j}`).join('\n');
    takeCosts(scene, { unit: 'ms', source: 'a phone', numbers });
    await vi.waitFor(() =>
      expect(begun.at(-1)?.trace.exits.map(({ flops }) => flops)).toEqual([1, 2, 4, 8]),
    );
    const { trace, curves } = scene.shown.getState();
    expect(trace!.networkFlops).toBe(8);
    expect(curves.sweep!.stops[0]!.cost).toBeGreaterThanOrEqual(1 / 8);
    expect(scene.shown.getState().policy).toEqual(policy);
    // What is traced anew meanwhile costs the same.
    acceptTrace(scene, { ...randomTrace(60, 4), split: 'test' });
    expect(scene.shown.getState().test!.networkFlops).toBe(8);

    dropCosts(scene);
    expect(scene.shown.getState().test!.networkFlops).toBe(test!.networkFlops);
    await vi.waitFor(() => expect(begun.at(-1)!.trace.networkFlops).toBe(test!.networkFlops));
  });

  it('are refused in a sentence, and nothing changes', () => {
    const scene = sceneWith();
    const before = scene.shown.getState();
    const give = (unit: string, numbers: string) => () =>
      takeCosts(scene, { unit, source: '', numbers });
    expect(give('ms', '1 2')).toThrow('Expected 4 numbers');
    expect(give(' ', '1 2 3 4')).toThrow('Say in what unit');
    expect(scene.shown.getState()).toBe(before);
  });
});
