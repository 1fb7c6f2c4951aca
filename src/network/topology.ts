/**
 * The layers of a tfjs layers model as JSON (Keras 2 fields): read and put in order, models inside of it flattened; no
 * tensors.
 */
import { inKeras2, isKeras3, outputRefs } from './keras.ts';
import { asKnownLayers } from './keras-layers.ts';
import { flatten, isModel, type LayerPlace } from './nested.ts';
import type { StageNode } from './stages.ts';

/** One output of a layer: its name, which of its calls, which of that call's outputs. */
export type OutputRef = readonly [layer: string, call: number, output: number];

/** A layer of a functional model's configuration. */
export interface LayerEntry {
  readonly class_name: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** For every call of the layer, the outputs that it takes. */
  readonly inbound_nodes: readonly (readonly (readonly unknown[])[])[];
}

export interface LayerList {
  readonly name: string;
  readonly layers: readonly LayerEntry[];
  readonly inputs: readonly OutputRef[];
  readonly outputs: readonly OutputRef[];
}

/** A node of the graph with the entry that it calls. */
export interface EntryNode extends StageNode {
  readonly entry: LayerEntry;
  readonly output: OutputRef;
}

interface Config {
  readonly class_name: string;
  readonly config: unknown;
}

/**
 * The layers of a functional or sequential model; a sequential one becomes a chain that begins with an input.
 * @throws Error with a sentence when the topology holds something else.
 */
export function layersOf(topology: object, id: string): LayerList {
  return listOf(configOf(topology), id);
}

function listOf({ class_name: kind, config }: Config, id: string): LayerList {
  if (kind === 'Sequential') return chainOf(config, id);
  const { name, layers, input_layers, output_layers } = config as {
    name?: string;
    layers?: LayerEntry[];
    input_layers?: unknown;
    output_layers?: unknown;
  };
  const [inputs, outputs] = [outputRefs(input_layers), outputRefs(output_layers)];
  if (!Array.isArray(layers) || inputs.length === 0 || outputs.length === 0)
    throw new Error(
      `The topology of ${id} is a ${kind}; expected a Sequential or Functional model with its layers listed.`,
    );
  return { name: name ?? id, layers, inputs, outputs };
}

/** A topology as everything else reads it, and where layers went that were inside of models in it; null where none were. */
export interface PlainTopology {
  readonly topology: object;
  readonly places: readonly LayerPlace[] | null;
}

/**
 * A topology in Keras 2's fields without models inside of the model; the same object where it is so already.
 * @throws Error with a sentence when it holds something else than layers.
 */
export function plainTopology(topology: object, id: string): PlainTopology {
  const isNew = isKeras3(topology);
  const inFields = isNew ? { model_config: inKeras2(configOf(topology)) } : topology;
  const list = layersOf(inFields, id);
  if (!list.layers.some(isModel)) {
    const known = asKnownLayers(list, isNew);
    const isSame = !isNew && known === list;
    return { topology: isSame ? topology : withLayers(inFields, known), places: null };
  }
  const flat = flatten(list, ({ class_name, name, config }) =>
    listOf({ class_name, config }, name),
  );
  return { topology: withLayers(inFields, asKnownLayers(flat.list, isNew)), places: flat.places };
}

/** The topology with other layers, as a functional model. */
export function withLayers(topology: object, list: LayerList): object {
  const config = {
    name: list.name,
    layers: list.layers,
    input_layers: list.inputs,
    output_layers: list.outputs,
  };
  const model = { class_name: 'Functional', config };
  return 'model_config' in topology
    ? { ...topology, model_config: model }
    : { ...topology, ...model };
}

/** What `graphOf` finds in the loaded model, in the same order: the nodes on which the only output depends. */
export function entryNodes({ layers, outputs }: LayerList): EntryNode[] {
  const byName = new Map(layers.map((entry) => [entry.name, entry]));
  const nodes: EntryNode[] = [];
  const indexOf = new Map<string, number>();
  const visit = ([name, call, output]: OutputRef): number => {
    const key = `${name} ${call}`;
    const known = indexOf.get(key);
    if (known !== undefined) return known;
    const entry = byName.get(name);
    if (!entry) throw new Error(`The layer ${name} is used but not listed.`);
    const taken = (entry.inbound_nodes[call] ?? []) as unknown as OutputRef[];
    const inputs = taken.map(visit);
    nodes.push({ name, kind: entry.class_name, inputs, entry, output: [name, call, output] });
    indexOf.set(key, nodes.length - 1);
    return nodes.length - 1;
  };
  visit(outputs[0]!);
  return nodes;
}

/** The shape of one image that the input of a plain topology has; null where it does not say. */
export function inputShapeOf(topology: object): readonly (number | null)[] | null {
  const shape = layersOf(topology, 'network').layers[0]?.config.batch_input_shape;
  return Array.isArray(shape) ? (shape as (number | null)[]).slice(1) : null;
}

/** Numbers in the last output of a plain topology, by its last layer with units or filters; null where none says. */
export function outputsOf(topology: object): number | null {
  const list = layersOf(topology, 'network');
  const nodes = entryNodes({ ...list, outputs: list.outputs.slice(-1) });
  for (const { entry } of nodes.reverse()) {
    const size = entry.config.units ?? entry.config.filters;
    if (typeof size === 'number') return size;
  }
  return null;
}

function configOf(topology: object): Config {
  const { model_config: inner } = topology as { model_config?: unknown };
  const config: unknown = typeof inner === 'string' ? JSON.parse(inner) : (inner ?? topology);
  return config as Config;
}

function chainOf(config: unknown, id: string): LayerList {
  const { name, layers } = (Array.isArray(config) ? { layers: config as unknown[] } : config) as {
    name?: string;
    layers: { class_name: string; config: Record<string, unknown> }[];
  };
  const entries: LayerEntry[] = [];
  const add = (class_name: string, config: Record<string, unknown>) => {
    const before = entries.at(-1);
    const inbound_nodes = before ? [[[before.name, 0, 0, {}]]] : [];
    entries.push({ class_name, name: config.name as string, config, inbound_nodes });
  };
  for (const { class_name, config } of layers) {
    const { batch_input_shape, ...own } = config;
    if (entries.length === 0 && class_name !== 'InputLayer')
      add('InputLayer', {
        name: `${own.name as string}_input`,
        batch_input_shape: batch_input_shape ?? firstShape(config),
        dtype: 'float32',
        sparse: false,
      });
    add(class_name, class_name === 'InputLayer' ? config : own);
  }
  return {
    name: name ?? id,
    layers: entries,
    inputs: [[entries[0]!.name, 0, 0]],
    outputs: [[entries.at(-1)!.name, 0, 0]],
  };
}

/** The shape that the first layer of a model inside of a model says that it takes. */
function firstShape(config: Readonly<Record<string, unknown>>): unknown {
  const [first] = (Array.isArray(config.layers) ? config.layers : []) as {
    readonly config: Readonly<Record<string, unknown>>;
  }[];
  return first && (first.config.batch_input_shape ?? firstShape(first.config));
}
