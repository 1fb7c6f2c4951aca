/** Folded operations on tensors of whatever backend tfjs has. */
import * as tf from '@tensorflow/tfjs-core';
import { product } from './cost.ts';
import type { Folded, Window, Work } from './folded.ts';
import type { Layer } from './graph.ts';
import { isProduct, productOf, type ProductRule } from './products.ts';

/** One operation: takes the outputs of some nodes, gives that of `output`. */
export interface Op {
  readonly inputs: readonly number[];
  readonly output: number;
  /** Inside a tidy; the inputs are not disposed of. */
  readonly run: (inputs: tf.Tensor[]) => tf.Tensor;
  /** Tensors that belong to this operation alone. */
  readonly owned: readonly tf.Tensor[];
  /** Layers that are still needed to run it. */
  readonly layers: readonly Layer[];
}

type Weighted = Extract<Work, { kernel: Float32Array }>;
type Convolution = Extract<Work, { kind: 'convolution' | 'depthwise' }>;

/** @param rule which convolutions become matrix products on this backend. */
export function tensorOp(folded: Folded, rule: ProductRule): Op {
  const { inputs, output, work } = folded;
  const op = (run: Op['run'], owned: readonly tf.Tensor[] = [], layers: Layer[] = []): Op => ({
    inputs,
    output,
    run,
    owned,
    layers,
  });
  switch (work.kind) {
    case 'convolution':
    case 'depthwise':
    case 'dense': {
      const [run, owned] = weightedOp(folded, work, rule);
      return op(run, owned);
    }
    case 'add':
      return op((terms) =>
        activated(
          terms.reduce((sum, term) => tf.add(sum, term)),
          work,
        ),
      );
    case 'activation':
      return op(([x]) => activated(x!, work));
    case 'maxPool': {
      const { size, strides } = work.window;
      const pad = explicit(work.window);
      return op(([x]) => tf.maxPool(x as tf.Tensor4D, [...size], [...strides], pad));
    }
    case 'mean':
      return op(([x]) => tf.mean(x!, [1, 2]));
    case 'same':
      return op(([x]) => tf.reshape(x!, [x!.shape[0]!, ...folded.shape]));
    case 'layer': {
      const { layer, name } = work.node;
      if (!layer) throw new Error(`The layer ${name} is run by tfjs, and was read without it.`);
      const run: Op['run'] = (tensors) =>
        layer.apply(tensors.length === 1 ? tensors[0]! : tensors) as tf.Tensor;
      return op(run, [], [layer]);
    }
  }
}

function activated(x: tf.Tensor, { activation }: Pick<Weighted, 'activation'>): tf.Tensor {
  return activation === 'linear' ? x : activation === 'relu' ? tf.relu(x) : tf.relu6(x);
}

function weightedOp(folded: Folded, work: Weighted, rule: ProductRule): [Op['run'], tf.Tensor[]] {
  if (work.kind !== 'dense' && !isProduct(folded, work, rule)) return convolutionOp(work);
  const { kernel, shape, bias } =
    work.kind === 'dense' ? { ...work, shape: work.kernelShape } : productOf(folded, work);
  const b = tf.tensor2d(kernel, shape as [number, number]);
  const offset = bias && tf.tensor1d(bias);
  const extra = { activation: work.activation, ...(offset && { bias: offset }) };
  const run: Op['run'] = ([x]) => {
    const size = x!.shape[0]!;
    const y = tf.fused.matMul({ a: tf.reshape(x!, [size, b.shape[0]]), b, ...extra });
    return tf.reshape(y, [size, ...folded.shape]);
  };
  return [run, offset ? [b, offset] : [b]];
}

function convolutionOp(work: Convolution): [Op['run'], tf.Tensor[]] {
  const { kernel, kernelShape, bias, activation, window } = work;
  const filter = tf.tensor4d(kernel, kernelShape as [number, number, number, number]);
  const offset = bias && tf.tensor1d(bias);
  const { strides, dilations } = window;
  const common = {
    filter,
    strides: [...strides] as [number, number],
    // The explicit form works at run time for both; tfjs's types know it for plain convolutions only.
    pad: explicit(window) as unknown as 'valid',
    dilations: [...dilations] as [number, number],
    activation,
    ...(offset && { bias: offset }),
  };
  const run: Op['run'] =
    work.kind === 'convolution'
      ? ([x]) => tf.fused.conv2d({ x: x as tf.Tensor4D, ...common })
      : ([x]) => tf.fused.depthwiseConv2d({ x: x as tf.Tensor4D, ...common });
  return [run, offset ? [filter, offset] : [filter]];
}

type Explicit = [[number, number], [number, number], [number, number], [number, number]];

/** Padding as tfjs takes it. */
function explicit({ before: [top, left], after: [bottom, right] }: Window): 'valid' | Explicit {
  const pads = [top, bottom, left, right];
  if (product(pads.map((pad) => pad + 1)) === 1) return 'valid';
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}
