/** Class sums and distances to class means on wasm, by routines of our own; `kernels.ts` says what they give. */
import type { BatchKernel, KernelContext } from '../../contract/kernel.ts';
import type { Heap } from '../../../network/simd/heap.ts';
import type { ClassMeans, Distances, Sums } from './arrays.ts';
import { addRowsTo, squaredDistancesTo } from '../../../network/simd/rows.ts';

/** Every image's row is added to that of its class: one addition a number, where a product would take K. */
export function rowSumsKernel(
  heap: Heap,
  { classes, dimensions }: KernelContext,
): BatchKernel<Sums> {
  const width = dimensions.reduce((sum, d) => sum + d, 0);
  const length = classes * width;
  let counts = new Uint32Array(classes);
  let totals: number | null = null;
  const release = () => {
    if (totals !== null) heap.release(totals);
    totals = null;
  };
  return {
    batch(outputs, labels) {
      totals ??= heap.place(new Float32Array(length));
      let at = totals;
      for (const [j, x] of outputs.entries()) {
        addRowsTo(heap, x, labels, at);
        at += 4 * classes * dimensions[j]!;
      }
      for (const label of labels) counts[label]!++;
      return Promise.resolve(null);
    },
    flush() {
      if (totals === null) return Promise.resolve(null);
      const flushed = { sums: heap.floats(totals, length).slice(), counts };
      counts = new Uint32Array(classes);
      release();
      return Promise.resolve(flushed);
    },
    dispose: release,
  };
}

/** Distances by taking every difference: nothing cancels, however near an image is to a mean. */
export function rowDistancesKernel(
  heap: Heap,
  { classes, dimensions }: Pick<KernelContext, 'classes' | 'dimensions'>,
  { means }: Pick<ClassMeans, 'means'>,
  withLogits = true,
): BatchKernel<Distances> {
  let at = 0;
  const places = dimensions.map((dimension) => {
    return heap.place(means.subarray(at, (at += classes * dimension)));
  });
  const width = dimensions.length * classes;
  return {
    async batch(outputs, labels) {
      const size = labels.length;
      const row = 4 * Math.ceil(classes / 4);
      const distances = new Float32Array(size * width);
      for (const [j, x] of outputs.entries()) {
        const squares = squaredDistancesTo(heap, x, places[j]!, classes);
        for (let i = 0; i < size; i++)
          for (let k = 0; k < classes; k++)
            distances[i * width + j * classes + k] = Math.sqrt(squares[i * row + k]!);
      }
      const logits = withLogits ? await outputs.at(-1)!.data<'float32'>() : new Float32Array(0);
      return { distances, logits };
    },
    flush: () => Promise.resolve(null),
    dispose: () => places.splice(0).forEach((place) => heap.release(place)),
  };
}
