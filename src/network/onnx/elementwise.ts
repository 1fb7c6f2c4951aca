/** Activations, sums and products, and what is averaged over channels. */
import { product } from '../cost.ts';
import type { FunctionName, OperationName } from '../layers/arithmetic.ts';
import { floatOf, intOf, textOf } from './attributes.ts';
import { broadcastShape, type Constant } from './constants.ts';
import { overMap } from './convolutions.ts';
import {
  computedAt,
  constantAt,
  listAt,
  optionalAt,
  type Context,
  type Convert,
} from './operation.ts';
import { asMap, asPlain, constantFor, reshaped, type Computed, type Value } from './value.ts';

/** A function of one number at a time: the order of the numbers does not matter. */
const applied =
  (
    class_name: string,
    configOf: (context: Context) => Readonly<Record<string, unknown>>,
  ): Convert =>
  (context) => {
    const { writer, name } = context;
    const input = computedAt(context, 0);
    return { ...input, layer: writer.add(class_name, name, [input.layer], configOf(context)) };
  };

const activation = (of: string): Convert => applied('Activation', () => ({ activation: of }));
const named = (of: FunctionName, config: (context: Context) => object = () => ({})): Convert =>
  applied('Elementwise', (context) => ({ function: of, ...config(context) }));

const clip: Convert = (context) => {
  const { node } = context;
  const low = optionalAt(context, 1, 'bounds')?.values[0] ?? floatOf(node, 'min', -Infinity);
  const high = optionalAt(context, 2, 'bounds')?.values[0] ?? floatOf(node, 'max', Infinity);
  if (low === 0 && high === 6) return activation('relu6')(context);
  if (low === 0 && high >= 3.4e38) return activation('relu')(context);
  const bounded = (value: number) => Math.min(3.4e38, Math.max(-3.4e38, value));
  return named('clip', () => ({ alpha: bounded(low), beta: bounded(high) }))(context);
};

const prelu: Convert = (context) => {
  const { values } = constantAt(context, 1, 'slopes');
  if (values.length !== 1)
    throw new Error('a slope for every channel is not read here; one for all is');
  return applied('LeakyReLU', () => ({ alpha: values[0]! }))(context);
};

const softmax =
  (of: 'softmax' | 'logSoftmax'): Convert =>
  (context) => {
    const { node, writer, name, opset } = context;
    const given = computedAt(context, 0);
    const rank = given.dims.length + 1;
    const axis = intOf(node, 'axis', opset < 13 ? 1 : -1);
    const at = axis < 0 ? axis + rank : axis;
    const isOverChannels = given.dims.length === 3 && at === 1 && opset >= 13;
    const isOverAll = product(given.dims) === given.dims[at - 1];
    if (!isOverChannels && !isOverAll && at !== rank - 1)
      throw new Error(`it is taken over axis ${axis} of ${rank}; the classes' axis is expected`);
    const input = isOverChannels ? asMap(given, writer) : asPlain(given, writer);
    return { ...input, layer: writer.add('Activation', name, [input.layer], { activation: of }) };
  };

const OPERATIONS: Readonly<Record<string, OperationName>> = {
  ...{ Add: 'add', Sub: 'subtract', Mul: 'multiply', Div: 'divide', Pow: 'power' },
  ...{ Max: 'maximum', Min: 'minimum', Sum: 'add' },
};

const binary: Convert = (context) => {
  const [first, ...rest] = context.inputs;
  return rest.reduce<Value>(
    (sum, next) => combined({ ...context, inputs: [sum, next] }),
    first ?? computedAt(context, 0),
  );
};

function combined(context: Context): Computed {
  const { node, inputs } = context;
  const operation = OPERATIONS[node.type]!;
  const [a, b] = inputs;
  if (a?.kind === 'computed' && b?.kind === 'computed') return ofTwo(context, operation, a, b);
  const isReversed = a?.kind === 'constant';
  const value = computedAt(context, isReversed ? 1 : 0);
  const constant = constantAt(context, isReversed ? 0 : 1, 'constants');
  return withConstant(context, operation, value, constant, isReversed);
}

