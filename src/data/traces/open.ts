/**
 * Traces of other places, read in the data worker: NAME.trace.json with NAME.trace.bin beside it, or zips that hold such
 * pairs; as files or by address. Whatever they hold is checked before it is used.
 */
import { decodeTrace, type Budget } from '../../core/trace-file.ts';
import type { Trace } from '../../core/trace.ts';
import { DataError, grouped } from '../errors.ts';
import { fetchFile } from './fetch.ts';

export interface OpenedTrace {
  readonly trace: Trace;
  readonly budget: Budget | null;
  /** Name of its header, or of the zip that holds it. */
  readonly file: string;
}

/** Where traces are: files that a person gave, or absolute addresses of headers and zips. */
export type TracePlaces =
  { readonly files: readonly File[] } | { readonly addresses: readonly string[] };

/** Most bytes that are read of one file. */
const MOST_BYTES = 1e9;

/** A file by its name: what is in it is read when it is needed. */
interface Source {
  readonly name: string;
  readonly size: number;
  readonly read: () => Promise<Uint8Array>;
}

/**
 * Reads every trace that the places hold.
 * @throws DataError with a sentence that names the file, and where one is wrong, the field; AbortError.
 */
export async function openTraces(
  places: TracePlaces,
  signal?: AbortSignal,
): Promise<OpenedTrace[]> {
  if ('files' in places) return openAll(places.files.map(sourceOf), signal);
  const opened = await Promise.all(
    places.addresses.map(async (address) => openAll(await atAddress(address, signal), signal)),
  );
  return opened.flat();
}

const sourceOf = (file: File): Source => ({
  name: file.name,
  size: file.size,
  read: async () => new Uint8Array(await file.arrayBuffer()),
});

const inMemory = (name: string, bytes: Uint8Array): Source => ({
  name,
  size: bytes.length,
  read: () => Promise.resolve(bytes),
});

const isZip = ({ name }: Source): boolean => /\.zip$/i.test(name);
const isHeader = ({ name }: Source): boolean => /\.json$/i.test(name);
const isArrays = ({ name }: Source): boolean => /\.bin$/i.test(name);
const stem = (name: string): string => name.replace(/\.(json|bin)$/i, '');

/** A zip, or a header with the arrays that stand beside it. */
async function atAddress(address: string, signal: AbortSignal | undefined): Promise<Source[]> {
  const url = new URL(address);
  const name = decodeURIComponent(url.pathname.split('/').at(-1) ?? '');
  const first = inMemory(name, await fetchFile(url, MOST_BYTES, signal));
  if (isZip(first)) return [first];
  if (!isHeader(first))
    throw new DataError(
      `${address} is no address of a trace; expected one that ends in .trace.json, with the .trace.bin beside it, or in .zip.`,
    );
  const beside = new URL(url);
  beside.pathname = url.pathname.replace(/\.json$/i, '.bin');
  return [first, inMemory(`${stem(name)}.bin`, await fetchFile(beside, MOST_BYTES, signal))];
}

async function openAll(
  sources: readonly Source[],
  signal: AbortSignal | undefined,
): Promise<OpenedTrace[]> {
  const large = sources.find(({ size }) => size > MOST_BYTES);
  if (large)
    throw new DataError(
      `${large.name} has ${grouped(large.size)} bytes; at most ${grouped(MOST_BYTES)} can be opened. Trace fewer images, or write its confidences as uint16.`,
    );
  const opened: OpenedTrace[] = [];
  for (const zip of sources.filter(isZip)) opened.push(...(await openZip(zip, signal)));
  const headers = sources.filter(isHeader);
  const arrays = sources.filter(isArrays);
  for (const header of headers) {
    signal?.throwIfAborted();
    opened.push(await openPair(header, arraysOf(header, headers, arrays)));
  }
  const alone = arrays.find(
    ({ name }) => !headers.some((header) => stem(header.name) === stem(name)),
  );
  if (alone && headers.length === 0)
    throw new DataError(
      `${alone.name} holds the arrays of a trace; open it together with ${stem(alone.name)}.json, which says what they are.`,
    );
  return opened;
}

/** By name; a pair that was renamed is known by being the only one. */
function arraysOf(header: Source, headers: readonly Source[], arrays: readonly Source[]): Source {
  const beside = arrays.find(({ name }) => stem(name) === stem(header.name));
  const only = headers.length === 1 && arrays.length === 1 ? arrays[0] : undefined;
  const found = beside ?? only;
  if (!found)
    throw new DataError(
      `${header.name} says what a trace is; its arrays are in ${stem(header.name)}.bin. Open the two together.`,
    );
  return found;
}

async function openPair(header: Source, arrays: Source): Promise<OpenedTrace> {
  const json = parse(header.name, await header.read());
  const bytes = await arrays.read();
  try {
    return { ...decodeTrace(json, bytes), file: header.name };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DataError(`${header.name} cannot be opened as a trace. ${why}`, { cause: error });
  }
}

function parse(name: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new DataError(`${name} is not JSON; it is damaged, cut off, or something else.`, {
      cause: error,
    });
  }
}

async function openZip(zip: Source, signal: AbortSignal | undefined): Promise<OpenedTrace[]> {
  const { unzip } = await import('../arrays/zip.ts');
  const others: string[] = [];
  const entries = unzip(await zip.read(), zip.name, (entry) => {
    if (entry.startsWith('__MACOSX/')) return false;
    if (/\.trace\.(json|bin)$/i.test(entry)) return true;
    others.push(entry);
    return false;
  });
  const inside = await openAll(
    [...entries].map(([name, bytes]) => inMemory(name, bytes)),
    signal,
  ).catch((error: unknown) => {
    throw error instanceof DataError ? new DataError(`${zip.name}: ${error.message}`) : error;
  });
  if (inside.length === 0) throw new DataError(noTraceIn(zip.name, others));
  return inside.map((opened) => ({ ...opened, file: zip.name }));
}

/** Files of which images are made, as their names go. */
const OF_IMAGES =
  /\.(png|jpe?g|gif|bmp|webp|tiff?)$|-ubyte(\.gz)?$|(^|\/)(data|test|train)[^/]*\.bin$/i;
const MOST_NAMED = 3;

function noTraceIn(zip: string, others: readonly string[]): string {
  if (others.length === 0)
    return `${zip} is an empty archive; a trace in it would be NAME.trace.json with NAME.trace.bin.`;
  const rest = others.length - MOST_NAMED;
  const named = `${others.slice(0, MOST_NAMED).join(', ')}${rest > 0 ? ` and ${grouped(rest)} more` : ''}`;
  const what = `${zip} holds no trace, but ${named}.`;
  return others.some((name) => OF_IMAGES.test(name))
    ? `${what} Images open unpacked: unpack the archive and give the files that are in it.`
    : `${what} A trace in it would be NAME.trace.json with NAME.trace.bin.`;
}
