/**
 * Layers of Keras that tfjs lacks or takes otherwise, and operations between layers (`x + 3`), as layers that are here.
 * JSON in Keras 2's fields; nothing that would compute something else than Keras does passes without a word.
 */
import { OPERATION, outputRefs } from './keras.ts';
import type { LayerEntry, LayerList, OutputRef } from './topology.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A layer in the place of another one: its class and its configuration. */
interface Stead {
  readonly class_name: string;
  readonly config: Fields;
}

/** Activations that tfjs has, by their names in Keras. */
const KNOWN = new Set(
  ['elu', 'selu', 'relu', 'relu6', 'linear', 'sigmoid', 'softplus', 'softsign', 'tanh', 'softmax']
    .concat(['log_softmax', 'gelu', 'mish', 'swish', 'hard_sigmoid'])
    .concat(['hardSigmoid', 'logSoftmax']),
);

const elementwise = (of: string, alpha = 0, beta = 0): Stead => ({
  class_name: 'Elementwise',
  config: { function: of, alpha, beta },
});
const affine = (scale: number, offset: number): Stead => elementwise('affine', scale, offset);

/**
 * An activation by its name.
 * @returns its name in tfjs, or the layer that computes it.
 * @throws Error with a sentence when it is not known.
 */
function activationOf(name: string, layer: string, isNew: boolean): string | Stead {
  if (name === 'silu') return 'swish';
  if (['hard_silu', 'hard_swish'].includes(name)) return elementwise('hardSwish');
  // Keras 2 has 0.2 x + 0.5, as tfjs has.
  if (name === 'hard_sigmoid' && isNew) return elementwise('hardSigmoid', 1 / 6, 0.5);
  if (KNOWN.has(name)) return name;
  throw new Error(
    `The layer ${layer} has the activation ${name}, which is not known here. Known are relu, relu6, elu, selu, gelu, silu, ` +
      'mish, hard_silu, sigmoid, hard_sigmoid, tanh and softmax: replace it, or export the network as ONNX.',
  );
}

/** Operations of two tensors, or of one and a number. */
const BINARY: Readonly<
  Record<
    string,
    { readonly layer: Stead; readonly with: (c: number, isFirst: boolean) => Stead | null }
  >
> = {
  add: { layer: { class_name: 'Add', config: {} }, with: (c) => affine(1, c) },
  multiply: { layer: { class_name: 'Multiply', config: {} }, with: (c) => affine(c, 0) },
  subtract: {
    layer: { class_name: 'Binary', config: { operation: 'subtract' } },
    with: (c, isFirst) => (isFirst ? affine(-1, c) : affine(1, -c)),
  },
  divide: {
    layer: { class_name: 'Binary', config: { operation: 'divide' } },
    with: (c, isFirst) => (isFirst ? null : affine(1 / c, 0)),
  },
};

/** "tf.math.truediv", "__operators__.add", "TrueDivide" and "Relu6" by one name each. */
const operationName = (given: string): string => {
  const last = given.split('.').at(-1)!;
  const snake = last
    .replace(/(?<=[a-z])(?=[A-Z])/g, '_')
    .toLowerCase()
    .replace(/^mul$/, 'multiply')
    .replace(/^sub$/, 'subtract');
  return ['truediv', 'true_divide', 'div'].includes(snake) ? 'divide' : snake;
};

interface Operation {
  readonly name: string;
  readonly operation: string;
  readonly refs: readonly OutputRef[];
  /** A number among what it takes, and whether it comes first. */
  readonly constant: { readonly value: number; readonly isFirst: boolean } | null;
}

/** An operation between layers, as Keras 2 (TFOpLambda) and Keras 3 write it; null for a layer. */
function operationIn({
  class_name: kind,
  name,
  config,
  inbound_nodes,
}: LayerEntry): Operation | null {
  if (kind !== 'TFOpLambda' && kind !== OPERATION) return null;
  const [node] = inbound_nodes as readonly unknown[][];
  // One tensor alone may stand without a list around it.
  const taken = (typeof node?.[0] === 'string' ? [node] : (node ?? [])) as unknown[][];
  const refs = taken.flatMap(outputRefs);
  const { y, constants } = (taken[0]?.[3] ?? {}) as { y?: unknown; constants?: unknown[] };
  if (Array.isArray(y)) refs.push(...outputRefs(y));
  const place = constants?.findIndex((value) => typeof value === 'number') ?? -1;
  const value = typeof y === 'number' ? y : constants?.[place];
  return {
    ...{ name, refs, operation: operationName(String(config.function ?? config.operation)) },
    constant: typeof value === 'number' ? { value, isFirst: place === 0 } : null,
  };
}

