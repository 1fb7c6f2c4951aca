/** tfjs graph models for tests, in the layout that tensorflowjs_converter writes. */
import { randomNumbers } from '../testing.ts';

type Json = Readonly<Record<string, unknown>>;

const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const s = (value: string): Json => ({ s: btoa(value) });
const i = (values: readonly number[]): Json => ({ list: { i: values.map(String) } });
const ops = (...values: string[]): Json => ({ list: { s: values.map((value) => btoa(value)) } });

/** A graph that is put together node by node, with its weights. */
export class GraphBuilder {
  readonly nodes: Json[] = [];
  readonly weights: { name: string; shape: number[]; dtype: string }[] = [];
  readonly #data: (Float32Array | Int32Array)[] = [];

  node(op: string, name: string, input: readonly string[], attr: Json = {}): string {
    this.nodes.push({ name, op, input, attr: { T: { type: 'DT_FLOAT' }, ...attr } });
    return name;
  }
  const(name: string, shape: number[], values: Float32Array | readonly number[]): string {
    const isFloat = values instanceof Float32Array;
    this.weights.push({ name, shape, dtype: isFloat ? 'float32' : 'int32' });
    this.#data.push(isFloat ? values : Int32Array.from(values));
    const dim = shape.map((size) => ({ size: String(size) }));
    this.node('Const', name, [], { value: { tensor: { tensorShape: { dim } } } });
    return name;
  }
  random(name: string, shape: number[], seed: number): string {
    const count = shape.reduce((a, b) => a * b, 1);
    return this.const(
      name,
      shape,
      randomNumbers(count, seed).map((x) => x / 3),
    );
  }
  /** Numbers of the weights of that name, and their shape. */
  stored(name: string): { values: Float32Array | Int32Array; shape: number[] } {
    const at = this.weights.findIndex((weight) => weight.name === name);
    return { values: this.#data[at]!, shape: this.weights[at]!.shape };
  }
  files(output: string, more: Json = {}): Map<string, Uint8Array> {
    const bytes = this.#data.flatMap((of) => [...new Uint8Array(of.buffer)]);
    return new Map([
      [
        'model.json',
        text({
          ...{ format: 'graph-model', convertedBy: 'TensorFlow.js Converter v4.22.0' },
          signature: { outputs: { out: { name: `${output}:0` } } },
          // Not in the order in which they run.
          modelTopology: { node: [...this.nodes].reverse(), versions: { producer: 1 } },
          weightsManifest: [{ paths: ['group1-shard1of1.bin'], weights: this.weights }],
          ...more,
        }),
      ],
      ['group1-shard1of1.bin', Uint8Array.from(bytes)],
    ]);
  }
}

/** Where the nodes of a layer are in the graph. */
export const nodeName = (name: string): string => `StatefulPartitionedCall/model/${name}`;

/** As a MobileNet and a ResNet have them: fused and bare convolutions, depthwise ones, a residual, pools, a dense layer. */
export function graphNetwork(size = 16) {
  const g = new GraphBuilder();
  const dim = [-1, size, size, 3].map((side) => ({ size: String(side) }));
  g.node('Placeholder', 'image', [], {
    ...{ dtype: { type: 'DT_FLOAT' }, shape: { shape: { dim } } },
  });
  const conv = (strides: number, padding = 'SAME') => ({
    ...{ strides: i([1, strides, strides, 1]), padding: s(padding), data_format: s('NHWC') },
    ...{ dilations: i([1, 1, 1, 1]) },
  });
  g.random(nodeName('stem/kernel'), [3, 3, 3, 8], 1);
  g.random(nodeName('stem/bias'), [8], 2);
  const stem = g.node(
    '_FusedConv2D',
    nodeName('stem/Relu6'),
    ['image', nodeName('stem/kernel'), nodeName('stem/bias')],
    { ...conv(2), num_args: { i: '1' }, fused_ops: ops('BiasAdd', 'Relu6') },
  );
  g.random(nodeName('dw/kernel'), [3, 3, 8, 2], 3);
  const depthwise = g.node(
    'DepthwiseConv2dNative',
    nodeName('dw/depthwise'),
    [stem, nodeName('dw/kernel')],
    conv(1),
  );
  g.random(nodeName('bn/gamma'), [16], 4);
  g.random(nodeName('bn/beta'), [16], 5);
  g.random(nodeName('bn/mean'), [16], 6);
  g.const(
    nodeName('bn/variance'),
    [16],
    randomNumbers(16, 7).map((x) => x * x + 0.5),
  );
  const bn = g.node(
    'FusedBatchNormV3',
    nodeName('bn/FusedBatchNormV3'),
    [depthwise, ...['gamma', 'beta', 'mean', 'variance'].map((name) => nodeName(`bn/${name}`))],
    { epsilon: { f: 0.001 }, data_format: s('NHWC'), is_training: { b: false } },
  );
  const relu = g.node('Relu', nodeName('relu/Relu'), [bn]);
  g.const(nodeName('pad/paddings'), [4, 2], [0, 0, 1, 0, 0, 1, 0, 0]);
  const pad = g.node('Pad', nodeName('pad/Pad'), [relu, nodeName('pad/paddings')]);
  g.random(nodeName('block/kernel'), [2, 2, 16, 16], 8);
  g.random(nodeName('block/bias'), [16], 9);
  const read = g.node('Identity', nodeName('block/read'), [nodeName('block/bias')]);
  const block = g.node(
    'Conv2D',
    nodeName('block/Conv2D'),
    [pad, nodeName('block/kernel')],
    conv(1, 'VALID'),
  );
  const biased = g.node('BiasAdd', nodeName('block/BiasAdd'), [block, read]);
  const sum = g.node('AddV2', nodeName('add/add'), [relu, biased]);
  const pool = g.node('MaxPool', nodeName('pool/MaxPool'), [sum], {
    ...conv(2),
    ksize: i([1, 3, 3, 1]),
  });
  const half = g.node('AvgPool', nodeName('avg/AvgPool'), [pool], {
    ...conv(2),
    ksize: i([1, 2, 2, 1]),
  });
  g.const(nodeName('cat/axis'), [], [3]);
  const both = g.node('ConcatV2', nodeName('cat/concat'), [half, half, nodeName('cat/axis')]);
  g.const(nodeName('mean/axes'), [2], [1, 2]);
  const mean = g.node('Mean', nodeName('mean/Mean'), [both, nodeName('mean/axes')], {
    keep_dims: { b: true },
  });
  // As Keras writes a Flatten behind it.
  const shape = g.node('Shape', nodeName('flat/Shape'), [mean]);
  for (const [name, value] of [
    ['begin', 0],
    ['end', 1],
    ['step', 1],
  ] as const)
    g.const(nodeName(`flat/${name}`), [1], [value]);
  const batch = g.node(
    'StridedSlice',
    nodeName('flat/slice'),
    [shape, nodeName('flat/begin'), nodeName('flat/end'), nodeName('flat/step')],
    { shrink_axis_mask: { i: '1' } },
  );
  g.const(nodeName('flat/units'), [], [32]);
  const packed = g.node('Pack', nodeName('flat/shape'), [batch, nodeName('flat/units')], {
    axis: { i: '0' },
  });
  const flat = g.node('Reshape', nodeName('flat/Reshape'), [mean, packed]);
  g.random(nodeName('fc/kernel'), [32, 5], 10);
  g.random(nodeName('fc/bias'), [5], 11);
  const logits = g.node(
    '_FusedMatMul',
    nodeName('fc/BiasAdd'),
    [flat, nodeName('fc/kernel'), nodeName('fc/bias')],
    {
      ...{ transpose_a: { b: false }, transpose_b: { b: false }, fused_ops: ops('BiasAdd') },
    },
  );
  const output = g.node('Identity', 'Identity', [logits]);
  return { g, output };
}
