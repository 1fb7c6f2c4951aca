/** What each known layer of Keras says of itself: its configuration as tfjs names it, its output and its weights. */
import { product } from './cost.ts';

/** A layer's configuration as a file has it. */
export type Fields = Readonly<Record<string, unknown>>;

export interface KnownLayer {
  /** With tfjs's own field names and every default filled in. */
  readonly config: Fields;
  /** Of the output, without the batch. */
  readonly shape: readonly number[];
  /** Shapes by role. */
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

type Shape = readonly number[];
type Pair = readonly [number, number];
/** Null where the layer has a field or an input that is not known here. */
type Read = (fields: Fields, inputs: readonly Shape[]) => KnownLayer | null;

const ACTIVATIONS = new Set<unknown>([undefined, null, 'linear', 'relu', 'relu6', 'softmax']);

/** One number for both axes, or a number for each; null for anything else. */
function pair(value: unknown): Pair | null {
  if (isSize(value)) return [value, value];
  return Array.isArray(value) && value.length === 2 && value.every(isSize)
    ? (value as unknown as Pair)
    : null;
}

const isSize = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;

const isLast = ({ data_format: format }: Fields): boolean =>
  format === undefined || format === null || format === 'channels_last';

interface Frame {
  readonly size: Pair;
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly padding: 'same' | 'valid';
}

function frameOf(fields: Fields, size: unknown, strides: unknown): Frame | null {
  const [of, by, dilations] = [pair(size), pair(strides), pair(fields.dilation_rate ?? 1)];
  const { padding = 'valid' } = fields;
  if (!of || !by || !dilations || !isLast(fields)) return null;
  return padding === 'same' || padding === 'valid'
    ? { size: of, strides: by, dilations, padding }
    : null;
}

/** Height and width after a window; null where it does not fit the map once. */
function mapAfter({ size, strides, dilations, padding }: Frame, input: Shape): Pair | null {
  const lengths = ([0, 1] as const).map((axis) => {
    const reach = padding === 'same' ? 1 : (size[axis] - 1) * dilations[axis] + 1;
    return Math.floor((input[axis]! - reach) / strides[axis]) + 1;
  });
  return lengths.every((length) => length > 0) ? (lengths as unknown as Pair) : null;
}

const convolution =
  (isDepthwise: boolean): Read =>
  (fields, [input]) => {
    const frame = frameOf(fields, fields.kernel_size, fields.strides ?? 1);
    const { filters, depth_multiplier: multiplier = 1, activation, groups = 1 } = fields;
    const last = isDepthwise ? multiplier : filters;
    if (!frame || input?.length !== 3 || !isSize(last) || groups !== 1) return null;
    const map = mapAfter(frame, input);
    if (!map || !ACTIVATIONS.has(activation)) return null;
    const channels = isDepthwise ? input[2]! * last : last;
    const kernel = [...frame.size, input[2]!, last];
    const { size: kernelSize, strides, dilations: dilationRate, padding } = frame;
    return {
      config: { kernelSize, strides, dilationRate, padding, activation: activation ?? 'linear' },
      shape: [...map, channels],
      weights: {
        [isDepthwise ? 'depthwise_kernel' : 'kernel']: kernel,
        ...(fields.use_bias !== false && { bias: [channels] }),
      },
    };
  };

const same =
  (config: (fields: Fields) => Fields | null): Read =>
  (fields, [input]) => {
    const own = config(fields);
    return input && own ? { config: own, shape: input, weights: {} } : null;
  };

/** By the Keras class. */
export const KNOWN: Readonly<Record<string, Read>> = {
  InputLayer: ({ batch_input_shape: shape }) =>
    Array.isArray(shape) && shape.slice(1).every(isSize)
      ? { config: {}, shape: shape.slice(1) as number[], weights: {} }
      : null,
  Conv2D: convolution(false),
  DepthwiseConv2D: convolution(true),
  Dense: ({ units, activation, use_bias: useBias }, [input]) => {
    if (input?.length !== 1 || !isSize(units) || !ACTIVATIONS.has(activation)) return null;
    return {
      config: { activation: activation ?? 'linear' },
      shape: [units],
      weights: { kernel: [input[0]!, units], ...(useBias !== false && { bias: [units] }) },
    };
  },
  BatchNormalization: ({ axis = -1, epsilon = 1e-3, center, scale }, [input]) => {
    const isOverChannels = input && (axis === -1 || axis === input.length);
    if (!isOverChannels || typeof epsilon !== 'number') return null;
    const each = [input.at(-1)!];
    return {
      config: { axis: -1, epsilon },
      shape: input,
      weights: {
        ...(scale !== false && { gamma: each }),
        ...(center !== false && { beta: each }),
        ...{ moving_mean: each, moving_variance: each },
      },
    };
  },
  Add: (_, inputs) =>
    inputs.length > 1 && inputs.every((shape) => shape.join() === inputs[0]!.join())
      ? { config: {}, shape: inputs[0]!, weights: {} }
      : null,
  ReLU: same(({ max_value: maxValue = null, negative_slope: slope, threshold }) =>
    !slope && !threshold && (maxValue === null || maxValue === 6) ? { maxValue } : null,
  ),
  Activation: same(({ activation }) => (ACTIVATIONS.has(activation) ? { activation } : null)),
  Softmax: same(({ axis = -1 }) => (typeof axis === 'number' ? { axis } : null)),
  Dropout: same(() => ({})),
  ZeroPadding2D: (fields, [input]) => {
    const { padding = 1 } = fields;
    const sides = isSize(padding) ? [padding, padding] : Array.isArray(padding) ? padding : [];
    const pairs = sides.map(pair);
    if (!isLast(fields) || input?.length !== 3 || pairs.length !== 2) return null;
    const [rows, columns] = pairs;
    if (!rows || !columns) return null;
    return {
      config: { padding: [rows, columns] },
      shape: [input[0]! + rows[0] + rows[1], input[1]! + columns[0] + columns[1], input[2]!],
      weights: {},
    };
  },
  MaxPooling2D: (fields, [input]) => {
    const { pool_size: size = 2 } = fields;
    const frame = frameOf({ ...fields, dilation_rate: 1 }, size, fields.strides ?? size);
    if (!frame || input?.length !== 3) return null;
    const map = mapAfter(frame, input);
    const { size: poolSize, strides, padding } = frame;
    return (
      map && { config: { poolSize, strides, padding }, shape: [...map, input[2]!], weights: {} }
    );
  },
  GlobalAveragePooling2D: (fields, [input]) =>
    isLast(fields) && !fields.keepdims && input?.length === 3
      ? { config: {}, shape: [input[2]!], weights: {} }
      : null,
  Flatten: (fields, [input]) =>
    input && isLast(fields) ? { config: {}, shape: [product(input)], weights: {} } : null,
};
