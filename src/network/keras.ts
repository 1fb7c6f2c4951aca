/**
 * Layers models as other versions write them, in the fields that tfjs reads: those of Keras 2. Keras 3 has `batch_shape`
 * for `batch_input_shape`, writes calls as `{ args, kwargs }`, and data types and activations as objects.
 */
import type { OutputRef } from './topology.ts';

type Json = Readonly<Record<string, unknown>>;

/** Whether a topology has fields that only Keras 3 writes. */
export function isKeras3(topology: object): boolean {
  const text = JSON.stringify(topology);
  return /"batch_shape":|"keras_history":|"registered_name":/.test(text);
}

/** A layer's or a model's configuration in Keras 2's fields; what is no object stays as it is. */
export function inKeras2(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inKeras2);
  if (!isRecord(value)) return value;
  const { class_name: kind, config } = value;
  if (kind === 'DTypePolicy' || kind === 'Policy')
    return isRecord(config) && typeof config.name === 'string' ? config.name : 'float32';
  // A function by its name: {"class_name": "function", "config": "relu"}.
  if (kind === 'function' && typeof config === 'string') return config;
  if (kind === '__keras_tensor__' && isRecord(config)) return config.keras_history;
  if (isOperation(value))
    return {
      ...{ class_name: OPERATION, name: value.name, inbound_nodes: callsOf(value.inbound_nodes) },
      config: { name: value.name, operation: kind },
    };
  const fields: Record<string, unknown> = {};
  for (const [name, of] of Object.entries(value)) {
    if (DROPPED.has(name)) continue;
    if (name === 'batch_shape') fields.batch_input_shape = of;
    else if (name === 'inbound_nodes') fields[name] = callsOf(of);
    else if (INITIAL.test(name)) continue;
    else if (name === 'activation' && isRecord(of)) fields[name] = activationName(of);
    else fields[name] = inKeras2(of);
  }
  return fields;
}

/** The class under which operations between layers (`x + 3`) are kept; no layer is called so. */
export const OPERATION = 'KerasOperation';

/** Whether it is an operation of Keras 3 on tensors, and no layer, which may have the same name. */
const isOperation = ({ module }: Json): boolean =>
  typeof module === 'string' && /^keras\.(src\.)?ops(\.|$)/.test(module);

/** What tfjs has no use for: where Keras finds a class, how it was built and compiled. */
const DROPPED = new Set(
  ['module', 'registered_name', 'build_config', 'compile_config', 'quantization_config'].concat([
    'optional',
    'lora_rank',
  ]),
);

/** How weights begin does not matter where they are read from a file. */
const INITIAL = /_(initializer|regularizer|constraint)$/;

function activationName(of: Json): unknown {
  const plain = inKeras2(of);
  if (!isRecord(plain)) return plain;
  const kind = String(plain.class_name);
  return kind.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
}

/** Calls of a layer: lists of the outputs that each takes, as Keras 2 writes them. */
function callsOf(nodes: unknown): unknown {
  if (!Array.isArray(nodes)) return nodes;
  return nodes.map((node: unknown) => {
    if (!isRecord(node) || !Array.isArray(node.args)) return node;
    const taken: unknown[][] = [];
    const { kwargs } = node;
    collectRefs([node.args, isRecord(kwargs) ? Object.values(kwargs) : []], taken);
    // Numbers among what an operation takes stand with the first tensor.
    const given = [...(node.args as unknown[]), ...(isRecord(kwargs) ? Object.values(kwargs) : [])];
    const isOf = given.some((value) => typeof value === 'number');
    if (isOf && taken[0]) taken[0][3] = { constants: given };
    return taken;
  });
}

function collectRefs(value: unknown, refs: unknown[][]): void {
  if (Array.isArray(value)) value.forEach((one) => collectRefs(one, refs));
  else if (isRecord(value) && value.class_name === '__keras_tensor__') {
    const history = (value.config as Json | undefined)?.keras_history;
    if (Array.isArray(history)) refs.push([...(history as unknown[]), {}]);
  }
}

/** `input_layers` and `output_layers`: one reference, a list of them, or an object of them by name. */
export function outputRefs(value: unknown): OutputRef[] {
  if (isRecord(value)) return Object.values(value).flatMap(outputRefs);
  if (!Array.isArray(value)) return [];
  if (typeof value[0] === 'string') return [[value[0], Number(value[1]), Number(value[2])]];
  return value.flatMap(outputRefs);
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
