/** Recorded runs that cannot be read: strokes are chosen in their place, in words, until they can be or something else is chosen. */
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type * as Images from '../lease/images.ts';
import { loadRuns } from '../lease/runs.ts';
import { dismissAll, useNotices } from '../notices.ts';
import { Lane } from '../scene/attempt.ts';
import { choose, defaultSettings, useSettings } from '../settings.ts';
import { standIn } from './stand-in.ts';

/** Whether the images of what was asked for are here. */
let isHere = false;
vi.mock('../lease/images.ts', async (original) => ({
  ...(await original<typeof Images>()),
  findDatasets: async () => undefined,
  haveImages: () => isHere,
}));

const published = readFile(new URL('../../../public/runs/index.json', import.meta.url));
let isUp = false;
const asked = { ...defaultSettings, dataset: 'cifar-10' } as const;
const show = vi.fn();
const LOOK = 15_000;

beforeEach(async () => {
  isHere = isUp = false;
  const index = await published;
  vi.stubGlobal('document', { baseURI: 'http://page/' });
  vi.stubGlobal('fetch', (address: string | URL) =>
    Promise.resolve(
      isUp && String(address).endsWith('index.json')
        ? new Response(index)
        : new Response('no', { status: 503 }),
    ),
  );
  vi.useFakeTimers();
  choose(asked);
  expect(await loadRuns()).toBeNull();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  show.mockClear();
  dismissAll();
});

const begun = () => standIn(asked, new Lane('explore').begin(), show);

it('are told with the reason, and had by a press', async () => {
  const instead = await begun();
  expect(instead).toMatchObject({ dataset: 'strokes', network: null });
  expect(useSettings.getState()).toEqual(instead);
  const [said] = useNotices.getState().notices;
  expect(said).toMatchObject({ kind: 'error', remedy: { label: 'Try again' } });
  expect(said!.text).toMatch(
    /^The recorded runs could not be read\. index\.json of the recorded runs .*503.* Meanwhile Strokes are drawn and computed here\.$/,
  );
  said!.remedy!.act();
  expect(show).toHaveBeenCalledExactlyOnceWith({ dataset: 'cifar-10', network: null });

  await vi.advanceTimersByTimeAsync(2 * LOOK);
  expect(show).toHaveBeenCalledOnce();
});

it('are looked for until something else is chosen', async () => {
  await begun();
  await vi.advanceTimersByTimeAsync(LOOK);
  isUp = true;
  choose({ dataset: 'mnist' });
  await vi.advanceTimersByTimeAsync(3 * LOOK);
  expect(show).not.toHaveBeenCalled();
});

it('do without strokes where the images are here: they are computed with, which is said', async () => {
  isHere = true;
  expect(await begun()).toBeNull();
  expect(useSettings.getState().dataset).toBe('cifar-10');
  const [said] = useNotices.getState().notices;
  expect(said!.text).toMatch(
    /^The recorded runs could not be read\..* Meanwhile it is computed here\.$/,
  );
  said!.remedy!.act();
  expect(show).toHaveBeenCalledExactlyOnceWith({ dataset: 'cifar-10', network: null });
});

// Last: an index that was read is kept.
it('are looked for again and again, and shown once they are there', async () => {
  await begun();
  await vi.advanceTimersByTimeAsync(LOOK);
  expect(show).not.toHaveBeenCalled();
  isUp = true;
  await vi.advanceTimersByTimeAsync(LOOK);
  await vi.waitFor(() =>
    expect(show).toHaveBeenCalledExactlyOnceWith({ dataset: 'cifar-10', network: null }),
  );
  await vi.advanceTimersByTimeAsync(3 * LOOK);
  expect(show).toHaveBeenCalledOnce();
});
