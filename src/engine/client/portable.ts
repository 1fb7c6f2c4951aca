/** A network's files, with its outputs for some images: what an export is checked by. */
import type { Split } from '../../core/dataset.ts';
import { through } from '../../methods/contract/kernel.ts';
import type { Runner } from '../../methods/contract/runner.ts';
import type { BranchLogits } from '../../methods/parts/branches/kernels.ts';
import type { Outputs } from '../../methods/parts/outputs.ts';
import type { Portable } from './types.ts';

export async function portableOf(
  runner: Runner,
  images: Split,
  classes: number,
): Promise<Pick<Portable, 'files' | 'outputs' | 'branches'>> {
  const { network, files } = runner;
  const count = images.count;
  const room = (numbers: number): Float32Array => new Float32Array(numbers);
  const sizes = network.exits.map((stage) =>
    network.stages[stage]!.shape.reduce((all, side) => all * side, 1),
  );
  const outputs = sizes.map((size) => room(count * size));
  const exits = Uint32Array.from(sizes, (_, j) => j);
  const pass = { classes, split: images };
  await runner.run<{ exits: Uint32Array }, Outputs>({
    ...pass,
    ...through({ method: null, name: 'outputs' }, { exits }),
    onBatch: (from, _, arrays) =>
      outputs.forEach((output, j) => output.set(arrays[`output${j}`]!, from * sizes[j]!)),
  });
  if (network.branches.length === 0) return { files, outputs, branches: null };
  const width = (network.branches.length + 1) * classes;
  const branches = room(count * width);
  await runner.run<Record<string, never>, BranchLogits>({
    ...pass,
    ...through({ method: null, name: 'branches' }, {}),
    onBatch: (from, _, { logits }) => branches.set(logits, from * width),
  });
  return { files, outputs, branches };
}
