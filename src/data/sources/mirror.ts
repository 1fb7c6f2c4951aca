/** A folder of published files that the page's own server offers under `data/` (see scripts/mirror.ts). */
import {
  catalogue,
  chooseFiles,
  isFileDatasetId,
  publishedAs,
  type FileDatasetId,
} from '../catalogue.ts';
import { DataError, isAbort } from '../errors.ts';
import type { SplitName } from '../../core/dataset.ts';
import { formatOf } from '../formats/index.ts';
import type { Plan } from '../assemble.ts';
import type { Bytes, ByteSource } from '../formats/bytes.ts';

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

/**
 * The plan to load a dataset from the mirror.
 * @throws DataError when it is not there, or not whole.
 */
export async function planFromMirror(
  id: FileDatasetId,
  url: string,
  signal?: AbortSignal,
): Promise<Plan> {
  const { datasets } = await listMirror(url, signal);
  const home = publishedAs(id);
  const listed = datasets.find((dataset) => dataset.id === home);
  const { title } = catalogue[id];
  if (!listed) {
    throw new DataError(
      `This page's server offers no ${title} files. Start it with OFFRAMP_DATA=DIR, where DIR/${home} holds them, or ` +
        'open the files here.',
    );
  }
  return planFromNamed(id, listed.files, "the server's folder", ({ name, size }) =>
    fetched(`${url}${home}/${name}`, name, size, signal),
  );
}

/**
 * A plan from files that have their published names.
 * @throws DataError naming the files that are missing.
 */
export function planFromNamed<File extends { readonly name: string }>(
  id: FileDatasetId,
  files: readonly File[],
  where: string,
  open: (file: File) => ByteSource,
): Plan {
  const byName = new Map(files.map((file) => [file.name, file]));
  const names = new Set(byName.keys());
  const take = (split: SplitName): readonly ByteSource[] => {
    const chosen = chooseFiles(id, split, names);
    if (!chosen) {
      const wanted = catalogue[id].files[split][0]!.files;
      throw new DataError(
        `${catalogue[id].title}: ${where} lacks ${split} files; expected ${wanted.join(', ')}.`,
      );
    }
    return chosen.names.map((name) => open(byName.get(name)!));
  };
  const format = formatOf(catalogue[id].layout);
  const source = `published files from ${where}`;
  return { id, format, train: take('train'), test: take('test'), source };
}

/** A source that is fetched when it is first read. */
function fetched(url: string, name: string, size: number, signal?: AbortSignal): ByteSource {
  const stream = (): ReadableStream<Bytes> => {
    let reader: ReadableStreamDefaultReader<Bytes> | null = null;
    return new ReadableStream<Bytes>(
      {
        async pull(controller) {
          if (!reader) {
            const response = await get(url, signal);
            if (!response.ok || !response.body) {
              throw new DataError(
                `The server answered ${response.status} for ${name}; expected the file. Is the mirror folder still there?`,
              );
            }
            reader = response.body.getReader();
          }
          const { done, value } = await reader.read().catch((error: unknown) => {
            signal?.throwIfAborted();
            throw new DataError(
              `${name} broke off on its way from the page’s server. Run again when it can be reached.`,
              { cause: error },
            );
          });
          if (done) controller.close();
          else controller.enqueue(value);
        },
        cancel: (reason) => reader?.cancel(reason),
      },
      { highWaterMark: 0 },
    );
  };
  return { name, size, stream };
}

async function get(url: string, signal?: AbortSignal): Promise<Response> {
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
