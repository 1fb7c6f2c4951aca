import { DataError } from '../errors.ts';
import { isGzip } from './gzip.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

/** Where bytes come from. A `File` is one; a fetched or a Node file is easily made one. */
export interface ByteSource {
  /** File name, for messages and for telling parts apart. */
  readonly name: string;
  /** Folders and name, where it lay in folders: "pets/train/cat/1.png". */
  readonly path?: string;
  /** Number of bytes as stored (packed, when it is gzip), if known. */
  readonly size?: number;
  /** The whole file as it lies in storage, where it can be had at once. */
  readonly blob?: Blob;
  stream(): ReadableStream<Bytes>;
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes that each read took from the source (packed bytes, when it is gzip). */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

const none: Bytes = new Uint8Array(0);

/**
 * The bytes of a source, unpacked when they start like gzip, in the portions that the caller asks for. Holds one
 * chunk at a time.
 */
export class ByteReader {
  readonly name: string;
  /** True when the source is packed with gzip; its size then says nothing of the content's. */
  readonly packed: boolean;
  readonly #reader: ReadableStreamDefaultReader<Bytes>;
  readonly #signal: AbortSignal | undefined;
  readonly #origin: Origin;
  readonly #onAbort = () => void this.#reader.cancel().catch(() => undefined);
  #chunk = none;
  #ended = false;

  private constructor(source: ByteSource, origin: Origin, packed: boolean, signal?: AbortSignal) {
    this.name = source.name;
    this.packed = packed;
    this.#origin = origin;
    this.#signal = signal;
    const raw = origin.stream();
    this.#reader = (packed ? raw.pipeThrough(new DecompressionStream('gzip')) : raw).getReader();
    signal?.addEventListener('abort', this.#onAbort);
  }

  /** @throws DataError when the source cannot be read; AbortError. */
  static async open(
    source: ByteSource,
    { signal, onBytes }: ReadOptions = {},
  ): Promise<ByteReader> {
    signal?.throwIfAborted();
    const origin = new Origin(source, onBytes);
    const packed = isGzip(await origin.start(2));
    return new ByteReader(source, origin, packed, signal);
  }

  /** The next `length` bytes (fewer at the end) without taking them. */
  async peek(length: number): Promise<Bytes> {
    while (this.#chunk.length < length) {
      const more = await this.#next();
      if (!more) break;
      this.#chunk = joined(this.#chunk, more);
    }
    return this.#chunk.subarray(0, length);
  }

  /** Fills target[offset … offset + length − 1]; returns how many bytes came before the end. */
  async readInto(target: Uint8Array, offset: number, length: number): Promise<number> {
    let got = 0;
    while (got < length) {
      if (this.#chunk.length === 0) {
        const more = await this.#next();
        if (!more) break;
        this.#chunk = more;
      }
      const part = this.#chunk.subarray(0, length - got);
      target.set(part, offset + got);
      got += part.length;
      this.#chunk = this.#chunk.subarray(part.length);
    }
    return got;
  }

  async atEnd(): Promise<boolean> {
    return (await this.peek(1)).length === 0;
  }

  /** Lets go of the source; always call it. */
  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    await this.#reader.cancel().catch(() => undefined);
  }

  async #next(): Promise<Bytes | null> {
    if (this.#ended) return null;
    this.#signal?.throwIfAborted();
    try {
      const { done, value } = await this.#reader.read();
      // Aborting cancels the reader, which looks like an end.
      this.#signal?.throwIfAborted();
      this.#ended = done;
      return value ?? null;
    } catch (error) {
      this.#signal?.throwIfAborted();
      if (this.#origin.failure) throw this.#origin.failure;
      if (!this.packed) throw unreadable(this.name, error);
      throw new DataError(
        `${this.name} is damaged or cut off: it begins like gzip but does not unpack. Download it again.`,
      );
    }
  }
}

/** The stored bytes: counts them, and remembers a failure to read, which is no failure to unpack. */
class Origin {
  failure: Error | null = null;
  readonly #name: string;
  readonly #reader: ReadableStreamDefaultReader<Bytes>;
  readonly #onBytes: ((bytes: number) => void) | undefined;
  #first = none;

  constructor(source: ByteSource, onBytes?: (bytes: number) => void) {
    this.#name = source.name;
    this.#reader = source.stream().getReader();
    this.#onBytes = onBytes;
  }

  async start(length: number): Promise<Bytes> {
    while (this.#first.length < length) {
      const chunk = await this.#read();
      if (!chunk) break;
      this.#first = joined(this.#first, chunk);
    }
    return this.#first;
  }

  stream(): ReadableStream<Bytes> {
    return new ReadableStream<Bytes>(
      {
        pull: async (controller) => {
          const first = this.#first;
          this.#first = none;
          const chunk = first.length > 0 ? first : await this.#read();
          if (chunk) controller.enqueue(chunk);
          else controller.close();
        },
        cancel: (reason) => this.#reader.cancel(reason),
      },
      { highWaterMark: 0 },
    );
  }

  async #read(): Promise<Bytes | null> {
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        if (done) return null;
        this.#onBytes?.(value.length);
        if (value.length > 0) return value;
      }
    } catch (error) {
      this.failure = unreadable(this.#name, error);
      throw this.failure;
    }
  }
}

function unreadable(name: string, error: unknown): Error {
  if (error instanceof DataError) return error;
  if (error instanceof Error && error.name === 'AbortError') return error;
  const why = error instanceof Error ? error.message : String(error);
  return new DataError(
    `${name} could not be read to its end (${why}). Try again, or drop the file in anew.`,
  );
}

function joined(a: Bytes, b: Bytes): Bytes {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
