/** Outputs of a frozen network, computed once and kept, so that many fits on one network cost one forward pass. */
import type { Split } from '../../core/dataset.ts';
import { sizeOf } from '../../core/shape.ts';
import type { Pass, Runner } from '../../methods/contract/runner.ts';
import { placeClassifiers } from '../../methods/parts/classifiers/sites.ts';
import { asks } from '../../methods/contract/worker.ts';
import type { NetworkFiles } from '../../network/files.ts';
import type { NetworkSummary } from '../../network/network.ts';
import type * as kernels from '../kernels.ts';

/** Types only: kernels run in a worker. */
const own = asks<typeof kernels>(null);

interface Kept {
  readonly files: NetworkFiles;
  readonly split: Split;
  /** By exit j: float32 [count, D_j]. */
  readonly outputs: ReadonlyMap<number, Float32Array>;
}

/**
 * For `EngineOptions.around`. Only for methods that look at the places of internal classifiers and at the network's own
 * output (`looksAtSites`): nothing else is kept. All of it stays in memory for as long as what is returned here does.
 * @returns what makes of a runner one whose passes know their outputs from their second time over the same images on.
 */
export function keepOutputs(): (workers: Runner) => Runner {
  const kept: Kept[] = [];
  return (workers) => {
    const { network, files } = workers;

    const outputsOf = async (pass: Pass): Promise<Kept['outputs']> => {
      const known = kept.find((one) => one.files === files && startsWith(one.split, pass.split));
      if (known) return firstRows(known, pass.split.count);
      const { classes, split, signal } = pass;
      const outputs = new Map(
        keptExits(network).map((exit) => [
          exit,
          new Float32Array(split.count * dimensionOf(network, exit)),
        ]),
      );
      await workers.run({
        kernel: own.kernel('outputs'),
        classes,
        parameters: { exits: Uint32Array.from(outputs.keys()) },
        split,
        ...(signal && { signal }),
        onBatch: (from, _, arrays) => {
          for (const [exit, all] of outputs)
            all.set(arrays[`output${exit}`]!, from * dimensionOf(network, exit));
        },
      });
      kept.push({ files, split, outputs });
      return outputs;
    };

    return {
      ...workers,
      get backend() {
        return workers.backend;
      },
      get trainsConvolutions() {
        return workers.trainsConvolutions;
      },
      run: async (pass) => workers.run({ ...pass, outputs: await outputsOf(pass) }),
    };
  };
}

/** The places of internal classifiers and the network's own output. */
function keptExits(network: NetworkSummary): number[] {
  const { sites } = placeClassifiers(network, 'keeping outputs');
  return [...sites.map(({ output }) => output), network.exits.length - 1];
}

function dimensionOf({ stages, exits }: NetworkSummary, exit: number): number {
  return sizeOf(stages[exits[exit]!]!.shape);
}

function firstRows({ split, outputs }: Kept, count: number): Kept['outputs'] {
  const rows = [...outputs].map(
    ([exit, all]) => [exit, all.subarray(0, (all.length / split.count) * count)] as const,
  );
  return new Map(rows);
}

/** Whether `part` is the first images of `whole`. */
function startsWith(whole: Split, part: Split): boolean {
  return (
    part.count <= whole.count &&
    part.images.buffer === whole.images.buffer &&
    part.images.byteOffset === whole.images.byteOffset
  );
}
