/** E2CM where the tensors are: class sums and distances to class means, one batch at a time. */
import * as tf from '@tensorflow/tfjs-core';
import type { BatchKernel, KernelContext } from '../../contract/kernel.ts';
import { checkedHeap } from '../../../network/simd/check.ts';
import type { ClassMeans, Distances, Sums } from './arrays.ts';
import { rowDistancesKernel, rowSumsKernel } from './rows.ts';

/** Class sums: one matrix product with the one-hot labels an exit on a device, a row an image on wasm. */
export function sumsKernel(context: KernelContext): BatchKernel<Sums> {
  const { heap } = checkedHeap(tf.backend());
  return heap ? rowSumsKernel(heap, context) : productSumsKernel(context);
}

/** With tensors, on any backend. */
export function productSumsKernel({ classes, dimensions }: KernelContext): BatchKernel<Sums> {
  let totals: tf.Tensor[] = [];
  let counts = new Uint32Array(classes);
  return {
    async batch(outputs, labels) {
      const oneHot = new Float32Array(classes * labels.length);
      labels.forEach((label, i) => {
        oneHot[label * labels.length + i] = 1;
        counts[label]!++;
      });
      const before = totals;
      totals = tf.tidy(() => {
        const selector = tf.tensor2d(oneHot, [classes, labels.length]);
        return outputs.map((x, j) => {
          const sum = tf.matMul(selector, x);
          return before.length === 0 ? sum : tf.add(before[j]!, sum);
        });
      });
      tf.dispose(before);
      const fence = tf.slice(totals.at(-1)!, [0, 0], [1, 1]);
      await fence.data();
      fence.dispose();
      return null;
    },
    async flush() {
      if (totals.length === 0) return null;
      const [flushed, flushedCounts] = [totals, counts];
      totals = [];
      counts = new Uint32Array(classes);
      const sums = new Float32Array(classes * dimensions.reduce((sum, d) => sum + d, 0));
      let at = 0;
      for (const total of flushed) {
        sums.set(await total.data<'float32'>(), at);
        at += total.size;
        total.dispose();
      }
      return { sums, counts: flushedCounts };
    },
    dispose() {
      tf.dispose(totals);
      totals = [];
    },
  };
}

/** Exits with K·D up to this are compared with each mean directly; wider ones by the expanded square. */
const DIRECT_LIMIT = 10_240;

/**
 * The expanded square subtracts numbers of size ‖x−μ‖²; its float32 rounding is about 2⁻²⁴·√D of them. Where
 * d² is a smaller share of ‖x−μ‖² than this, the distance would be off by more than 1e-4 and is computed again.
 */
function smallestTrustedShare(dimension: number): number {
  return 1e4 * 2 ** -24 * Math.sqrt(dimension);
}

interface ExitMeans {
  readonly dimension: number;
  readonly direct: boolean;
  /** [K, D]. */
  readonly means: tf.Tensor2D;
  /** Grand mean μ [D], and −2(c − μ)ᵀ [D, K] with ‖c − μ‖² [K]; for the expanded square only. */
  readonly centre?: tf.Tensor1D;
  readonly slope?: tf.Tensor2D;
  readonly offset?: tf.Tensor1D;
}

/**
 * Raw Euclidean distances to the class means (Algorithm 1, line 2), and the network's logits.
 * @param withLogits whether the last output is handed back as well.
 */
export function distancesKernel(
  context: OfExits,
  parameters: ClassMeans,
  withLogits = true,
): BatchKernel<Distances> {
  const { heap } = checkedHeap(tf.backend());
  return heap
    ? rowDistancesKernel(heap, context, parameters, withLogits)
    : productDistancesKernel(context, parameters, withLogits);
}

/** What these kernels look at of their context. */
type OfExits = Pick<KernelContext, 'classes' | 'dimensions'>;

