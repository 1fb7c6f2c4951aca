/** A model inside a model, as its own layers: flattened, so that its stages, costs and exits are seen. JSON only. */
import { outputRefs } from './keras.ts';
import type { LayerEntry, LayerList, OutputRef } from './topology.ts';

/** A flat list, and the layers that got other names, so that their weights are found. */
export interface Flat {
  readonly list: LayerList;
  /** Every layer: names of the models around it, its own name, its name in the flat list. */
  readonly places: readonly LayerPlace[];
}

export interface LayerPlace {
  readonly path: readonly string[];
  readonly name: string;
  readonly flat: string;
}

/** Reads a model's own list of layers from its entry. */
export type ListOf = (entry: LayerEntry) => LayerList;

interface Inner {
  readonly entry: LayerEntry;
  readonly path: readonly string[];
  /** Scope that the names of what it takes belong to. */
  readonly scope: Scope;
}

/** One model with its layers, inside of the scope of another. */
interface Scope {
  readonly list: LayerList;
  readonly path: readonly string[];
  /** The model that this one is a layer of; null for the outermost. */
  readonly parent: { readonly scope: Scope; readonly entry: LayerEntry } | null;
  /** Times that this model is called, all calls of the models around it counted. */
  readonly calls: number;
  readonly nested: Map<string, Scope>;
}

export const isModel = ({ class_name, config }: LayerEntry): boolean =>
  ['Sequential', 'Functional', 'Model'].includes(class_name) || Array.isArray(config.layers);

/** @throws Error with a sentence when a nested model takes or gives several tensors in a way that is not read here. */
export function flatten(list: LayerList, listOf: ListOf): Flat {
  const inner: Inner[] = [];
  const open = (of: LayerList, path: readonly string[], parent: Scope['parent']): Scope => {
    const calls = parent ? parent.scope.calls * parent.entry.inbound_nodes.length : 1;
    const scope: Scope = { list: of, path, parent, calls, nested: new Map() };
    for (const entry of of.layers)
      if (isModel(entry)) {
        const model = listOf(entry);
        scope.nested.set(entry.name, open(model, [...path, entry.name], { scope, entry }));
      } else inner.push({ entry, path, scope });
    return scope;
  };
  const root = open(list, [], null);
  const kept = inner.filter(
    ({ entry, scope }) => !scope.parent || entry.class_name !== 'InputLayer',
  );
  // Layers of a model that gives one of the outputs are named after it: that is the exit's name.
  const heads = new Set(list.outputs.map(([name]) => name).filter((name) => root.nested.has(name)));
  const flatNames = distinct(kept, heads);
  const nameOf = new Map(kept.map((one, i) => [one.entry, flatNames[i]!]));

  /** The flat layer whose output a reference stands for, in call `at` of its scope. */
  const resolve = (scope: Scope, [name, call, output]: OutputRef, at: number): OutputRef => {
    const nested = scope.nested.get(name);
    if (nested) {
      const { entry } = nested.parent!;
      const own = callOf(scope.list, entry, call);
      const to = nested.list.outputs[output];
      if (!to) throw new Error(`The model ${name} inside this one has no output ${output}.`);
      return resolve(nested, to, at * entry.inbound_nodes.length + own);
    }
    const entry = scope.list.layers.find((one) => one.name === name);
    if (!entry) throw new Error(`The layer ${name} is used but not listed.`);
    if (scope.parent && entry.class_name === 'InputLayer') {
      const { scope: outer, entry: model } = scope.parent;
      const inputs = scope.list.inputs.findIndex(([input]) => input === name);
      const taken = refsOf(model, at % model.inbound_nodes.length)[inputs];
      if (!taken)
        throw new Error(`The model ${model.name} inside this one lacks its input ${name}.`);
      return resolve(outer, taken, Math.floor(at / model.inbound_nodes.length));
    }
    const calls = Math.max(1, entry.inbound_nodes.length);
    return [nameOf.get(entry)!, at * calls + call, output];
  };

  const layers = kept.map(({ entry, scope }): LayerEntry => {
    const inbound_nodes = Array.from({ length: scope.calls }, (_, at) =>
      entry.inbound_nodes.map((_, call) =>
        refsOf(entry, call).map((ref) => [...resolve(scope, ref, at), {}]),
      ),
    ).flat();
    const name = nameOf.get(entry)!;
    return { ...entry, name, config: { ...entry.config, name }, inbound_nodes };
  });
  return {
    list: {
      name: list.name,
      layers,
      inputs: list.inputs,
      outputs: list.outputs.map((ref) => resolve(root, ref, 0)),
    },
    places: kept.map(({ entry, path }, i) => ({ path, name: entry.name, flat: flatNames[i]! })),
  };
}

/** Calls of a nested model are counted from 1 where it has one of its own before it is used, as Keras counts them. */
function callOf(list: LayerList, { name, inbound_nodes }: LayerEntry, call: number): number {
  const refs = [
    ...list.layers.flatMap((entry) => entry.inbound_nodes.flatMap((_, at) => refsOf(entry, at))),
    ...list.outputs,
  ].filter(([of]) => of === name);
  const first = Math.min(...refs.map(([, at]) => at));
  const own = call - (first === 0 ? 0 : 1);
  if (own < 0 || own >= inbound_nodes.length)
    throw new Error(`The model ${name} inside this one is not called ${call + 1} times.`);
  return own;
}

const refsOf = ({ inbound_nodes }: LayerEntry, call: number): OutputRef[] =>
  outputRefs(inbound_nodes[call] ?? []);

/** A layer's own name where no other has it, else with the models around it before it, as in `heads`. */
function distinct(inner: readonly Inner[], heads: ReadonlySet<string>): string[] {
  const times = new Map<string, number>();
  for (const { entry } of inner) times.set(entry.name, (times.get(entry.name) ?? 0) + 1);
  const taken = new Set<string>();
  return inner.map(({ entry, path }) => {
    const isOwn = times.get(entry.name) === 1 && !(path[0] !== undefined && heads.has(path[0]));
    const full = isOwn ? entry.name : [...path, entry.name].join('.');
    let name = full;
    for (let n = 2; taken.has(name); n++) name = `${full}_${n}`;
    taken.add(name);
    return name;
  });
}
