/** Matrix products, and operations that only move numbers or look at them in another shape. */
import { product } from '../cost.ts';
import { floatOf, intOf, intsOf } from './attributes.ts';
import { listOf, vector } from './constants.ts';
import {
  computedAt,
  constantAt,
  listAt,
  optionalAt,
  type Context,
  type Convert,
} from './operation.ts';
import { BATCH, filledIn, sliceOf, squeezed, unsqueezed } from './static.ts';
import {
  asMap,
  asPlain,
  asRow,
  plainly,
  reshaped,
  transposed,
  type Computed,
  type Value,
} from './value.ts';

/** A dense layer on a row: the weights' rows are put into the order in which the numbers lie. */
function dense(
  { writer, name }: Context,
  value: Computed,
  weights: ArrayLike<number>,
  [inputs, outputs]: readonly [number, number],
  { isTurned, scale, bias }: { isTurned: boolean; scale: number; bias: ArrayLike<number> | null },
): Computed {
  const { layer, places } = asRow(value, writer);
  if (product(value.dims) !== inputs)
    throw new Error(`its weights take ${inputs} numbers; ${product(value.dims)} come`);
  const fill = (target: Float32Array): void => {
    for (let i = 0; i < inputs; i++) {
      const row = (places ? places[i]! : i) * outputs;
      for (let o = 0; o < outputs; o++)
        target[row + o] = scale * weights[isTurned ? o * inputs + i : i * outputs + o]!;
    }
  };
  const dense = writer.add(
    'Dense',
    name,
    [layer],
    { units: outputs, activation: 'linear', use_bias: bias !== null, kernel_initializer: 'zeros' },
    [
      ['kernel', [inputs, outputs], fill],
      ...(bias ? ([['bias', [outputs], (target: Float32Array) => target.set(bias)]] as const) : []),
    ],
  );
  return plainly(dense, [outputs]);
}

const gemm: Convert = (context) => {
  const { node } = context;
  if (intOf(node, 'transA', 0) === 1) throw new Error('its input is transposed');
  const { dims, values } = constantAt(context, 1, 'weights');
  const bias = optionalAt(context, 2, 'biases');
  const isTurned = intOf(node, 'transB', 0) === 1;
  const [inputs, outputs] = isTurned ? [dims[1]!, dims[0]!] : [dims[0]!, dims[1]!];
  const beta = floatOf(node, 'beta', 1);
  const offset = bias && {
    all: Float32Array.from(
      { length: outputs },
      (_, o) => beta * bias.values[bias.values.length === 1 ? 0 : o]!,
    ),
  };
  return dense(context, computedAt(context, 0), values, [inputs, outputs], {
    ...{ isTurned, scale: floatOf(node, 'alpha', 1), bias: offset?.all ?? null },
  });
};

const matMul: Convert = (context) => {
  const { writer, name, inputs: taken } = context;
  if (taken[1]?.kind !== 'constant')
    throw new Error(
      'both of its factors are computed from the image (attention does that), which is not read here; ' +
        'convolutional networks are',
    );
  const { dims, values } = taken[1];
  const value = computedAt(context, 0);
  if (dims.length !== 2) throw new Error(`its weights have ${dims.length} dimensions; expected 2`);
  const [inputs, outputs] = dims as [number, number];
  if (value.dims.length === 1)
    return dense(context, value, values, [inputs, outputs], {
      isTurned: false,
      scale: 1,
      bias: null,
    });
  // A product at every pixel is a convolution of 1 × 1.
  const input = asPlain(value, writer);
  if (input.dims.length !== 3 || input.dims[2] !== inputs)
    throw new Error(`its weights take ${inputs} numbers; [${input.dims.join(', ')}] come`);
  const layer = writer.add(
    'Conv2D',
    name,
    [input.layer],
    {
      ...{ filters: outputs, kernel_size: [1, 1], strides: [1, 1], dilation_rate: [1, 1] },
      ...{ padding: 'valid', data_format: 'channels_last', activation: 'linear' },
      ...{ use_bias: false, kernel_initializer: 'zeros' },
    },
    [['kernel', [1, 1, inputs, outputs], (target) => target.set(values)]],
  );
  return plainly(layer, [input.dims[0]!, input.dims[1]!, outputs]);
};

