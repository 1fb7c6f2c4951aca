/** The network's own outputs, handed back as they are: what many fits on one frozen network share. */
import type { BatchKernel } from '../contract/kernel.ts';

/** `output{j}` float32 [B, D_j]. */
export type Outputs = { readonly [output: `output${number}`]: Float32Array };

/** @param exits indices among the network's default exits. */
export const outputsKernel = (
  _: unknown,
  { exits }: { readonly exits: Uint32Array },
): BatchKernel<Outputs> => ({
  async batch(outputs) {
    const arrays: Record<`output${number}`, Float32Array> = {};
    for (const exit of exits) arrays[`output${exit}`] = await outputs[exit]!.data<'float32'>();
    return arrays;
  },
  flush: () => Promise.resolve(null),
  dispose: () => undefined,
});
