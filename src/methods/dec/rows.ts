/** The rows that a DEC learner walks through: images as bytes, or the output of frozen layers as floats. */
import * as tf from '@tensorflow/tfjs-core';
import { mixSeeds, randomFrom, shuffled } from '../../core/random.ts';
import type { FedRows, RowSettings } from './settings.ts';

export class Rows {
  private readonly kept: Uint8Array | Float32Array;
  private order: { readonly epoch: number; readonly rows: Uint32Array } | null = null;

  /** @throws Error with a sentence when there is no memory for them. */
  constructor(readonly settings: RowSettings) {
    const { rows, inputs, scale } = settings;
    try {
      this.kept = scale > 0 ? new Uint8Array(rows * inputs) : new Float32Array(rows * inputs);
    } catch (error) {
      const bytes = rows * inputs * (scale > 0 ? 1 : 4);
      throw new Error(
        `There is no memory for the ${Math.ceil(bytes / 2 ** 20)} MB of ${rows} images in the worker; choose fewer.`,
        { cause: error },
      );
    }
  }

  feed({ rows, place }: FedRows): void {
    this.kept.set(rows, place[0]! * this.settings.inputs);
  }

  get stepsPerEpoch(): number {
    return Math.ceil(this.settings.rows / this.settings.batch);
  }

  /** The rows of one step, by index. */
  ofStep(step: number): Uint32Array {
    const { rows, seed, batch } = this.settings;
    const epoch = Math.floor(step / this.stepsPerEpoch);
    // From (seed, epoch), so that a training that goes on sees what it would have seen.
    if (this.order?.epoch !== epoch)
      this.order = { epoch, rows: shuffled(rows, randomFrom(mixSeeds(seed, epoch, 0))) };
    const at = (step % this.stepsPerEpoch) * batch;
    return this.order.rows.subarray(at, at + batch);
  }

  /** Rows as a tensor float32 [n, inputs]; the caller's. */
  tensor(rows: ArrayLike<number>): tf.Tensor2D {
    const { inputs, scale } = this.settings;
    const factor = scale > 0 ? scale : 1;
    const out = new Float32Array(rows.length * inputs);
    for (let i = 0, to = 0; i < rows.length; i++) {
      const from = rows[i]! * inputs;
      for (let n = 0; n < inputs; n++) out[to++] = factor * this.kept[from + n]!;
    }
    return tf.tensor2d(out, [rows.length, inputs]);
  }

  /** All rows in their order, some at a time. */
  *chunks(size: number): Generator<{ readonly from: number; readonly rows: Uint32Array }> {
    const { rows } = this.settings;
    for (let from = 0; from < rows; from += size)
      yield {
        from,
        rows: Uint32Array.from({ length: Math.min(size, rows - from) }, (_, i) => from + i),
      };
  }
}