/** Sizes of a whole tensor, the batch's among them, without the batch. */
function withoutBatch(sizes: readonly number[], count: number, whole: number | null): number[] {
  const [batch, ...rest] = sizes;
  const open = rest.filter((size) => size === -1).length;
  const known = product(rest.filter((size) => size !== -1));
  const isBatch = batch === BATCH || batch === whole || (open === 0 && known === count);
  if (!isBatch)
    throw new Error(`it puts images together: [${sizes.join(', ')}] does not keep the batch first`);
  return filledIn(rest, count);
}

const reshape: Convert = (context) => {
  const value = computedAt(context, 0);
  const wanted = listAt(context, 1, 'shape');
  if (!wanted) throw new Error('its shape is missing');
  const sizes = wanted.map((size, i) => (size === 0 && i > 0 ? value.dims[i - 1]! : size));
  return reshaped(value, withoutBatch(sizes, product(value.dims), null));
};

const flatten: Convert = (context) => {
  const value = computedAt(context, 0);
  const axis = intOf(context.node, 'axis', 1);
  if (axis !== 1) throw new Error(`it begins at axis ${axis}; 1 keeps the images apart`);
  return reshaped(value, [product(value.dims)]);
};

const transpose: Convert = (context) => {
  const value = computedAt(context, 0);
  const rank = value.dims.length + 1;
  const axes = intsOf(
    context.node,
    'perm',
    Array.from({ length: rank }, (_, i) => rank - 1 - i),
  );
  if (axes[0] !== 0) throw new Error('it moves the batch from its first place');
  return transposed(
    value,
    axes.slice(1).map((axis) => axis - 1),
  );
};

const squeeze: Convert = (context) => {
  const value = computedAt(context, 0);
  const dims = squeezed([-1, ...value.dims], listAt(context, 1, 'axes') ?? []);
  if (dims[0] !== -1) throw new Error('it drops the batch');
  return reshaped(value, dims.slice(1));
};

const unsqueeze: Convert = (context) => {
  const value = computedAt(context, 0);
  const dims = unsqueezed([-1, ...value.dims], listAt(context, 1, 'axes') ?? [0]);
  if (dims[0] !== -1) throw new Error('it puts an axis before the batch');
  return reshaped(value, dims.slice(1));
};

const concat: Convert = (context) => {
  const { node, writer, name, inputs } = context;
  const values = inputs.map((_, i) => computedAt(context, i));
  const rank = values[0]!.dims.length + 1;
  const given = intOf(node, 'axis', 1);
  const axis = (given < 0 ? given + rank : given) - 1;
  if (axis < 0) throw new Error('it puts batches one after the other');
  const isMap = rank === 4 && values.some(({ order }) => order === 'nchw');
  const alike = values.map((value) => (isMap ? asMap(value, writer) : asPlain(value, writer)));
  const along = isMap ? [2, 0, 1][axis]! : axis;
  const layer = writer.add(
    'Concatenate',
    name,
    alike.map((one) => one.layer),
    { axis: along + 1 },
  );
  const total = (of: (value: Computed) => readonly number[], at: number) =>
    alike.reduce((sum, value) => sum + of(value)[at]!, 0);
  const [first] = alike as [Computed, ...Computed[]];
  return {
    ...first,
    layer,
    lies: first.lies.map((size, i) => (i === along ? total(({ lies }) => lies, i) : size)),
    dims: first.dims.map((size, i) => (i === axis ? total(({ dims }) => dims, i) : size)),
  };
};

/** A box of a value, `begin`, `size` and `step` by the graph's axes. */
function cut(
  { writer }: Context,
  name: string,
  value: Computed,
  begin: readonly number[],
  size: readonly number[],
  step: readonly number[],
): Computed {
  if (size.join() === value.dims.join()) return value;
  const isMap = value.dims.length === 3 && value.order !== 'plain';
  const input = isMap ? asMap(value, writer) : asPlain(value, writer);
  const lying = (of: readonly number[]) => (isMap ? [of[1]!, of[2]!, of[0]!] : [...of]);
  const layer = writer.add('Slice', name, [input.layer], {
    ...{ begin: lying(begin), size: lying(size), step: lying(step) },
  });
  return { ...input, layer, lies: lying(size), dims: size };
}

