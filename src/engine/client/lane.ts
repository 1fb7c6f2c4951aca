/** One place in the pool: a worker, and the next one when it is lost. */
import type { NetworkFiles } from '../../network/files.ts';
import type { NetworkSummary } from '../../network/network.ts';
import type { BackendChoice, ComputePort, Requests, WorkerBackend } from '../protocol.ts';
import { connect, WorkerLost, type Connection } from './connection.ts';

/** Outputs that a network must give: those of its golden.json, or those of another worker. */
export type OutputCheck = Pick<Requests['load']['request'], 'golden' | 'beside'>;

/** After so many losses with no work done in between, the lane gives up. */
const MOST_LOSSES = 3;

export class Lane {
  private connection: Connection | null = null;
  private starting: Promise<Connection> | null = null;
  private files: NetworkFiles | null = null;
  private losses = 0;
  /** It was terminated: no worker comes after that. */
  private isEnded = false;
  /** Methods whose code its workers have ahead of their runs. */
  private methods: readonly string[] = [];

  constructor(
    private readonly spawn: () => ComputePort,
    private choice: BackendChoice,
    /** Told why, in words, when a lane leaves its GPU for wasm. */
    private readonly onLeave?: (reason: string) => void,
  ) {}

  /** Starts the first worker of this lane and says what it computes on. */
  async start(): Promise<WorkerBackend> {
    const connection = connect(this.spawn());
    const backend = await connection.call('start', { backend: this.choice });
    this.choice = backend.name;
    this.connection = connection;
    if (this.isEnded) connection.terminate(closed());
    return backend;
  }

  /** A live worker with the network loaded; starts one when the last was lost. */
  ready(): Promise<Connection> {
    if (this.isEnded) return Promise.reject(closed());
    if (this.connection && !this.connection.isDead) return Promise.resolve(this.connection);
    this.starting ??= this.restart().finally(() => (this.starting = null));
    return this.starting;
  }

  /**
   * @param check outputs that must come out.
   * @throws Error with a sentence when the files are no network, or the worker is lost time and again.
   */
  async load(files: NetworkFiles, check: OutputCheck = {}): Promise<NetworkSummary> {
    for (;;) {
      try {
        const connection = await this.ready();
        const summary = await sent(connection, files, check);
        this.files = files;
        return summary;
      } catch (error) {
        this.survive(error);
      }
    }
  }

  /** Fetches what methods compute, for this worker and those that follow it. */
  async prepare(methods: readonly string[]): Promise<void> {
    this.methods = methods;
    const connection = await this.ready();
    await connection.call('prepare', { methods });
  }

  /**
   * Takes note of a loss; after several a GPU is left for wasm.
   * @throws Error with a sentence when that was one too many, or when `error` is not a loss at all.
   */
  survive(error: unknown): void {
    if (!(error instanceof WorkerLost) || this.isEnded) throw error;
    this.losses++;
    if (this.losses < MOST_LOSSES) return;
    this.losses = 0;
    const often = `was lost ${MOST_LOSSES} times in a row (${error.message})`;
    if (this.leaveDevice(`WebGPU ${often}`)) return;
    throw new Error(`The compute worker ${often}. Close other pages to free memory and run again.`);
  }

  /** Computes on wasm from now on; false where there is no device to leave. */
  leaveDevice(reason: string): boolean {
    if (this.choice !== 'webgpu') return false;
    this.choice = 'wasm';
    this.connection?.terminate(new WorkerLost(reason));
    this.onLeave?.(reason);
    return true;
  }

  /** Takes note that work was done since the last loss. */
  hasWorked(): void {
    this.losses = 0;
  }

  terminate(): void {
    this.isEnded = true;
    this.connection?.terminate(closed());
  }

  private async restart(): Promise<Connection> {
    const connection = connect(this.spawn());
    try {
      await connection.call('start', { backend: this.choice });
    } catch (error) {
      const reason = `WebGPU was lost and did not come back (${(error as Error).message.replace(/\.$/, '')})`;
      connection.terminate(new WorkerLost(reason));
      if (error instanceof WorkerLost || !this.leaveDevice(reason)) throw error;
      return this.restart();
    }
    try {
      if (this.files) await sent(connection, this.files);
      if (this.methods.length > 0) await connection.call('prepare', { methods: this.methods });
      if (this.isEnded) throw closed();
    } catch (error) {
      // Nobody else knows of it.
      connection.terminate(closed());
      throw error;
    }
    this.connection = connection;
    return connection;
  }
}

const closed = (): WorkerLost => new WorkerLost('The engine was closed.');

/** Bytes that are copied without a pause: some milliseconds. */
const PART = 2 ** 23;

/** Gives a worker a network; its weights are copied and handed over: cloned in one go they would hold the page up. */
async function sent(
  connection: Connection,
  files: NetworkFiles,
  check: OutputCheck = {},
): Promise<NetworkSummary> {
  const from = new Uint8Array(files.data);
  const own = new Uint8Array(from.length);
  for (let at = 0; at < from.length; at += PART) {
    if (at > 0) await new Promise((resolve) => setTimeout(resolve));
    own.set(from.subarray(at, at + PART), at);
  }
  const data = own.buffer;
  return connection.call('load', { files: { ...files, data }, ...check }, { transfer: [data] });
}
