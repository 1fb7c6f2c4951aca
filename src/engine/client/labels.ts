/** What a network's own output says of images, apart from any method. */
import type { Split } from '../../core/dataset.ts';
import type { Runner } from '../../methods/contract/runner.ts';
import { asks } from '../../methods/contract/worker.ts';
import type * as kernels from '../kernels.ts';

/** Types only: kernels run in a worker. */
const own = asks<typeof kernels>(null);

/**
 * The label with the largest logit, for each image.
 * @param classes numbers in the network's output.
 */
export async function labelsOf(
  runner: Runner,
  split: Split,
  classes: number,
): Promise<Uint16Array> {
  const last = runner.network.exits.length - 1;
  const labels = new Uint16Array(split.count);
  await runner.run({
    kernel: own.kernel('outputs'),
    parameters: { exits: Uint32Array.of(last) },
    classes,
    split,
    onBatch: (from, count, arrays) => {
      const logits = arrays[`output${last}`]!;
      for (let i = 0; i < count; i++) {
        let best = i * classes;
        for (let at = best + 1; at < (i + 1) * classes; at++)
          if (logits[at]! > logits[best]!) best = at;
        labels[from + i] = best - i * classes;
      }
    },
  });
  return labels;
}
