/** The files of a dataset of the Hub, each fetched whole, at a commit. */
import type { LoadProgress } from '../assemble.ts';
import { partsOf } from '../../fetch/body.ts';
import { DataError, grouped } from '../errors.ts';
import { infoOf } from '../parquet/features.ts';
import { INFO } from '../parquet/tree.ts';
import { answerOf, type Ask } from './ask.ts';
import { findOnHub, type HubFile } from './find.ts';
import { byHand, hubText, parseHubName, type HubName } from './name.ts';

export interface HubFiles {
  /** Pinned to a commit: "ylecun/mnist@…". */
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly content: Blob }[];
}

/**
 * Fetches a dataset by its name.
 * @param known names, pinned, of which the files are at hand: such a one is only named, not fetched.
 * @throws DataError with a sentence that says what to do; AbortError.
 */
export async function fetchFromHub(
  text: string,
  known: readonly string[],
  {
    signal,
    onProgress,
    ask = (address) => fetch(address, { signal: signal ?? null, credentials: 'omit' }),
  }: {
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
    readonly ask?: Ask;
  } = {},
): Promise<HubFiles> {
  const asked = parseHubName(text);
  if (!asked)
    throw new DataError(
      `“${text.slice(0, 60)}” is no name of a dataset on the Hub; expected owner/name, such as ylecun/mnist.`,
    );
  const { name, files, features } = await findOnHub(asked, ask);
  const pinned = hubText(name);
  if (known.includes(pinned)) return { name: pinned, files: [] };
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const fetched: { path: string; content: Blob }[] = [];
  let before = 0;
  for (const file of files) {
    const content = await whole(file, name, ask, signal, (bytes) =>
      onProgress?.({ unit: 'bytes', done: before + bytes, total, what: name.id }),
    );
    fetched.push({ path: `${name.id}/${file.path}`, content });
    before += content.size;
  }
  if (features) fetched.push({ path: `${name.id}/${INFO}`, content: new Blob([infoOf(features)]) });
  return { name: pinned, files: fetched };
}

async function whole(
  { address, path, bytes }: HubFile,
  name: HubName,
  ask: Ask,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
): Promise<Blob> {
  const response = await answerOf(address, name, ask);
  let parts: readonly Uint8Array<ArrayBuffer>[];
  let length = 0;
  try {
    parts = await partsOf(response.body!, (sofar) => onBytes((length = sofar)));
  } catch (error) {
    signal?.throwIfAborted();
    throw new DataError(
      `${path} of ${name.id} broke off after ${grouped(length)} of ${grouped(bytes)} bytes. Try again, or: ${byHand(name.id)}`,
      { cause: error },
    );
  }
  if (bytes > 0 && length !== bytes)
    throw new DataError(
      `${path} of ${name.id} has ${grouped(length)} bytes; the Hub says ${grouped(bytes)}. Try again, or: ${byHand(name.id)}`,
    );
  return new Blob([...parts]);
}
