/** What the page's own server offers of published files under `data/` (see scripts/mirror.ts). */
import { chooseFiles, isFileDatasetId, type FileDatasetId } from '../catalogue.ts';
import { DataError, isAbort } from '../errors.ts';
import type { SplitName } from '../../core/dataset.ts';

export interface MirrorFile {
  readonly name: string;
  readonly size: number;
}

export interface MirrorDataset {
  readonly id: FileDatasetId;
  readonly files: readonly MirrorFile[];
}

/** `data/index.json`. */
export interface MirrorIndex {
  readonly datasets: readonly MirrorDataset[];
}

/**
 * Asks what the server has. A server without a mirror (a static host, or one that answers every address with the
 * page) has nothing, which is no error.
 * @param url address of the mirror's folder, ending in "/".
 * @throws DataError when the server cannot be reached or cannot answer now; AbortError.
 */
export async function listMirror(url: string, signal?: AbortSignal): Promise<MirrorIndex> {
  const response = await get(`${url}index.json`, signal);
  if (response.status >= 500)
    throw new DataError(
      `The page's server answered ${response.status} when asked for its images. It may be starting: try again in a moment.`,
    );
  if (!response.ok) return { datasets: [] };
  try {
    return parseIndex(await response.json());
  } catch (error) {
    if (isAbort(error)) throw error;
    return { datasets: [] };
  }
}

/** Keeps what is well formed and known; drops the rest. */
export function parseIndex(json: unknown): MirrorIndex {
  const datasets: MirrorDataset[] = [];
  for (const item of arrayAt(json, 'datasets')) {
    const id = valueAt(item, 'id');
    if (typeof id !== 'string' || !isFileDatasetId(id)) continue;
    const files = arrayAt(item, 'files').flatMap((file) => {
      const name = valueAt(file, 'name');
      const size = valueAt(file, 'size');
      return typeof name === 'string' && typeof size === 'number' ? [{ name, size }] : [];
    });
    datasets.push({ id, files });
  }
  return { datasets };
}

/**
 * How many images of each split the listed files hold; null when a split is incomplete.
 * For a menu that says what it offers.
 */
export function mirrorCounts(dataset: MirrorDataset): Record<SplitName, number> | null {
  const names = new Set(dataset.files.map(({ name }) => name));
  const train = chooseFiles(dataset.id, 'train', names);
  const test = chooseFiles(dataset.id, 'test', names);
  return train && test && { train: train.count, test: test.count };
}

/** @throws DataError when the server cannot be reached; AbortError. */
export async function get(url: string, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, signal ? { signal } : {});
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new DataError(
      'The page’s server cannot be reached, so its images are not here. Strokes, opened files and what this browser keeps ' +
        'work without it.',
      { cause: error },
    );
  }
}

function valueAt(json: unknown, key: string): unknown {
  return typeof json === 'object' && json !== null
    ? (json as Record<string, unknown>)[key]
    : undefined;
}

function arrayAt(json: unknown, key: string): unknown[] {
  const value = valueAt(json, key);
  return Array.isArray(value) ? value : [];
}
