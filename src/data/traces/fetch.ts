/** A file from an address that a person or a link gave. */
import { joined, partsOf } from '../../fetch/body.ts';
import { DataError, grouped } from '../errors.ts';

/** How far a file is, in bytes; null where its server does not say how many there are. */
export interface Coming {
  readonly done: number;
  readonly total: number | null;
}

/** Milliseconds between two words on how far it is. */
const EVERY = 100;

/**
 * Its bytes.
 * @param most bytes that are read of it.
 * @param tell how far it is.
 * @throws DataError with a sentence when it cannot be had, is a page, or has more; AbortError.
 */
export async function fetchFile(
  url: URL,
  most: number,
  signal: AbortSignal | undefined,
  tell: (arriving: Coming) => void = () => undefined,
): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(url, { signal: signal ?? null });
  } catch (error) {
    signal?.throwIfAborted();
    throw new DataError(
      `${url.href} could not be had: its server cannot be reached, or does not let other pages read it (CORS). ` +
        'Download the file and open it here.',
      { cause: error },
    );
  }
  if (!response.ok)
    throw new DataError(`${url.href} could not be had: the server answered ${response.status}.`);
  if (response.headers.get('content-type')?.includes('text/html'))
    throw new DataError(
      `${url.href} is a web page, not a file of data. Look for the address of the file itself.`,
    );
  return read(response, url, most, signal, tell);
}

async function read(
  response: Response,
  url: URL,
  most: number,
  signal: AbortSignal | undefined,
  tell: (arriving: Coming) => void,
): Promise<Uint8Array> {
  let length = 0;
  let last = -Infinity;
  // Packed ones are counted unpacked.
  const isPlain = !response.headers.has('content-encoding');
  const total = (isPlain && Number(response.headers.get('content-length'))) || null;
  try {
    const parts = await partsOf(response.body!, (bytes) => {
      length = bytes;
      const now = performance.now();
      if (now - last > EVERY) tell({ done: bytes, total });
      if (now - last > EVERY) last = now;
      if (bytes > most)
        throw new DataError(
          `${url.href} has more than ${grouped(most)} bytes, the most that can be opened.`,
        );
    });
    return joined(parts);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof DataError) throw error;
    throw new DataError(`${url.href} broke off after ${grouped(length)} bytes. Try again.`, {
      cause: error,
    });
  }
}
