/**
 * The layers of which residual and plain convolution networks are made, read from a network's files alone. Whoever has
 * others is read by tfjs's layers, whose code is heavier than all that runs a network here.
 */
import { io } from '@tensorflow/tfjs-core';
import { product } from './cost.ts';
import type { NetworkFiles, WeightEntry } from './files.ts';
import type { Call, Layered, LayerWeights } from './graph.ts';
import { KNOWN, type Fields } from './known-kinds.ts';
import { weightBytes } from './manifest.ts';
import { layersOf, type LayerEntry, type OutputRef } from './topology.ts';

/**
 * The network's layers, their weights still in the files.
 * @returns null where a layer, a weight or a field is of a kind that is not known here: tfjs then reads all of it, and
 * says what is wrong with it.
 */
export function readLayers({ topology, card, weights, data }: NetworkFiles): Layered | null {
  const list = layersOf(topology, card.id);
  const kernels = storedWeights(weights, data);
  const entries = new Map(list.layers.map((entry) => [entry.name, entry]));
  const known = new Map<string, Call>();
  const visit = ([name, at, output]: OutputRef): Call | null => {
    const key = `${name} ${at}`;
    const before = known.get(key);
    if (before) return before;
    const entry = entries.get(name);
    if (!entry || output !== 0) return null;
    const refs = (entry.inbound_nodes[at] ?? []) as unknown as OutputRef[];
    const takes = refs.map(visit);
    if (!takes.every((call) => call !== null)) return null;
    const call = callOf(entry, key, takes, kernels);
    if (call) known.set(key, call);
    return call;
  };
  const outputs = list.outputs.map(visit);
  if (list.inputs.length !== 1 || !outputs.every((call) => call !== null)) return null;
  const used = new Set([...known.values()].map(({ node }) => node.name));
  const isAll =
    used.size === entries.size && [...kernels].every(([name]) => used.has(ownerOf(name)));
  if (!isAll) return null;
  return {
    outputs,
    parameters: weights.reduce((sum, { shape }) => sum + product(shape), 0),
    freeAllBut: () => () => undefined,
  };
}

function callOf(
  { name, class_name: kind, config }: LayerEntry,
  key: string,
  takes: readonly Call[],
  kernels: ReadonlyMap<string, Stored>,
): Call | null {
  const read = Object.hasOwn(KNOWN, kind) ? KNOWN[kind]! : null;
  const layer = read?.(
    config as Fields,
    takes.map(({ node }) => node.shape),
  );
  if (!layer) return null;
  const roles = Object.keys(layer.weights);
  const given = [...kernels.keys()].filter((weight) => ownerOf(weight) === name);
  const fits = roles.every(
    (role) => kernels.get(`${name}/${role}`)?.shape.join() === layer.weights[role]!.join(),
  );
  if (!fits || given.length !== roles.length) return null;
  const weights: LayerWeights = {
    roles,
    shape: (role) => layer.weights[role] ?? null,
    values: (role) => kernels.get(`${name}/${role}`)?.values() ?? null,
  };
  const { shape, config: fields } = layer;
  return { key, node: { name, kind, weights, layer: null, config: fields, shape }, takes };
}

interface Stored {
  readonly shape: readonly number[];
  readonly values: () => Promise<Float32Array>;
}

/** Every weight of the files by its name, its numbers decoded when they are asked for. */
function storedWeights(weights: readonly WeightEntry[], data: ArrayBuffer): Map<string, Stored> {
  let at = 0;
  return new Map(
    weights.map((entry) => {
      const from = at;
      at += weightBytes(entry);
      const bytes = data.slice.bind(data, from, at);
      return [entry.name, { shape: entry.shape, values: () => decoded(entry, bytes()) }];
    }),
  );
}

async function decoded(entry: WeightEntry, bytes: ArrayBuffer): Promise<Float32Array> {
  const tensors = io.decodeWeights(bytes, [entry as unknown as io.WeightsManifestEntry]);
  const tensor = tensors[entry.name]!;
  const values = (await tensor.data()).slice() as Float32Array;
  tensor.dispose();
  return values;
}

/** "layer1.0.conv1" of "layer1.0.conv1/kernel". */
const ownerOf = (weight: string): string => weight.slice(0, weight.lastIndexOf('/'));
