/**
 * Outputs of a frozen network, computed once and kept: every further pass over the same images runs its kernel on them
 * here, so that many fits on one network cost one forward pass. Kernels see the same numbers in either case.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Split } from '../src/core/dataset.ts';
import { chooseBackend } from '../src/engine/worker/backend.ts';
import type { Pass, Runner } from '../src/methods/contract/runner.ts';
import type { NetworkSummary } from '../src/network/network.ts';
import { KERNELS } from '../src/methods/kernels.ts';
import { placeClassifiers } from '../src/methods/parts/classifiers/sites.ts';
import { wasmFolder } from './wasm.ts';

/** Images whose outputs go through a kernel at once. */
const BATCH = 256;

interface Kept {
  readonly split: Split;
  /** By exit: float32 [count, D]. */
  readonly outputs: ReadonlyMap<number, Float32Array>;
}

/** The places of internal classifiers and the network's own output. */
function keptExits(network: NetworkSummary): number[] {
  const { sites } = placeClassifiers(network, 'recording');
  return [...sites.map(({ output }) => output), network.exits.length - 1];
}

/** @returns a runner for every method that looks at `keptExits` only; `inner` runs the network and trains. */
export async function keepOutputs(inner: Runner, classes: number): Promise<Runner> {
  await chooseBackend('wasm', wasmFolder());
  const { network } = inner;
  const exits = keptExits(network);
  const dimensions = network.exits.map((stage) =>
    network.stages[stage]!.shape.reduce((product, size) => product * size, 1),
  );
  const kept: Kept[] = [];

  const outputsOf = async (split: Split): Promise<Kept> => {
    const known = kept.find((one) => startsWith(one.split, split));
    if (known) return known;
    const outputs = new Map(
      exits.map((exit) => [exit, new Float32Array(split.count * dimensions[exit]!)]),
    );
    await inner.run({
      kernel: 'outputs',
      classes,
      parameters: { exits: Uint32Array.from(exits) },
      split,
      onBatch: (from, _, arrays) => {
        for (const [exit, all] of outputs)
          all.set(arrays[`output${exit}`] as Float32Array, from * dimensions[exit]!);
      },
    });
    kept.push({ split, outputs });
    return kept.at(-1)!;
  };

  const run = async ({ kernel: name, parameters, ...pass }: Pass): Promise<void> => {
    const { outputs } = await outputsOf(pass.split);
    const context = { classes: pass.classes, dimensions, branches: () => [] };
    const kernel = KERNELS[name]!(context, parameters);
    try {
      const { count, labels } = pass.split;
      for (let from = 0; from < count; from += BATCH) {
        pass.signal?.throwIfAborted();
        const size = Math.min(BATCH, count - from);
        const tensors = dimensions.map((width, exit) => {
          const all = outputs.get(exit);
          if (!all) return tf.zeros([size, 0]) as tf.Tensor2D;
          return tf.tensor2d(all.subarray(from * width, (from + size) * width), [size, width]);
        });
        const arrays = await kernel.batch(tensors, labels.subarray(from, from + size));
        tf.dispose(tensors);
        if (arrays) pass.onBatch?.(from, size, arrays);
        pass.onProgress?.(from + size);
      }
      const flushed = await kernel.flush();
      if (flushed) await pass.onFlush?.(flushed);
    } finally {
      kernel.dispose();
    }
  };
  return { ...inner, run };
}

/** Whether `part` is the first images of `whole`. */
function startsWith(whole: Split, part: Split): boolean {
  return (
    part.count <= whole.count &&
    part.images.buffer === whole.images.buffer &&
    part.images.byteOffset === whole.images.byteOffset
  );
}