function withConstant(
  { writer, name, uses }: Context,
  operation: OperationName,
  value: Computed,
  constant: Constant,
  isReversed: boolean,
): Computed {
  const rank = value.dims.length + 1;
  const shape = broadcastShape([1, ...value.dims], constant.dims);
  if (shape?.length !== rank || shape.slice(1).join() !== value.dims.join())
    throw new Error(`a constant of [${constant.dims.join()}] does not fit [${value.dims.join()}]`);
  if (constant.values.length === 1 && operation === 'power' && !isReversed) {
    const config = { function: 'power', alpha: constant.values[0]! };
    return { ...value, layer: writer.add('Elementwise', name, [value.layer], config) };
  }
  const input =
    constant.values.length === 1 || typeof value.order === 'string'
      ? value
      : asPlain(value, writer);
  const isNeutral = constant.values.length === 1 && !isReversed;
  if (isNeutral && constant.values[0] === (NEUTRAL[operation] ?? NaN)) return value;
  const ordered =
    constant.values.length === 1
      ? { dims: [1], values: constant.values }
      : constantFor(constant, input.dims.length === 3 ? input : { ...input, order: 'plain' });
  if (operation === 'add' && isBiasOf(input, ordered, uses, writer)) {
    writer.addBias(input.layer, ordered.values);
    return input;
  }
  // A plain value of another shape than it lies in takes the constant in the shape in which it lies.
  const lying = input.order === 'plain' ? asPlainWhere(input, ordered, writer) : input;
  const layer = writer.add(
    'Arithmetic',
    name,
    [lying.layer],
    { operation, shape: ordered.dims, reversed: isReversed },
    [['constant', ordered.dims, (target) => target.set(ordered.values)]],
  );
  return { ...lying, layer };
}

function asPlainWhere(input: Computed, { values }: Constant, writer: Context['writer']): Computed {
  return values.length === 1 ? input : asPlain(input, writer);
}

const NEUTRAL: Readonly<Partial<Record<OperationName, number>>> = {
  ...{ add: 0, subtract: 0, multiply: 1, divide: 1, power: 1 },
};

/** Whether a sum with a constant is the bias of the convolution or dense layer before it. */
function isBiasOf(
  { layer, lies }: Computed,
  { values, dims }: Constant,
  uses: Context['uses'],
  writer: Context['writer'],
): boolean {
  const entry = writer.entry(layer);
  if (!entry || uses(layer) !== 1) return false;
  const { class_name, config } = entry;
  if (!['Conv2D', 'Dense', 'GroupedConv2D', 'DepthwiseConv2D'].includes(class_name)) return false;
  const hasBias = config.use_bias === true || config.useBias === true;
  return !hasBias && values.length === lies.at(-1) && dims.at(-1) === values.length;
}

function ofTwo(context: Context, operation: OperationName, a: Computed, b: Computed): Computed {
  const { writer, name, uses } = context;
  const shape = broadcastShape(a.dims, b.dims);
  if (!shape || a.dims.length !== b.dims.length)
    throw new Error(`shapes [${a.dims.join()}] and [${b.dims.join()}] do not fit together`);
  if (operation === 'multiply') {
    const swish = swishOf(a, b, writer, uses) ?? swishOf(b, a, writer, uses);
    if (swish)
      return {
        ...swish,
        layer: writer.add('Activation', name, [swish.layer], { activation: 'swish' }),
      };
  }
  const isMap = shape.length === 3 && (a.order === 'nchw' || b.order === 'nchw');
  const alike = a.order === b.order && a.lies.join() === b.lies.join();
  const [one, other] = alike
    ? [a, b]
    : isMap
      ? [asMap(a, writer), asMap(b, writer)]
      : [asPlain(a, writer), asPlain(b, writer)];
  const class_name = KERAS[operation];
  const layer = writer.add(
    class_name ?? 'Binary',
    name,
    [one.layer, other.layer],
    class_name ? {} : { operation },
  );
  const lies = broadcastShape(one.lies, other.lies)!;
  return { ...one, layer, lies, dims: shape };
}

const KERAS: Readonly<Partial<Record<OperationName, string>>> = {
  ...{ add: 'Add', multiply: 'Multiply', maximum: 'Maximum', minimum: 'Minimum' },
};

/** x where a product is x · sigmoid(x), and nobody else takes the sigmoid. */
function swishOf(
  x: Computed,
  gate: Computed,
  writer: Context['writer'],
  uses: Context['uses'],
): Computed | null {
  const entry = writer.entry(gate.layer);
  if (entry?.config.activation !== 'sigmoid' || entry.class_name !== 'Activation') return null;
  const [[from]] = entry.inbound_nodes[0] as [[string]];
  return from === x.layer && uses(gate.layer) === 1 && gate.dims.join() === x.dims.join()
    ? x
    : null;
}

