/** Convolutions, pools and what else looks at windows of a map. */
import { intOf, intsOf, pairOf, textOf, type Pair } from './attributes.ts';
import { floatOf } from './attributes.ts';
import { transposedPlaces, type Constant } from './constants.ts';
import {
  computedAt,
  constantAt,
  listAt,
  optionalAt,
  type Context,
  type Convert,
} from './operation.ts';
import { asMap, mapOf, reshaped, type Computed } from './value.ts';
import type { Fill } from './writer.ts';

interface Pads {
  readonly before: Pair;
  readonly after: Pair;
}

/** Padding as the node states it, or as "same" comes to. */
function padsOf(
  node: Context['node'],
  map: Pair,
  size: Pair,
  strides: Pair,
  dilations: Pair,
): Pads {
  const auto = textOf(node, 'auto_pad', 'NOTSET');
  if (auto === 'SAME_UPPER' || auto === 'SAME_LOWER') {
    const totals = [0, 1].map((axis) => {
      const at = axis as 0 | 1;
      const outputs = Math.ceil(map[at] / strides[at]);
      const reach = (outputs - 1) * strides[at] + (size[at] - 1) * dilations[at] + 1;
      return Math.max(0, reach - map[at]);
    });
    const small = totals.map((total) => total >> 1) as [number, number];
    const large = totals.map((total, i) => total - small[i]!) as [number, number];
    return auto === 'SAME_UPPER'
      ? { before: small, after: large }
      : { before: large, after: small };
  }
  const [top = 0, left = 0, bottom = 0, right = 0] =
    auto === 'VALID' ? [] : intsOf(node, 'pads', []);
  return { before: [top, left], after: [bottom, right] };
}

function checkTwoDimensional(dims: readonly number[], what: string): void {
  if (dims.length !== 3)
    throw new Error(`${what} over ${dims.length - 1} dimensions is not read here; images have two`);
}

/** A map with zeros around it. */
function padded(value: Computed, { before, after }: Pads, { writer, name }: Context): Computed {
  if ([...before, ...after].every((by) => by === 0)) return value;
  const [height, width, channels] = value.lies as [number, number, number];
  const padding = [
    [before[0], after[0]],
    [before[1], after[1]],
  ];
  const layer = writer.add('ZeroPadding2D', `${name}.pad`, [value.layer], {
    ...{ padding, data_format: 'channels_last' },
  });
  return mapOf(layer, [height + before[0] + after[0], width + before[1] + after[1], channels]);
}

/** [out, in, h, w] → [h, w, in, out]. */
const turned =
  ({ dims, values }: Constant): Fill =>
  (target) => {
    const places = transposedPlaces(dims, [2, 3, 1, 0]);
    for (let i = 0; i < places.length; i++) target[i] = values[places[i]!]!;
  };

/** [in · multiplier, 1, h, w] → [h, w, in, multiplier]. */
const turnedDepthwise =
  ({ dims, values }: Constant): Fill =>
  (target) => {
    const [out, , height, width] = dims as [number, number, number, number];
    const places = transposedPlaces([out, height, width], [1, 2, 0]);
    for (let i = 0; i < places.length; i++) target[i] = values[places[i]!]!;
  };

const convolution: Convert = (context) => {
  const { node, writer, name } = context;
  const kernel = constantAt(context, 1, 'weights');
  const bias = optionalAt(context, 2, 'biases');
  checkTwoDimensional(kernel.dims.slice(1), 'a convolution');
  const input = asMap(computedAt(context, 0), writer);
  const [height, width, channels] = input.lies as [number, number, number];
  const [out, inGroup, rows, columns] = kernel.dims as [number, number, number, number];
  const groups = intOf(node, 'group', 1);
  if (inGroup * groups !== channels)
    throw new Error(`its weights take ${inGroup * groups} channels; ${channels} come`);
  const strides = pairOf(node, 'strides', [1, 1]);
  const dilations = pairOf(node, 'dilations', [1, 1]);
  const size: Pair = [rows, columns];
  const pads = padsOf(node, [height, width], size, strides, dilations);
  const from = padded(input, pads, context);
  const of = (axis: 0 | 1): number =>
    Math.floor((from.lies[axis]! - (size[axis] - 1) * dilations[axis] - 1) / strides[axis]) + 1;
  const shape = [of(0), of(1), out];
  if (shape[0]! < 1 || shape[1]! < 1)
    throw new Error(
      `a map of ${height} × ${width} is too small for its kernel of ${rows} × ${columns}`,
    );
  const offset = bias
    ? ([['bias', [out], (target: Float32Array) => target.set(bias.values)]] as const)
    : [];
  const common = {
    ...{ strides, padding: 'valid', data_format: 'channels_last', activation: 'linear' },
    ...{ use_bias: bias !== null },
  };
  if (groups === 1) {
    const layer = writer.add(
      'Conv2D',
      name,
      [from.layer],
      { ...common, filters: out, kernel_size: size, dilation_rate: dilations, ...ZEROS },
      [['kernel', [rows, columns, inGroup, out], turned(kernel)], ...offset],
    );
    return mapOf(layer, shape);
  }
  if (groups === channels && inGroup === 1) {
    const multiplier = out / channels;
    const layer = writer.add(
      'DepthwiseConv2D',
      name,
      [from.layer],
      {
        ...common,
        ...{ kernel_size: size, dilation_rate: dilations, depth_multiplier: multiplier },
        depthwise_initializer: 'zeros',
      },
      [
        ['depthwise_kernel', [rows, columns, channels, multiplier], turnedDepthwise(kernel)],
        ...offset,
      ],
    );
    return mapOf(layer, shape);
  }
  const layer = writer.add(
    'GroupedConv2D',
    name,
    [from.layer],
    {
      ...{ filters: out, kernelSize: size, strides, dilationRate: dilations, groups },
      useBias: bias !== null,
    },
    [['kernel', [rows, columns, inGroup, out], turned(kernel)], ...offset],
  );
  return mapOf(layer, shape);
};