function steadOf({ name, operation, refs, constant }: Operation, isNew: boolean): Stead {
  const binary = BINARY[operation];
  if (binary && refs.length === 2 && !constant) return binary.layer;
  const stead =
    binary && refs.length === 1 && constant && binary.with(constant.value, constant.isFirst);
  if (stead) return stead;
  if (
    !binary &&
    refs.length === 1 &&
    !constant &&
    /^(relu6?|sigmoid|tanh|silu|swish|gelu|hard_.*)$/.test(operation)
  ) {
    const activation = activationOf(operation, name, isNew);
    return typeof activation === 'string'
      ? { class_name: 'Activation', config: { activation } }
      : activation;
  }
  throw new Error(
    `The operation ${name} (${operation}) between layers is not read here; sums, differences, products and quotients of ` +
      'two tensors or of one and a number are, and activations. Write it as a layer, or export the network as ONNX.',
  );
}

/** A layer that tfjs would take for another one; null where it takes it as it is. */
function layerInstead({ class_name: kind, name, config }: LayerEntry): Stead | null {
  const { keepdims, negative_slope: slope, threshold, max_value: most, scale, offset = 0 } = config;
  if (keepdims === true && /^Global(Average|Max)Pooling2D$/.test(kind)) {
    const axes = config.data_format === 'channels_first' ? [1, 2] : [0, 1];
    return { class_name: 'Reduce', config: { kind: kind.includes('Max') ? 'max' : 'mean', axes } };
  }
  if (kind === 'LeakyReLU' && typeof slope === 'number')
    return { class_name: kind, config: { alpha: slope } };
  if (kind === 'ReLU' && (Number(slope ?? 0) !== 0 || Number(threshold ?? 0) !== 0)) {
    if (Number(threshold ?? 0) === 0 && (most ?? null) === null)
      return { class_name: 'LeakyReLU', config: { alpha: slope } };
    throw new Error(
      `The layer ${name} is a ReLU with a threshold, or with a slope and a maximum, which is not read here. Use ReLU, ` +
        'ReLU(6) or LeakyReLU.',
    );
  }
  if (kind === 'Rescaling' && typeof scale === 'number' && typeof offset === 'number')
    return affine(scale, offset);
  return null;
}

/**
 * The same list where nothing has to be changed.
 * @param isNew whether Keras 3 wrote it.
 * @throws Error with a sentence that names the layer or the operation which is not read here.
 */
export function asKnownLayers(list: LayerList, isNew: boolean): LayerList {
  let isChanged = false;
  /** Layers behind which their activation became a layer of its own. */
  const behind = new Map<string, string>();
  const layers = list.layers.flatMap((entry): LayerEntry[] => {
    const { name, config } = entry;
    const put = ({ class_name, config: own }: Stead, inbound_nodes = entry.inbound_nodes) => {
      isChanged = true;
      return [{ class_name, name, inbound_nodes, config: { name, trainable: true, ...own } }];
    };
    const operation = operationIn(entry);
    if (operation)
      return put(steadOf(operation, isNew), [operation.refs.map((ref) => [...ref, {}])]);
    const instead = layerInstead(entry);
    if (instead) return put(instead);
    const { activation } = config;
    if (typeof activation !== 'string') return [entry];
    const known = activationOf(activation, name, isNew);
    if (known === activation) return [entry];
    isChanged = true;
    if (typeof known === 'string') return [{ ...entry, config: { ...config, activation: known } }];
    if (entry.class_name === 'Activation') return put(known);
    const own = `${name}_activation`;
    behind.set(name, own);
    return [
      { ...entry, config: { ...config, activation: 'linear' } },
      {
        ...{ class_name: known.class_name, name: own },
        config: { name: own, trainable: true, ...known.config },
        inbound_nodes: entry.inbound_nodes.map((_, call) => [[name, call, 0, {}]]),
      },
    ];
  });
  if (!isChanged) return list;
  const moved = ([name, ...rest]: OutputRef): OutputRef => [behind.get(name) ?? name, ...rest];
  return {
    ...list,
    outputs: list.outputs.map(moved),
    layers: layers.map((entry) => ({
      ...entry,
      inbound_nodes: entry.inbound_nodes.map((node) =>
        (node as unknown as OutputRef[]).map((ref) =>
          [...behind].some(([from, to]) => from === ref[0] && to === entry.name) ? ref : moved(ref),
        ),
      ),
    })),
  };
}
