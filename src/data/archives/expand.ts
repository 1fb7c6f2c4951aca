/** Archives among files are folders: what is in them takes their place. */
import { DataError, grouped } from '../errors.ts';
import { ShutArchive } from './shut.ts';
import { ByteReader, type Bytes, type ByteSource } from '../formats/bytes.ts';
import { isNamedArchive, placed, type Expanded, type PlacedSource } from './placed.ts';
import { isTar, isZip } from './starts.ts';

const ARCHIVES = /\.(zip|tar|tgz|tar\.gz|tar\.bz2|tar\.xz|7z|rar)$/i;
/** Most bytes that a packed tar archive may unpack to. */
const MOST_UNPACKED = 2 ** 32;

const baseOf = (path: string): string => path.replace(/^.*[\\/]/, '');

/** @throws AbortError; what is wrong with an archive is in `faults`. */
export async function expand(
  given: readonly ByteSource[],
  signal?: AbortSignal,
): Promise<Expanded> {
  const sources: PlacedSource[] = [];
  const from: number[] = [];
  const faults: (DataError | null)[] = [];
  const closed: { from: number; says: string }[] = [];
  const shut: string[] = [];
  for (const [i, one] of given.entries()) {
    signal?.throwIfAborted();
    const source = placed(one);
    const add = (found: PlacedSource): void => {
      sources.push(found);
      from.push(i);
    };
    try {
      const inside = await entriesOf(source, signal);
      faults.push(null);
      if (!inside) add(source);
      for (const entry of inside ?? [])
        if (ARCHIVES.test(entry.name))
          closed.push({
            from: i,
            says: `${source.name} holds a further archive (${entry.name}), which stays closed: unpack it and give what is in it.`,
          });
        else add(entry);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      faults.push(error);
      if (error instanceof ShutArchive) shut.push(...error.inside);
      // Another reader of archives may know what to do with it.
      add(source);
    }
  }
  return { sources, from, faults, closed, shut };
}

async function entriesOf(
  source: PlacedSource,
  signal: AbortSignal | undefined,
): Promise<PlacedSource[] | null> {
  const { name } = source;
  if (!isNamedArchive(name)) return null;
  const reader = await ByteReader.open(source, { signal });
  const start = await reader.peek(512).finally(() => reader.close());
  const folder = source.path.replace(/(\.tar)?\.\w+$/i, '');
  if (isZip(start)) {
    const { zipEntries } = await import('./zip.ts');
    const entries = await zipEntries(await blobOf(source), name);
    if (entries.length > 0 && entries.every(({ path }) => path.endsWith('.npy'))) return null;
    return entries.map(({ path, size, stream }) => ({
      ...{ name: baseOf(path), path: `${folder}/${path}`, size, stream },
    }));
  }
  if (!isTar(start)) return null;
  const { tarEntries } = await import('./tar.ts');
  const tar = reader.packed ? await unpacked(source, signal) : await blobOf(source);
  return (await tarEntries(tar, name)).map(({ path, content }) => ({
    ...{ name: baseOf(path), path: `${folder}/${path}`, size: content.size, blob: content },
    stream: () => content.stream() as ReadableStream<Bytes>,
  }));
}

async function blobOf(source: PlacedSource): Promise<Blob> {
  return source.blob ?? new Response(source.stream()).blob();
}

/** What was unpacked last: an archive is looked at, then read. */
let last: { readonly key: string; readonly tar: Promise<Blob> } | null = null;

/** A browser keeps a large blob on disk. */
function unpacked(source: PlacedSource, signal: AbortSignal | undefined): Promise<Blob> {
  const changed = source.blob instanceof File ? source.blob.lastModified : '';
  const key = `${source.path} ${source.size ?? ''} ${changed}`;
  if (last?.key === key) return last.tar;
  let sum = 0;
  const counted = new TransformStream<Bytes, Bytes>({
    transform(chunk, controller) {
      signal?.throwIfAborted();
      sum += chunk.length;
      if (sum > MOST_UNPACKED)
        throw new DataError(
          `${source.name} unpacks to more than ${grouped(MOST_UNPACKED)} bytes, the most that can be opened here.`,
        );
      controller.enqueue(chunk);
    },
  });
  const stream = source.stream().pipeThrough(new DecompressionStream('gzip')).pipeThrough(counted);
  const tar = new Response(stream).blob().catch((error: unknown) => {
    last = null;
    signal?.throwIfAborted();
    if (error instanceof DataError) throw error;
    throw new DataError(
      `${source.name} is damaged or cut off: it begins like gzip but does not unpack. Download it again.`,
    );
  });
  last = { key, tar };
  return tar;
}
