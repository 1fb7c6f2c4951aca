/** A file of the page's own server: whole and as it was written, or a sentence that names it. */
import { joined, partsOf } from './body.ts';
import { sha256 } from './sha256.ts';

/** How far a file is. */
export interface Arriving {
  /** Bytes so far. */
  readonly done: number;
  /** Bytes of the file; null where the server does not say. */
  readonly total: number | null;
  /** Whether nothing has come for a while. */
  readonly isStill: boolean;
}

export interface Wanted {
  /** As sentences call it: "index.json of the recorded runs". */
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
  /** What its bytes must be; without it they are not checked. */
  readonly digest?: Expected | undefined;
  readonly onArriving?: ((arriving: Arriving) => void) | undefined;
}

/**
 * SHA-256 that the bytes of a file must have, in hex; null where nobody states one.
 * @param isAgain whether what came did not have it: what was stated may be out of date.
 */
export type Expected = (isAgain: boolean) => Promise<string | null>;

type Reason =
  /** The server cannot be reached, or the transfer broke off. */
  | 'unreachable'
  | 'missing'
  | 'refused'
  /** Nothing came for so long that nothing will. */
  | 'silent'
  | 'damaged';

/** The message is a sentence for a person. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
  constructor(
    readonly reason: Reason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Milliseconds without a byte after which it is said that nothing comes. */
export const STILL = 8_000;
/** Milliseconds without a byte after which a transfer is given up. */
export const SILENT = 60_000;

/**
 * The bytes of a file. What broke off, came damaged or was refused by a server that may recover is asked for once more,
 * past the browser's cache.
 * @throws FetchError with a sentence that names the file; the signal's reason.
 */
export async function fetchFile(address: string | URL, wanted: Wanted): Promise<Uint8Array> {
  try {
    return await fetchOnce(address, wanted, false);
  } catch (error) {
    if (!(error instanceof FetchError) || ['missing', 'silent'].includes(error.reason)) throw error;
    return fetchOnce(address, wanted, true);
  }
}

async function fetchOnce(
  address: string | URL,
  { name, signal, digest, onArriving }: Wanted,
  isAgain: boolean,
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  const watch = new Watch(signal);
  // A server that takes its time to answer at all is as silent as one that stops in the middle.
  watch.onStill = () => onArriving?.({ done: 0, total: null, isStill: true });
  try {
    const stated = digest?.(isAgain);
    const response = await fetch(address, {
      signal: watch.signal,
      ...(isAgain && { cache: 'reload' }),
    });
    checkAnswer(name, response);
    const bytes = await read(response, watch, onArriving);
    const expected = await stated;
    const found = expected ? await sha256(bytes) : null;
    if (expected && found !== null && found !== expected)
      throw new FetchError(
        'damaged',
        `${name} arrived damaged: its ${bytes.length} bytes are not those that were published. Load the page again; if ` +
          'it stays so, the copy on the server is damaged.',
      );
    return bytes;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof FetchError) throw error;
    if (watch.signal.aborted)
      throw new FetchError(
        'silent',
        `${name} could not be loaded: nothing has come for ${SILENT / 1000} seconds. Look at the connection, then try again.`,
        { cause: error },
      );
    throw new FetchError(
      'unreachable',
      `${name} could not be loaded: the server cannot be reached or the transfer broke off. Try again when you are online.`,
      { cause: error },
    );
  } finally {
    watch.end();
  }
}

/** @throws FetchError when what was answered is not the file. */
function checkAnswer(name: string, { ok, status, headers }: Response): void {
  // A page's server may answer with the page itself where a file is missing.
  const isPage = headers.get('content-type')?.includes('text/html') ?? false;
  if (status === 404 || (ok && isPage))
    throw new FetchError('missing', `There is no ${name} on the page’s server.`);
  if (!ok)
    throw new FetchError(
      'refused',
      `${name} could not be loaded: the server answered ${status}. Try again in a moment.`,
    );
}

async function read(
  response: Response,
  watch: Watch,
  onArriving: Wanted['onArriving'],
): Promise<Uint8Array> {
  const { headers, body } = response;
  // Of what is packed on its way the length says nothing.
  const length = headers.get('content-encoding') ? null : headers.get('content-length');
  const total = length === null ? null : Number(length);
  let done = 0;
  watch.onStill = () => onArriving?.({ done, total, isStill: true });
  const heard = (bytes: number): void => {
    watch.heard();
    done = bytes;
    onArriving?.({ done, total, isStill: false });
  };
  return joined(body ? await partsOf(body, heard) : []);
}

/** Ends a transfer that has fallen silent. */
class Watch {
  onStill: () => void = () => undefined;
  readonly #controller = new AbortController();
  readonly #follow: () => void;
  #timers: ReturnType<typeof setTimeout>[] = [];

  constructor(private readonly outer: AbortSignal | undefined) {
    this.#follow = () => this.#controller.abort(outer?.reason);
    outer?.addEventListener('abort', this.#follow, { once: true });
    this.heard();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  heard(): void {
    this.#timers.forEach(clearTimeout);
    this.#timers = [
      setTimeout(() => this.onStill(), STILL),
      setTimeout(() => this.#controller.abort(), SILENT),
    ];
  }

  end(): void {
    this.#timers.forEach(clearTimeout);
    this.outer?.removeEventListener('abort', this.#follow);
  }
}