const reduction =
  (kind: 'mean' | 'sum' | 'max'): Convert =>
  (context) => {
    const { node, writer, name } = context;
    const value = computedAt(context, 0);
    const rank = value.dims.length + 1;
    const given = listAt(context, 1, 'axes') ?? value.dims.map((_, i) => i + 1);
    const axes = given.map((axis) => (axis < 0 ? axis + rank : axis) - 1).sort((a, b) => a - b);
    if (axes[0] === -1) throw new Error('it is taken over the batch');
    const kept = value.dims.map((size, i) => (axes.includes(i) ? 1 : size));
    const dims =
      intOf(node, 'keepdims', 1) === 1 ? kept : value.dims.filter((_, i) => !axes.includes(i));
    const isOverMap = value.dims.length === 3 && axes.join() === '1,2';
    if (isOverMap && kind !== 'sum') {
      const pool = kind === 'mean' ? 'GlobalAveragePooling2D' : 'GlobalMaxPooling2D';
      return reshaped(overMap(pool, value, name, writer), dims);
    }
    const isMap = value.order === 'nchw';
    const input = isMap ? value : asPlain(value, writer);
    const lying = isMap ? axes.map((axis) => [2, 0, 1][axis]!) : axes;
    const layer = writer.add('Reduce', name, [input.layer], { kind, axes: lying });
    const lies = input.lies.map((size, i) => (lying.includes(i) ? 1 : size));
    return reshaped({ ...input, layer, lies, dims: kept }, dims);
  };

const layerNormalisation: Convert = (context) => {
  const { node, writer, name } = context;
  const value = computedAt(context, 0);
  const axis = intOf(node, 'axis', -1);
  if (axis !== -1 && axis !== value.dims.length)
    throw new Error(`it is taken over several axes, from ${axis} on; the last one is read here`);
  const input = asPlain(value, writer);
  const size = input.dims.at(-1)!;
  const given = [constantAt(context, 1, 'weights'), optionalAt(context, 2, 'biases')];
  const weights = ['gamma', 'beta'].flatMap((role, i) => {
    const constant = given[i];
    const fill = (target: Float32Array) => target.set(constant!.values);
    return constant ? [[role, [size], fill] as const] : [];
  });
  const layer = writer.add(
    'LayerNormalization',
    name,
    [input.layer],
    { axis: [-1], epsilon: floatOf(node, 'epsilon', 1e-5), center: given[1] !== null, scale: true },
    weights,
  );
  return { ...input, layer };
};

const gelu: Convert = (context) => {
  if (textOf(context.node, 'approximate', 'none') !== 'none')
    throw new Error('its approximation by tanh is not read here; export it without');
  return named('gelu')(context);
};

export const ELEMENTWISE: Readonly<Record<string, Convert>> = {
  Relu: activation('relu'),
  Clip: clip,
  Sigmoid: activation('sigmoid'),
  Tanh: activation('tanh'),
  Softplus: activation('softplus'),
  Softsign: activation('softsign'),
  HardSigmoid: named('hardSigmoid', ({ node }) => ({
    alpha: floatOf(node, 'alpha', 0.2),
    beta: floatOf(node, 'beta', 0.5),
  })),
  HardSwish: named('hardSwish'),
  Mish: named('mish'),
  Gelu: gelu,
  LeakyRelu: applied('LeakyReLU', ({ node }) => ({ alpha: floatOf(node, 'alpha', 0.01) })),
  Elu: applied('ELU', ({ node }) => ({ alpha: floatOf(node, 'alpha', 1) })),
  Selu: activation('selu'),
  PRelu: prelu,
  Erf: named('erf'),
  Exp: named('exp'),
  Log: named('log'),
  Sqrt: named('sqrt'),
  Reciprocal: named('reciprocal'),
  Neg: named('negative'),
  Abs: named('absolute'),
  Softmax: softmax('softmax'),
  LogSoftmax: softmax('logSoftmax'),
  ...Object.fromEntries(Object.keys(OPERATIONS).map((type) => [type, binary])),
  ReduceMean: reduction('mean'),
  ReduceSum: reduction('sum'),
  ReduceMax: reduction('max'),
  LayerNormalization: layerNormalisation,
};