const slice: Convert = (context) => {
  const value = computedAt(context, 0);
  const given = context.inputs.slice(1).map((_, i) => {
    const constant = optionalAt(context, i + 1, 'bounds');
    return constant ? listOf(constant) : undefined;
  });
  const whole = [1, ...value.dims];
  const { begin, size, step } = sliceOf(context.node, whole, given);
  if (size[0] !== 1) throw new Error('it cuts the batch');
  return cut(context, context.name, value, begin.slice(1), size.slice(1), step.slice(1));
};

const split: Convert = (context) => {
  const { node, name } = context;
  const value = computedAt(context, 0);
  const rank = value.dims.length + 1;
  const given = intOf(node, 'axis', 0);
  const axis = (given < 0 ? given + rank : given) - 1;
  if (axis < 0) throw new Error('it splits the batch');
  const length = value.dims[axis]!;
  const parts = node.outputs.length;
  const even = Math.ceil(length / parts);
  const sizes =
    listAt(context, 1, 'split') ??
    Array.from({ length: parts }, (_, i) => Math.min(even, length - i * even));
  let from = 0;
  return sizes.map((part, i): Value => {
    const begin = value.dims.map((_, at) => (at === axis ? from : 0));
    const size = value.dims.map((all, at) => (at === axis ? part : all));
    from += part;
    return cut(
      context,
      `${name}.${i}`,
      value,
      begin,
      size,
      value.dims.map(() => 1),
    );
  });
};

const gather: Convert = (context) => {
  const { node, name } = context;
  const value = computedAt(context, 0);
  const at = constantAt(context, 1, 'indices');
  const rank = value.dims.length + 1;
  const given = intOf(node, 'axis', 0);
  const axis = (given < 0 ? given + rank : given) - 1;
  const [index] = listOf(at);
  if (axis < 0 || at.values.length !== 1)
    throw new Error('it takes several places at once, or of the batch');
  const length = value.dims[axis]!;
  const begin = value.dims.map((_, i) => (i === axis ? (index! + length) % length : 0));
  const size = value.dims.map((all, i) => (i === axis ? 1 : all));
  const one = cut(
    context,
    name,
    value,
    begin,
    size,
    value.dims.map(() => 1),
  );
  return at.dims.length > 0
    ? one
    : reshaped(
        one,
        value.dims.filter((_, i) => i !== axis),
      );
};

const same: Convert = (context) => computedAt(context, 0);

/** The shape of something that depends on the image: all but the batch is known. */
const shape: Convert = (context) => {
  const { dims } = computedAt(context, 0);
  const from = intOf(context.node, 'start', 0);
  const all = [BATCH, ...dims];
  const end = context.node.attributes.get('end')?.int ?? all.length;
  return { kind: 'constant', ...vector(all.slice(from, end)) };
};

const upsample: Convert = (context) => {
  const { node, writer, name } = context;
  const value = computedAt(context, 0);
  const input = asMap(value, writer);
  const [height, width, channels] = input.lies as [number, number, number];
  const scales = listOf(
    optionalAt(context, node.type === 'Upsample' ? 1 : 2, 'scales') ?? vector([]),
  );
  const sizes = listOf(optionalAt(context, 3, 'sizes') ?? vector([]));
  const by = sizes.length === 4 ? [sizes[2]! / height, sizes[3]! / width] : scales.slice(2);
  const mode = node.attributes.get('mode')?.text ?? 'nearest';
  if (mode !== 'nearest' || by.length !== 2 || by.some((factor) => !Number.isInteger(factor)))
    throw new Error(
      `enlarging by ${by.join(' × ')} (${mode}) is not read here; whole steps of the nearest are`,
    );
  const layer = writer.add('UpSampling2D', name, [input.layer], {
    size: by,
    data_format: 'channels_last',
  });
  const lies = [height * by[0]!, width * by[1]!, channels];
  return { ...input, layer, lies, dims: [channels, lies[0]!, lies[1]!] };
};

export const MOVES: Readonly<Record<string, Convert>> = {
  Gemm: gemm,
  MatMul: matMul,
  Reshape: reshape,
  Flatten: flatten,
  Transpose: transpose,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Concat: concat,
  Slice: slice,
  Split: split,
  Gather: gather,
  Identity: same,
  Dropout: same,
  Cast: same,
  Shape: shape,
  Resize: upsample,
  Upsample: upsample,
};
