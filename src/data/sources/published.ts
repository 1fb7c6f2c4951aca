/** Plans to load a dataset from files that have their published names: of the page's own server, or of a folder. */
import type { SplitName } from '../../core/dataset.ts';
import type { Plan } from '../assemble.ts';
import { catalogue, chooseFiles, publishedAs, type FileDatasetId } from '../catalogue.ts';
import { DataError } from '../errors.ts';
import type { Bytes, ByteSource } from '../formats/bytes.ts';
import { formatOf } from '../formats/index.ts';
import { get, listMirror } from './mirror.ts';

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
