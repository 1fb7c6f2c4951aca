/** A file from an address that a person or a link gave. */
import { joined, partsOf } from '../../fetch/body.ts';
import { DataError, grouped } from '../errors.ts';

/**
 * Its bytes.
 * @param most bytes that are read of it.
 * @throws DataError with a sentence when it cannot be had, is a page, or has more; AbortError.
 */
export async function fetchFile(
  url: URL,
  most: number,
  signal: AbortSignal | undefined,
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
      `${url.href} is a web page, not a trace. Look for the address of the file itself.`,
    );
  return read(response, url, most, signal);
}

async function read(
  response: Response,
  url: URL,
  most: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  let length = 0;
  try {
    const parts = await partsOf(response.body!, (bytes) => {
      length = bytes;
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