/** Weights are read from the file: nothing is drawn at random before. */
const ZEROS = { kernel_initializer: 'zeros' };

const pool =
  (kind: 'max' | 'mean'): Convert =>
  (context) => {
    const { node, writer, name } = context;
    const given = computedAt(context, 0);
    checkTwoDimensional(given.dims, 'a pool');
    const input = asMap(given, writer);
    const [height, width, channels] = input.lies as [number, number, number];
    const map: Pair = [height, width];
    const size = pairOf(node, 'kernel_shape', [1, 1]);
    const strides = pairOf(node, 'strides', [1, 1]);
    const dilations = pairOf(node, 'dilations', [1, 1]);
    if (Math.max(...dilations) > 1) throw new Error('pools with dilations are not read here');
    const { before, after } = padsOf(node, map, size, strides, dilations);
    const isUp = intOf(node, 'ceil_mode', 0) === 1;
    const outputs = (axis: 0 | 1): number => {
      const span = map[axis] + before[axis] + after[axis] - size[axis];
      const count = (isUp ? Math.ceil : Math.floor)(span / strides[axis]) + 1;
      // A window that would begin in the padding after the map is left out.
      return isUp && (count - 1) * strides[axis] >= map[axis] + before[axis] ? count - 1 : count;
    };
    const shape = [outputs(0), outputs(1), channels];
    if (shape[0]! < 1 || shape[1]! < 1)
      throw new Error(
        `a map of ${height} × ${width} is too small for its window of ${size.join(' × ')}`,
      );
    const beyond = ([0, 1] as const).map((axis) => {
      const reach = (shape[axis]! - 1) * strides[axis] + size[axis];
      return Math.max(0, reach - map[axis] - before[axis] - after[axis]);
    });
    const isPlain = [...before, ...after, ...beyond].every((by) => by === 0);
    const layer = isPlain
      ? writer.add(kind === 'max' ? 'MaxPooling2D' : 'AveragePooling2D', name, [input.layer], {
          ...{ pool_size: size, strides, padding: 'valid', data_format: 'channels_last' },
        })
      : writer.add('Pool2D', name, [input.layer], {
          ...{ kind, poolSize: size, strides, before, after, beyond },
          countsPadding: intOf(node, 'count_include_pad', 0) === 1,
        });
    return mapOf(layer, shape);
  };

const global =
  (kind: 'GlobalAveragePooling2D' | 'GlobalMaxPooling2D'): Convert =>
  (context) => {
    const { writer, name } = context;
    const given = computedAt(context, 0);
    checkTwoDimensional(given.dims, 'a pool');
    return overMap(kind, given, name, writer);
  };

/** One number a channel: [C] as it lies, [C, 1, 1] in the graph. */
export function overMap(
  kind: 'GlobalAveragePooling2D' | 'GlobalMaxPooling2D',
  value: Computed,
  name: string,
  writer: Context['writer'],
): Computed {
  const input = asMap(value, writer);
  const layer = writer.add(kind, name, [input.layer], { data_format: 'channels_last' });
  const lies = [input.lies[2]!];
  return reshaped({ ...input, layer, lies, dims: lies, order: 'plain' }, [lies[0]!, 1, 1]);
}

const pad: Convert = (context) => {
  const { node, writer } = context;
  const pads = listAt(context, 1, 'pads') ?? intsOf(node, 'paddings', []);
  const value = optionalAt(context, 2, 'value')?.values[0] ?? floatOf(node, 'value', 0);
  const mode = textOf(node, 'mode', 'constant');
  const given = computedAt(context, 0);
  if (pads.every((by) => by === 0)) return given;
  if (mode !== 'constant' || value !== 0)
    throw new Error(
      `padding with ${mode === 'constant' ? value : mode} is not read here; zeros are`,
    );
  if (pads.length !== 8 || [0, 1, 4, 5].some((at) => pads[at] !== 0) || pads.some((by) => by < 0))
    throw new Error('only rows and columns can be padded here, not channels');
  const [, , top, left, , , bottom, right] = pads as number[];
  return padded(asMap(given, writer), { before: [top!, left!], after: [bottom!, right!] }, context);
};

const normalisation: Convert = (context) => {
  const { node, writer, name } = context;
  const input = asMap3(computedAt(context, 0), context);
  const weights = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((role, i) => {
    const { values, dims } = constantAt(context, i + 1, 'weights');
    return [role, dims, (target: Float32Array) => target.set(values)] as const;
  });
  const layer = writer.add(
    'BatchNormalization',
    name,
    [input.layer],
    { axis: -1, epsilon: floatOf(node, 'epsilon', 1e-5), center: true, scale: true },
    weights,
  );
  return { ...input, layer };
};

/** A map, or a row of channels as it is. */
function asMap3(value: Computed, { writer }: Context): Computed {
  return value.dims.length === 1 && value.order === 'plain' ? value : asMap(value, writer);
}

export const CONVOLUTIONS: Readonly<Record<string, Convert>> = {
  Conv: convolution,
  MaxPool: pool('max'),
  AveragePool: pool('mean'),
  GlobalAveragePool: global('GlobalAveragePooling2D'),
  GlobalMaxPool: global('GlobalMaxPooling2D'),
  Pad: pad,
  BatchNormalization: normalisation,
};