/** With tensors, on any backend. */
export function productDistancesKernel(
  { classes, dimensions }: OfExits,
  { means, counts }: ClassMeans,
  withLogits = true,
): BatchKernel<Distances> {
  let at = 0;
  const exits = dimensions.map((dimension) => {
    const block = means.subarray(at, (at += classes * dimension));
    return prepareExit(block, counts, dimension);
  });
  const width = exits.length * classes;
  const logitCount = withLogits ? dimensions.at(-1)! : 0;

  return {
    async batch(outputs, labels) {
      const size = labels.length;
      // One tensor and one read: squared distances of all exits, ‖x−μ‖² of the expanded ones, logits.
      const all = tf.tidy(() => {
        const squares: tf.Tensor2D[] = [];
        const norms: tf.Tensor2D[] = [];
        exits.forEach((exit, j) => {
          const x = outputs[j]!;
          if (exit.direct) {
            squares.push(directSquares(x, exit.means));
          } else {
            const centred = tf.sub(x, exit.centre!);
            const norm = tf.sum(tf.square(centred), 1, true) as tf.Tensor2D;
            const rest = tf.fused.matMul({
              a: centred as tf.Tensor2D,
              b: exit.slope!,
              bias: exit.offset!,
            });
            squares.push(tf.add(rest, norm));
            norms.push(norm);
          }
        });
        return tf.concat([...squares, ...norms, ...(withLogits ? [outputs.at(-1)!] : [])], 1);
      });
      const values = await all.data<'float32'>();
      const stride = all.shape[1]!;
      all.dispose();
      const distances = new Float32Array(size * width);
      const logits = new Float32Array(size * logitCount);
      for (let i = 0; i < size; i++) {
        const row = values.subarray(i * stride, (i + 1) * stride);
        for (let c = 0; c < width; c++) distances[i * width + c] = Math.sqrt(Math.max(0, row[c]!));
        logits.set(row.subarray(stride - logitCount), i * logitCount);
      }
      let expanded = 0;
      for (const [j, exit] of exits.entries()) {
        if (exit.direct) continue;
        const norm = width + expanded++;
        if (!isTooClose(values, stride, size, j * classes, classes, norm, exit.dimension)) continue;
        await recompute(distances, outputs[j]!, exit.means, j * classes, width);
      }
      return { distances, logits };
    },
    flush: () => Promise.resolve(null),
    dispose() {
      for (const { means, centre, slope, offset } of exits)
        tf.dispose([means, centre, slope, offset].filter((tensor) => tensor !== undefined));
    },
  };
}

function prepareExit(block: Float32Array, counts: Uint32Array, dimension: number): ExitMeans {
  const classes = counts.length;
  const means = tf.tensor2d(block, [classes, dimension]);
  if (classes * dimension <= DIRECT_LIMIT) return { dimension, direct: true, means };
  const centre = new Float32Array(dimension);
  const present = counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  const slope = new Float32Array(dimension * classes);
  const offset = new Float64Array(classes);
  for (let d = 0; d < dimension; d++) {
    let sum = 0;
    for (let k = 0; k < classes; k++) if (counts[k]! > 0) sum += block[k * dimension + d]!;
    centre[d] = sum / present;
    for (let k = 0; k < classes; k++) {
      const difference = block[k * dimension + d]! - centre[d]!;
      slope[d * classes + k] = -2 * difference;
      offset[k]! += difference * difference;
    }
  }
  return {
    dimension,
    direct: false,
    means,
    centre: tf.tensor1d(centre),
    slope: tf.tensor2d(slope, [dimension, classes]),
    offset: tf.tensor1d(Float32Array.from(offset)),
  };
}

/** ‖x − c‖² [B, K] by taking every difference. */
function directSquares(x: tf.Tensor2D, means: tf.Tensor2D): tf.Tensor2D {
  const [size, dimension] = x.shape;
  const rows = tf.reshape(x, [size, 1, dimension]);
  return tf.sum(tf.squaredDifference(rows, tf.expandDims(means, 0)), 2) as tf.Tensor2D;
}

/** Whether some image is so near a mean that the expanded square has lost its digits. */
function isTooClose(
  values: Float32Array,
  stride: number,
  size: number,
  from: number,
  classes: number,
  norm: number,
  dimension: number,
): boolean {
  const share = smallestTrustedShare(dimension);
  for (let i = 0; i < size; i++) {
    const row = i * stride;
    const limit = share * values[row + norm]!;
    for (let k = from; k < from + classes; k++) if (values[row + k]! < limit) return true;
  }
  return false;
}

/** The direct distances of one wide exit, a class at a time to bound the memory. */
async function recompute(
  distances: Float32Array,
  x: tf.Tensor2D,
  means: tf.Tensor2D,
  from: number,
  width: number,
): Promise<void> {
  const [classes, dimension] = means.shape;
  const all = tf.tidy(() =>
    tf.stack(
      Array.from({ length: classes }, (_, k) =>
        tf.sum(tf.squaredDifference(x, tf.slice(means, [k, 0], [1, dimension])), 1),
      ),
      1,
    ),
  );
  const squares = await all.data<'float32'>();
  all.dispose();
  for (let i = 0; i < x.shape[0]; i++)
    for (let k = 0; k < classes; k++)
      distances[i * width + from + k] = Math.sqrt(squares[i * classes + k]!);
}
