/**
 * Recorded runs from the folder that comes with the page: their index, traces and fingerprints of images. Small files,
 * read on the page's own thread.
 */
import { parseRunIndex, type RunIndex } from '../core/run-index.ts';
import { decodeTrace, type Budget } from '../core/trace-file.ts';
import type { Trace } from '../core/trace.ts';
import { statedIn } from '../fetch/digests.ts';
import { fetchFile } from '../fetch/file.ts';
import { DataError } from './errors.ts';

/**
 * The index of a folder of runs: index.json lists those with traces, curves.json those of which only results and curves
 * were kept.
 * @param base address of the folder, with a slash at its end.
 * @throws DataError with a sentence when it is not there, broken or of another format; AbortError.
 */
export async function loadRunIndex(
  base: string,
  name: 'index.json' | 'curves.json' = 'index.json',
  signal?: AbortSignal,
): Promise<RunIndex> {
  const json = parseJson(name, await fetchBytes(base, name, signal));
  return inWords(name, () => parseRunIndex(json));
}

/**
 * A recorded trace, with the training budget of its method.
 * @param file name of its two files, without `.json` and `.bin`.
 * @throws DataError with a sentence when a file is not there, broken, truncated or of another trace; AbortError.
 */
export async function loadTrace(
  base: string,
  file: string,
  signal?: AbortSignal,
): Promise<{ trace: Trace; budget: Budget | null }> {
  const [header, bytes] = await Promise.all([
    fetchBytes(base, `${file}.json`, signal),
    fetchBytes(base, `${file}.bin`, signal),
  ]);
  const json = parseJson(`${file}.json`, header);
  return inWords(file, () => decodeTrace(json, bytes));
}

/**
 * Fingerprints of a dataset's images in the order of its traces [count].
 * @throws DataError with a sentence when the file is not there or has fewer; AbortError.
 */
export async function loadFingerprints(
  base: string,
  file: string,
  count: number,
  signal?: AbortSignal,
): Promise<Uint32Array> {
  const bytes = await fetchBytes(base, file, signal);
  if (bytes.length < 4 * count)
    throw new DataError(
      `${file} has ${bytes.length} bytes; expected ${4 * count} for ${count} images. It is truncated.`,
    );
  const view = new DataView(bytes.buffer);
  return Uint32Array.from({ length: count }, (_, i) => view.getUint32(4 * i, true));
}

async function fetchBytes(
  base: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  try {
    const wanted = { name: `${name} of the recorded runs`, signal, digest: statedIn(base, name) };
    return await fetchFile(base + name, wanted);
  } catch (error) {
    signal?.throwIfAborted();
    throw new DataError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function parseJson(name: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new DataError(
      `${name} of the recorded runs is not JSON; it may have been cut off. Load the page again.`,
      { cause: error },
    );
  }
}

/** What is wrong with a file's content, with the file's name. */
function inWords<Content>(name: string, read: () => Content): Content {
  try {
    return read();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DataError(`The recorded file ${name} cannot be used. ${why}`, { cause: error });
  }
}
