/** The network's own outputs, handed back as they are: what many fits on one frozen network share. */
import type { Arrays } from '../contract/arrays.ts';
import type { BatchKernel, KernelFactory } from '../contract/kernel.ts';

/**
 * Parameters: `exits` uint32, indices among the network's default exits.
 * Batch: `output{j}` float32 [B, D_j] for each of them.
 */
export const outputsOnlyKernel: KernelFactory = (_, parameters): BatchKernel => {
  const exits = [...(parameters.exits as Uint32Array)];
  return {
    async batch(outputs) {
      const arrays: Arrays = {};
      for (const exit of exits)
        arrays[`output${exit}`] = (await outputs[exit]!.data()) as Float32Array;
      return arrays;
    },
    flush: () => Promise.resolve(null),
    dispose: () => undefined,
  };
};
