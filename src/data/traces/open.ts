/**
 * Traces of other places, read in the data worker: NAME.trace.json with NAME.trace.bin beside it, arrays and tables that
 * need answers before they are traces, or zips of them; as files or by address. Whatever they hold is checked before it
 * is used.
 */
import { decodeScores, encodeScores } from '../../core/kept-scores.ts';
import { decodeTrace, type Budget } from '../../core/trace-file.ts';
import type { Trace } from '../../core/trace.ts';
import { ARRAY_FILES, TABLE_FILES } from '../arrays/names.ts';
import { DataError, grouped } from '../errors.ts';
import type { Draft } from './draft.ts';
import { fetchFile } from './fetch.ts';

export interface OpenedTrace {
  readonly trace: Trace;
  readonly budget: Budget | null;
  /** Name of its header, or of the zip that holds it. */
  readonly file: string;
  /** Where there are scores beside it, as the file of a trace holds them: a blob is handed on and kept without a copy. */
  readonly scores: Blob | null;
}

/** What files hold: traces, and what will be one when a person has answered. */
export interface OpenedFiles {
  readonly traces: readonly OpenedTrace[];
  readonly draft: Draft | null;
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
  /** The archive that it is in, which stands for it in what is said. */
  readonly zip?: string;
}

/**
 * Reads every trace that the places hold.
 * @throws DataError with a sentence that names the file, and where one is wrong, the field; AbortError.
 */
export async function openTraces(places: TracePlaces, signal?: AbortSignal): Promise<OpenedFiles> {
  const given =
    'files' in places
      ? places.files.map(sourceOf)
      : await Promise.all(places.addresses.map((address) => atAddress(address, signal)));
  const sources = await unpacked(given.flat(), signal);
  const traces = await openAll(sources, signal);
  const others = sources.filter((source) => isArrayFile(source) || isTable(source));
  if (others.length === 0) return { traces, draft: null };
  const { draftOf } = await import('./drafts.ts');
  const files = [];
  for (const source of others)
    files.push({ name: source.name, bytes: await source.read(), isTable: isTable(source) });
  signal?.throwIfAborted();
  return { traces, draft: await draftOf(files) };
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
const isArrayFile = ({ name }: Source): boolean => ARRAY_FILES.test(name);
const isTable = ({ name }: Source): boolean => TABLE_FILES.test(name);
const isHeader = ({ name }: Source): boolean => /\.json$/i.test(name);
const isArrays = ({ name }: Source): boolean => /\.bin$/i.test(name);
const stem = (name: string): string => name.replace(/\.(json|bin)$/i, '');

/** A zip, or a header with the arrays that stand beside it. */
async function atAddress(address: string, signal: AbortSignal | undefined): Promise<Source[]> {
  const url = new URL(address);
  const name = decodeURIComponent(url.pathname.split('/').at(-1) ?? '');
  const first = inMemory(name, await fetchFile(url, MOST_BYTES, signal));
  if (isZip(first) || isArrayFile(first) || isTable(first)) return [first];
  if (!isHeader(first))
    throw new DataError(
      `${address} is no address of a trace; expected one that ends in .trace.json, with the .trace.bin beside it, or in .zip, .npz, .npy, .pth, .pt, .csv or .tsv.`,
    );
  const beside = new URL(url);
  beside.pathname = url.pathname.replace(/\.json$/i, '.bin');
  return [first, inMemory(`${stem(name)}.bin`, await fetchFile(beside, MOST_BYTES, signal))];
}

async function openAll(
  sources: readonly Source[],
  signal: AbortSignal | undefined,
): Promise<OpenedTrace[]> {
  const opened: OpenedTrace[] = [];
  const headers = sources.filter(isHeader);
  const arrays = sources.filter(isArrays);
  for (const header of headers) {
    signal?.throwIfAborted();
    opened.push(await within(header, () => openPair(header, arraysOf(header, headers, arrays))));
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
    const opened = decodeTrace(json, bytes);
    const scores = decodeScores(json, bytes, opened.trace);
    return { ...opened, file: header.name, scores: scores && new Blob([encodeScores(scores)]) };
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

/** A fault in what an archive holds is one of the archive. */
async function within({ zip }: Source, open: () => Promise<OpenedTrace>): Promise<OpenedTrace> {
  try {
    const opened = await open();
    return zip === undefined ? opened : { ...opened, file: zip };
  } catch (error) {
    throw error instanceof DataError && zip !== undefined
      ? new DataError(`${zip}: ${error.message}`)
      : error;
  }
}

/** The files, and in place of archives what is in them. */
async function unpacked(
  sources: readonly Source[],
  signal: AbortSignal | undefined,
): Promise<Source[]> {
  const large = sources.find(({ size }) => size > MOST_BYTES);
  if (large)
    throw new DataError(
      `${large.name} has ${grouped(large.size)} bytes; at most ${grouped(MOST_BYTES)} can be opened. Trace fewer images, or write its confidences as uint16.`,
    );
  const files: Source[] = [];
  for (const source of sources) {
    signal?.throwIfAborted();
    if (isZip(source)) files.push(...(await unzipped(source)));
    else files.push(source);
  }
  return files;
}

const IN_ARCHIVES = /\.trace\.(json|bin)$/i;

async function unzipped(zip: Source): Promise<Source[]> {
  const { unzip } = await import('../arrays/zip.ts');
  const others: string[] = [];
  const entries = unzip(await zip.read(), zip.name, (entry) => {
    if (entry.startsWith('__MACOSX/')) return false;
    if (IN_ARCHIVES.test(entry) || ARRAY_FILES.test(entry) || TABLE_FILES.test(entry)) return true;
    others.push(entry);
    return false;
  });
  if (entries.size === 0) throw new DataError(noTraceIn(zip.name, others));
  return [...entries].map(([name, bytes]) => ({ ...inMemory(name, bytes), zip: zip.name }));
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
    ? `${what} Images open where the archive is dropped on the page, or chosen under Images.`
    : `${what} A trace in it would be NAME.trace.json with NAME.trace.bin.`;
}
