import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Dataset } from '../../core/dataset.ts';
import { createDataClient } from '../../data/client.ts';
import type { LoadRequest } from '../../data/client.ts';
import { createEngine } from '../../engine/client/engine.ts';
import type { Engine } from '../../engine/client/types.ts';
import { engine } from '../lease/engine.ts';
import { attempt, Lane, type Attempt, type End } from './attempt.ts';
import { createScene } from './scene.ts';
import { workOn } from './work.ts';
import { useNotices } from '../notices.ts';

vi.mock('../../engine/client/engine.ts', () => ({ createEngine: vi.fn() }));
vi.mock('../../data/client.ts', () => ({ createDataClient: vi.fn() }));

const strokes = { id: 'strokes', seed: 1, train: 10, test: 10 } as const;
const loads: { owner: string | undefined; signal: AbortSignal | undefined }[] = [];
vi.mocked(createDataClient).mockReturnValue({
  load: (_: LoadRequest<File>, { owner, signal } = {}) => {
    loads.push({ owner, signal });
    return Promise.resolve({ id: 'strokes' } as Dataset);
  },
} as ReturnType<typeof createDataClient>);

const turn = () => new Promise((resolve) => setTimeout(resolve));

/** What waits until its attempt ends. */
const untilEnd = ({ signal }: Attempt): Promise<never> =>
  new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error)),
  );

beforeEach(async () => {
  vi.mocked(createEngine).mockReset();
  vi.mocked(createEngine).mockResolvedValue({
    backend: { name: 'wasm' },
    fitted: 'sdn',
    dispose: () => undefined,
  } as unknown as Engine);
  engine.end();
  useNotices.setState({ notices: [] });
});

describe('attempts of a lane', () => {
  it('write while they are the latest, and say nothing once they have ended', () => {
    const lane = new Lane('explore');
    const written: string[] = [];
    const first = lane.begin();
    first.write(() => written.push('first'));
    lane.stop();
    first.say(() => written.push('progress of what was stopped'));
    first.write(() => written.push('what it had finished'));
    const second = lane.begin();
    first.write(() => written.push('superseded'));
    second.write(() => written.push('second'));
    expect(written).toEqual(['first', 'what it had finished', 'second']);
  });

  it('hear how they ended, unless another has begun', async () => {
    const lane = new Lane('explore');
    const ends: (End | string)[] = [];
    const hears = (end: End) => void ends.push(end);
    const first = attempt(lane, untilEnd, hears);
    const second = attempt(lane, () => Promise.reject(new Error('no images')), hears);
    await Promise.all([first, second]);
    expect(ends).toEqual([{ error: new Error('no images'), by: undefined }]);
    const third = attempt(lane, untilEnd, hears);
    lane.stop();
    await third;
    expect(ends[1]).toEqual({ error: null, by: undefined });
  });

  it('have parts that end with the whole, and can lose the engine alone', async () => {
    const whole = new Lane('race').begin();
    const [part, other] = [whole.part(), whole.part()];
    await part.engine();
    await new Lane('explore').begin().engine();
    expect([part.signal.aborted, whole.signal.aborted]).toEqual([true, false]);
    whole.controller.abort();
    expect(other.signal.aborted).toBe(true);
  });
});

describe('the engine', () => {
  it('is handed from one scene to another, and what was interrupted says so on its own', async () => {
    const [explore, clusters] = [createScene('explore'), createScene('clusters')];
    const begin = { status: 'running', loading: null } as const;
    const takes = async (mine: Attempt) => {
      await mine.engine();
      await untilEnd(mine);
    };
    const run = workOn(explore, begin, takes, () => undefined);
    await turn();
    const clustering = workOn(clusters, begin, takes, () => undefined);
    await run;
    expect(explore.run.getState().status).toBe('cancelled');
    expect(clusters.run.getState().status).toBe('running');
    expect(useNotices.getState().notices.map(({ text }) => text)).toEqual([
      'Explore’s run ended because a clustering began. What it had stays; run it again there.',
    ]);
    expect(await engine.thatLearnt('explore', 'sdn')).toBeNull();
    expect(await engine.thatLearnt('clusters', 'sdn')).not.toBeNull();
    clusters.work.stop();
    await clustering;
  });

  it('that could not start is started anew at the next need', async () => {
    vi.mocked(createEngine).mockRejectedValueOnce(new Error('no backend'));
    const lane = new Lane('explore');
    await expect(lane.begin().engine()).rejects.toThrow('no backend');
    await expect(lane.begin().engine()).resolves.toMatchObject({ fitted: 'sdn' });
    await lane.begin().engine();
    expect(createEngine).toHaveBeenCalledTimes(2);
  });
});

describe('the data worker', () => {
  it('loads for each lane by its own name, so that no scene takes back what another asked for', async () => {
    const [explore, clusters] = [createScene('explore'), createScene('clusters')];
    const lanes = [explore.work, explore.picturing, clusters.picturing];
    const attempts = lanes.map((lane) => lane.begin());
    await Promise.all(attempts.map((mine) => mine.images(strokes)));
    expect(new Set(loads.map(({ owner }) => owner)).size).toBe(3);
    clusters.picturing.stop();
    expect(loads.map(({ signal }) => signal!.aborted)).toEqual([false, false, true]);
  });
});
