/**
 * BranchyNet's architecture on a plain network (Teerapittayanon et al. 2016): two branches as training/branchy.py hangs
 * them on a ResNet, on any network that has a convolution stage. JSON in, JSON out: no tensors.
 */
import { product } from './cost.ts';
import { BranchLayers } from './branch-layers.ts';
import type { NetworkFiles, WeightEntry } from './files.ts';
import { freshWeights, trainableNumbers } from './fresh.ts';
import type { NetworkSummary } from './network.ts';
import { findStages } from './stages.ts';
import { entryNodes, layersOf, withLayers, type EntryNode, type LayerEntry } from './topology.ts';

/** Share of the network's FLOPs at or past which branch 2 sits. */
const SHARE = 1 / 3;
const CONVOLUTIONS = new Set(['Conv1D', 'Conv2D', 'SeparableConv2D']);

/** What is asked of a network's summary: its stages tell where branches may sit. */
export type PlainNetwork = Pick<NetworkSummary, 'id' | 'classes' | 'stages' | 'flops'>;

/**
 * The network's architecture with branches, `output_layers` = branch 1, branch 2, network (all logits), and fresh
 * weights for all of it. Branch 1 sits on the stage of the first convolution, branch 2 on the first stage after it whose
 * end is at or past a third of the FLOPs. A softmax at the network's end is left out.
 * @param files a plain network's; untouched.
 * @param network the same network's summary.
 * @throws Error with a sentence when the network has no place for branches.
 */
export function withBranches(
  files: NetworkFiles,
  network: PlainNetwork,
  seed: number,
): NetworkFiles {
  const { id } = network;
  const list = layersOf(files.topology, id);
  if (list.outputs.length !== 1 || list.layers.some(({ name }) => /^branch[12]\./.test(name)))
    throw new Error(`The network ${id} has branches already; BranchyNet begins with a plain one.`);
  const order = files.card.outputs ?? [];
  if (Math.max(-1, ...order) >= network.classes.length)
    throw new Error(
      `The images have ${network.classes.length} of the classes of ${id} only; BranchyNet trains all of its outputs.`,
    );
  const nodes = entryNodes(list);
  const [first, second] = placesOf(nodes, network);
  const main = logitsOf(list.layers, nodes, id);
  const branches = new BranchLayers(network.classes.length);
  const outputs = [
    branches.convolutional('branch1', first.output, first.shape),
    branches.residual('branch2', second.output, second.shape),
  ];
  const layers = [...main.layers.map(trainable), ...branches.layers];
  const topology = withLayers(files.topology, {
    ...list,
    layers,
    outputs: [...outputs.map((name) => [name, 0, 0] as const), main.output],
  });
  const plain = files.weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
  const weights: WeightEntry[] = [...plain, ...branches.weights];
  const data = freshWeights(weights, seed).buffer as ArrayBuffer;
  const card = {
    ...files.card,
    outputs: null,
    parameters: trainableNumbers(weights),
    epochs: 0,
    seed,
    trainImages: 0,
    testAccuracy: { before: 0, after: 0 },
    weightsBytes: data.byteLength,
    quantisation: '',
    command: '',
  };
  return { card, topology, weights, data };
}

interface Place {
  readonly output: EntryNode['output'];
  readonly shape: readonly [height: number, width: number, channels: number];
}

function placesOf(nodes: readonly EntryNode[], network: PlainNetwork): [Place, Place] {
  const { id, stages, flops } = network;
  if (nodes.some(({ entry }) => entry.config.data_format === 'channels_first'))
    throw new Error(
      `The network ${id} keeps channels before height and width; BranchyNet's branches need them last.`,
    );
  const ranges = findStages(nodes);
  if (ranges.length !== stages.length)
    throw new Error(`The files of ${id} are of another network than the one that is loaded.`);
  const place = (s: number, branch: number): Place => {
    const { shape, name } = stages[s]!;
    if (shape.length !== 3)
      throw new Error(
        `After its stage ${name} the network ${id} passes on [${shape.join(', ')}], which is no map of height, width ` +
          `and channels; BranchyNet's branch ${branch} needs one there.`,
      );
    return { output: nodes[ranges[s]!.last]!.output, shape: shape as unknown as Place['shape'] };
  };
  const first = ranges.findIndex((range) =>
    nodes.slice(range.first, range.last + 1).some(({ kind }) => CONVOLUTIONS.has(kind)),
  );
  if (first < 0)
    throw new Error(
      `The network ${id} has no convolution; BranchyNet's branches sit on feature maps.`,
    );
  let done = 0;
  const second = stages.findIndex((stage, s) => {
    done += stage.flops;
    return s > first && s < stages.length - 1 && done >= SHARE * flops;
  });
  if (second < 0)
    throw new Error(
      `The network ${id} has ${stages.length === 1 ? 'a single stage' : `${stages.length} stages`}; BranchyNet needs ` +
        'one with the first convolution, a later one that ends past a third of the FLOPs, and the classifier.',
    );
  return [place(first, 1), place(second, 2)];
}

/** The layers up to the logits, and which output these are. */
function logitsOf(layers: readonly LayerEntry[], nodes: readonly EntryNode[], id: string) {
  const last = nodes.at(-1)!;
  const { activation } = last.entry.config;
  const isSoftmax = last.kind === 'Softmax' || activation === 'softmax';
  const isActivation = ['Activation', 'Softmax'].includes(last.kind);
  if (isSoftmax && isActivation) {
    const before = nodes[last.inputs[0]!]!;
    checkLinear(before, id);
    return { layers: layers.filter(({ name }) => name !== last.name), output: before.output };
  }
  if (isSoftmax) {
    const linear = (entry: LayerEntry): LayerEntry =>
      entry.name === last.name
        ? { ...entry, config: { ...entry.config, activation: 'linear' } }
        : entry;
    return { layers: layers.map(linear), output: last.output };
  }
  checkLinear(last, id);
  return { layers, output: last.output };
}

const SQUASHING = new Set(['Activation', 'ReLU', 'LeakyReLU', 'PReLU', 'ELU', 'ThresholdedReLU']);

function checkLinear({ name, kind, entry }: EntryNode, id: string): void {
  const activation = (entry.config.activation ?? 'linear') as string;
  if (activation !== 'linear' || SQUASHING.has(kind))
    throw new Error(
      `The output of ${id} comes out of ${name} (${activation === 'linear' ? kind : activation}); ` +
        'BranchyNet trains on logits, with a softmax after them or none.',
    );
}

/** Training from scratch trains all layers, also those that were frozen in the file. */
function trainable(entry: LayerEntry): LayerEntry {
  return 'trainable' in entry.config
    ? { ...entry, config: { ...entry.config, trainable: true } }
    : entry;
}

/** The same files with other weights, by their names; a missing one stays. */
export function withWeights(
  files: NetworkFiles,
  values: Readonly<Record<string, ArrayLike<number>>>,
): NetworkFiles {
  const all = new Float32Array(files.data.slice(0));
  let at = 0;
  for (const { name, shape } of files.weights) {
    const of = values[name];
    if (of) all.set(of, at);
    at += product(shape);
  }
  return { ...files, data: all.buffer };
}
