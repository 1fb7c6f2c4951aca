/** Sends one split through a kernel on all lanes; whichever worker is idle takes the next batch. */
import { imageBytes, type ImageShape, type Split } from '../../core/dataset.ts';
import type { Pass } from '../../methods/contract/runner.ts';
import { buffersOf } from '../../wire/buffers.ts';
import type { ImageBatch, OutputBatch } from '../protocol.ts';
import { BatchQueue, type Batch, type Sizes } from './batches.ts';
import type { Connection } from './connection.ts';
import type { Lane } from './lane.ts';

/** Batches a worker has at hand: one that it computes, one that waits. */
const IN_FLIGHT = 2;

export interface PassSettings {
  readonly shape: ImageShape;
  /** Number of the kernel in the workers. */
  readonly kernel: number;
  readonly sizes: Sizes;
  /** Batches between two flushes: what a lost worker costs at most. */
  readonly flushEvery: number;
  readonly onLoss: (reason: string) => void;
  /** Where the pass leaves, while it lasts, what takes workers that come later. */
  readonly joining?: Set<(lanes: readonly Lane[]) => void>;
}

/**
 * @throws DOMException AbortError at once when the pass's signal is aborted; batches that are on their way
 * finish in their workers and are forgotten.
 */
export async function runPass(
  pass: Pass,
  lanes: readonly Lane[],
  settings: PassSettings,
): Promise<void> {
  pass.signal?.throwIfAborted();
  const sending = new PassInProgress(pass, settings, lanes.length);
  await new Promise<void>((resolve, reject) => {
    const fail = (error: unknown) => {
      sending.stop();
      reject(error as Error);
    };
    const abort = () => fail(pass.signal!.reason);
    pass.signal?.addEventListener('abort', abort, { once: true });
    const drives: Promise<void>[] = [];
    const join = (some: readonly Lane[]) => {
      drives.push(...some.map((lane) => sending.drive(lane).catch(fail)));
    };
    const driven = async () => {
      // Workers may join while others are waited for.
      for (let at = 0; at < drives.length; at++) await drives[at];
      await sending.settled();
    };
    join(lanes);
    settings.joining?.add(join);
    driven()
      .then(resolve, fail)
      .finally(() => {
        settings.joining?.delete(join);
        pass.signal?.removeEventListener('abort', abort);
      });
  });
}

/** A batch that a worker has and whose result is not merged yet. */
interface Held extends Batch {
  isDone: boolean;
}

class PassInProgress {
  private readonly queue: BatchQueue;
  private readonly merges: Promise<void>[] = [];
  private isStopped = false;
  private done = 0;

  constructor(
    private readonly pass: Pass,
    private readonly settings: PassSettings,
    lanes: number,
  ) {
    this.queue = new BatchQueue(pass.split.count, settings.sizes, lanes);
  }

  stop(): void {
    this.isStopped = true;
  }

  async settled(): Promise<void> {
    await Promise.all(this.merges);
  }

  /** Keeps one lane busy until no batch is left; what a lost worker held goes back to the queue. */
  async drive(lane: Lane): Promise<void> {
    for (;;) {
      const held = new Set<Held>();
      try {
        const connection = await lane.ready();
        if (this.isStopped) return;
        await this.work(lane, connection, held);
        return;
      } catch (error) {
        if (this.isStopped) return;
        lane.survive(error);
        for (const batch of held) this.count(batch, false);
        this.queue.giveBack(held);
        this.settings.onLoss((error as Error).message);
      }
    }
  }

  private async work(lane: Lane, connection: Connection, held: Set<Held>): Promise<void> {
    const { kernel, flushEvery } = this.settings;
    const { kernel: ref, classes, parameters } = this.pass;
    const flying = new Set<Promise<void>>();
    const fly = (flight: Promise<void>) => {
      const landing: Promise<void> = flight.finally(() => flying.delete(landing));
      flying.add(landing);
    };
    let sent = 0;
    try {
      await connection.call('open', { kernel, ref, classes, parameters });
      for (;;) {
        while (flying.size < IN_FLIGHT) {
          const batch = this.isStopped ? undefined : this.queue.take();
          if (!batch) break;
          fly(this.send(lane, connection, { ...batch, isDone: false }, held));
          if (++sent % flushEvery === 0) fly(this.flush(lane, connection, held));
        }
        if (flying.size === 0) break;
        await Promise.race(flying);
      }
      if (held.size > 0 && !this.isStopped) await this.flush(lane, connection, held);
    } catch (error) {
      await Promise.allSettled(flying);
      throw error;
    } finally {
      connection.call('close', { kernel }).catch(() => undefined);
    }
  }

  private async send(
    lane: Lane,
    connection: Connection,
    batch: Held,
    held: Set<Held>,
  ): Promise<void> {
    held.add(batch);
    const { split, outputs } = this.pass;
    const message = outputs
      ? outputBatch(split, outputs, batch)
      : imageBatch(split, this.settings.shape, batch);
    const arrays = await connection.call(
      'batch',
      { kernel: this.settings.kernel, batch: message },
      { transfer: buffersOf(message) },
    );
    if (this.isStopped) return;
    this.settings.sizes.answered?.(batch.count, performance.now());
    if (arrays) {
      held.delete(batch);
      lane.hasWorked();
      this.pass.onBatch?.(batch.from, batch.count, arrays);
    }
    this.count(batch, true);
  }

  /** Fetches what has accumulated; it covers all batches sent so far, whether or not they are answered. */
  private async flush(lane: Lane, connection: Connection, held: Set<Held>): Promise<void> {
    const covered = [...held];
    const arrays = await connection.call('flush', { kernel: this.settings.kernel });
    if (this.isStopped || !arrays) return;
    lane.hasWorked();
    for (const batch of covered) {
      held.delete(batch);
      this.count(batch, true);
    }
    this.merges.push(Promise.resolve(this.pass.onFlush?.(arrays)));
  }

  private count(batch: Held, isDone: boolean): void {
    if (batch.isDone === isDone) return;
    batch.isDone = isDone;
    this.done += isDone ? batch.count : -batch.count;
    this.pass.onProgress?.(this.done);
  }
}

/** A copy of the batch's images and labels, to be handed over. */
function imageBatch(split: Split, shape: ImageShape, { from, count }: Batch): ImageBatch {
  const size = imageBytes(shape);
  return {
    images: split.images.slice(from * size, (from + count) * size),
    labels: split.labels.slice(from, from + count),
    shape,
  };
}

/** A copy of what is known of the batch's images. */
function outputBatch(
  split: Split,
  outputs: ReadonlyMap<number, Float32Array>,
  { from, count }: Batch,
): OutputBatch {
  const rows = [...outputs].map(([exit, all]) => {
    const dimension = all.length / split.count;
    return [exit, all.slice(from * dimension, (from + count) * dimension)] as const;
  });
  return { outputs: Object.fromEntries(rows), labels: split.labels.slice(from, from + count) };
}
