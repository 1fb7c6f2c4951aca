/** tfjs graph models in the layout that tensorflowjs_converter writes: they give what tfjs's operations give, node by node. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCard } from '../card.ts';
import { worstShare } from '../definition.ts';
import { networkFromFiles } from '../files.ts';
import { readGiven } from '../given.ts';
import { loadNetwork } from '../network.ts';
import { randomNumbers } from '../testing.ts';

type Json = Readonly<Record<string, unknown>>;

const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const s = (value: string): Json => ({ s: btoa(value) });
const i = (values: readonly number[]): Json => ({ list: { i: values.map(String) } });
const ops = (...values: string[]): Json => ({ list: { s: values.map((value) => btoa(value)) } });

/** A graph that is put together node by node, with its weights. */
class Builder {
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
  tensor(name: string): tf.Tensor {
    const at = this.weights.findIndex((weight) => weight.name === name);
    return tf.tensor(this.#data[at]!, this.weights[at]!.shape);
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

const CARD = {
  ...{ id: 'graph', classes: ['a', 'b', 'c', 'd', 'e'] },
  input: { size: 16, channels: 3, mean: [0, 0, 0], std: [1, 1, 1] },
};

/** As a MobileNet and a ResNet have them: fused and bare convolutions, depthwise ones, a residual, pools, a dense layer. */
function network(size = 16) {
  const g = new Builder();
  const at = (name: string) => `StatefulPartitionedCall/model/${name}`;
  const dim = [-1, size, size, 3].map((side) => ({ size: String(side) }));
  g.node('Placeholder', 'image', [], {
    ...{ dtype: { type: 'DT_FLOAT' }, shape: { shape: { dim } } },
  });
  const conv = (strides: number, padding = 'SAME') => ({
    ...{ strides: i([1, strides, strides, 1]), padding: s(padding), data_format: s('NHWC') },
    ...{ dilations: i([1, 1, 1, 1]) },
  });
  g.random(at('stem/kernel'), [3, 3, 3, 8], 1);
  g.random(at('stem/bias'), [8], 2);
  const stem = g.node(
    '_FusedConv2D',
    at('stem/Relu6'),
    ['image', at('stem/kernel'), at('stem/bias')],
    { ...conv(2), num_args: { i: '1' }, fused_ops: ops('BiasAdd', 'Relu6') },
  );
  g.random(at('dw/kernel'), [3, 3, 8, 2], 3);
  const depthwise = g.node(
    'DepthwiseConv2dNative',
    at('dw/depthwise'),
    [stem, at('dw/kernel')],
    conv(1),
  );
  g.random(at('bn/gamma'), [16], 4);
  g.random(at('bn/beta'), [16], 5);
  g.random(at('bn/mean'), [16], 6);
  g.const(
    at('bn/variance'),
    [16],
    randomNumbers(16, 7).map((x) => x * x + 0.5),
  );
  const bn = g.node(
    'FusedBatchNormV3',
    at('bn/FusedBatchNormV3'),
    [depthwise, ...['gamma', 'beta', 'mean', 'variance'].map((name) => at(`bn/${name}`))],
    { epsilon: { f: 0.001 }, data_format: s('NHWC'), is_training: { b: false } },
  );
  const relu = g.node('Relu', at('relu/Relu'), [bn]);
  g.const(at('pad/paddings'), [4, 2], [0, 0, 1, 0, 0, 1, 0, 0]);
  const pad = g.node('Pad', at('pad/Pad'), [relu, at('pad/paddings')]);
  g.random(at('block/kernel'), [2, 2, 16, 16], 8);
  g.random(at('block/bias'), [16], 9);
  const read = g.node('Identity', at('block/read'), [at('block/bias')]);
  const block = g.node('Conv2D', at('block/Conv2D'), [pad, at('block/kernel')], conv(1, 'VALID'));
  const biased = g.node('BiasAdd', at('block/BiasAdd'), [block, read]);
  const sum = g.node('AddV2', at('add/add'), [relu, biased]);
  const pool = g.node('MaxPool', at('pool/MaxPool'), [sum], {
    ...conv(2),
    ksize: i([1, 3, 3, 1]),
  });
  const half = g.node('AvgPool', at('avg/AvgPool'), [pool], { ...conv(2), ksize: i([1, 2, 2, 1]) });
  g.const(at('cat/axis'), [], [3]);
  const both = g.node('ConcatV2', at('cat/concat'), [half, half, at('cat/axis')]);
  g.const(at('mean/axes'), [2], [1, 2]);
  const mean = g.node('Mean', at('mean/Mean'), [both, at('mean/axes')], { keep_dims: { b: true } });
  // As Keras writes a Flatten behind it.
  const shape = g.node('Shape', at('flat/Shape'), [mean]);
  for (const [name, value] of [
    ['begin', 0],
    ['end', 1],
    ['step', 1],
  ] as const)
    g.const(at(`flat/${name}`), [1], [value]);
  const batch = g.node(
    'StridedSlice',
    at('flat/slice'),
    [shape, at('flat/begin'), at('flat/end'), at('flat/step')],
    { shrink_axis_mask: { i: '1' } },
  );
  g.const(at('flat/units'), [], [32]);
  const packed = g.node('Pack', at('flat/shape'), [batch, at('flat/units')], { axis: { i: '0' } });
  const flat = g.node('Reshape', at('flat/Reshape'), [mean, packed]);
  g.random(at('fc/kernel'), [32, 5], 10);
  g.random(at('fc/bias'), [5], 11);
  const logits = g.node('_FusedMatMul', at('fc/BiasAdd'), [flat, at('fc/kernel'), at('fc/bias')], {
    ...{ transpose_a: { b: false }, transpose_b: { b: false }, fused_ops: ops('BiasAdd') },
  });
  const output = g.node('Identity', 'Identity', [logits]);
  const expected = (x: tf.Tensor4D): Float32Array => {
    const w = (name: string) => g.tensor(at(name));
    const kernel = (name: string) => w(`${name}/kernel`) as tf.Tensor4D;
    const stem = tf.conv2d(x, kernel('stem'), 2, 'same');
    const a = tf.relu6(tf.add<tf.Tensor4D>(stem, w('stem/bias')));
    const d = tf.depthwiseConv2d(a, kernel('dw'), 1, 'same');
    const norm = ['mean', 'variance', 'beta', 'gamma'].map(
      (name) => w(`bn/${name}`) as tf.Tensor1D,
    );
    const b = tf.relu(tf.batchNorm(d, norm[0]!, norm[1]!, norm[2], norm[3], 0.001));
    const around: [number, number][] = [
      [0, 0],
      [1, 0],
      [0, 1],
      [0, 0],
    ];
    const block = tf.conv2d(tf.pad(b, around), kernel('block'), 1, 'valid');
    const sum = tf.add<tf.Tensor4D>(b, tf.add(block, w('block/bias')));
    const half = tf.avgPool(tf.maxPool(sum, 3, 2, 'same'), 2, 2, 'same');
    const row = tf.mean<tf.Tensor2D>(tf.concat([half, half], 3), [1, 2]);
    const logits = tf.matMul(row, w('fc/kernel') as tf.Tensor2D);
    return tf.add(logits, w('fc/bias')).dataSync<'float32'>();
  };
  return { g, output, expected };
}

beforeAll(() => tf.setBackend('wasm'));

describe('a tfjs graph model', () => {
  it('gives what its nodes give, under the names of its layers, on both ways of running it', async () => {
    const { g, output, expected } = network();
    const files = await networkFromFiles(new Map([...g.files(output), ['card.json', text(CARD)]]));
    const x = tf.tensor4d(randomNumbers(2 * 16 * 16 * 3, 99), [2, 16, 16, 3]);
    for (const tensorsOnly of [false, true]) {
      const loaded = await loadNetwork(files, { tensorsOnly });
      expect(loaded.stages.map(({ name }) => name)).toEqual(['stem', 'block', 'cat', 'classifier']);
      const got = loaded.forward(x).at(-1)!.dataSync<'float32'>();
      expect(worstShare(got, expected(x))).toBeLessThan(1e-5);
      loaded.dispose();
    }
  });

  it('asks for its card and its size where the graph leaves it open', async () => {
    const { g, output } = network(-1);
    const given = await readGiven(g.files(output));
    expect(given).toMatchObject({ size: null, card: null });
    const files = await given.complete(parseCard(CARD));
    const loaded = await loadNetwork(files, {});
    expect(loaded.stages).toHaveLength(4);
    loaded.dispose();
    const whole = network();
    const fixed = await readGiven(whole.g.files(whole.output));
    expect(fixed).toMatchObject({ size: 16, channels: 3, outputs: 5, card: null });
    await expect(
      fixed.complete(parseCard({ ...CARD, input: { ...CARD.input, size: 32 } })),
    ).rejects.toThrow('model.json takes images of 16 pixels; the card says 32.');
  });

  it.each<[string, (g: Builder, output: string) => string, RegExp]>([
    [
      'an operation that is not known',
      (g, output) => g.node('ResizeBilinear', 'up', [output]),
      /^The node up \(ResizeBilinear\) cannot be converted: .*model.save of Keras.*tf2onnx.convert --tfjs model.json/,
    ],
    [
      'a class instead of logits',
      (g, output) => g.node('ArgMax', 'top', [output]),
      /it gives the class itself; export the network with its logits/,
    ],
    ['a branch', (g, output) => g.node('StatelessIf', 'if', [output]), /it is a branch or a loop/],
    [
      'a node that is missing',
      (g) => g.node('Relu', 'end', ['nowhere']),
      /^The node nowhere, which end takes, is not in model.json/,
    ],
    [
      'a loop',
      (g) => g.node('Relu', 'one', [g.node('Relu', 'two', ['one'])]),
      /^The node \w+ depends on itself/,
    ],
    [
      'weights that are missing',
      (g, output) => {
        g.node('Const', 'lost', []);
        return g.node('AddV2', 'end', [output, 'lost']);
      },
      /^The weights of the node lost are not in weightsManifest/,
    ],
    [
      'padding by mirroring',
      (g) => {
        g.const('by', [4, 2], [0, 0, 1, 1, 1, 1, 0, 0]);
        return g.node('MirrorPad', 'mirrored', ['image', 'by']);
      },
      /mirroring is not read here/,
    ],
  ])('with %s is refused by name', async (_, add, sentence) => {
    const { g, output } = network();
    await expect(readGiven(g.files(add(g, output)))).rejects.toThrow(sentence);
  });

  it('whose weights were quantised becomes floats again', async () => {
    const { g, output, expected } = network();
    const files = g.files(output);
    const model = JSON.parse(new TextDecoder().decode(files.get('model.json'))) as {
      weightsManifest: { weights: Record<string, unknown>[] }[];
    };
    const bytes: number[] = [];
    let at = 0;
    const data = files.get('group1-shard1of1.bin')!;
    for (const weight of model.weightsManifest[0]!.weights) {
      const count = (weight.shape as number[]).reduce((a, b) => a * b, 1);
      const own = data.slice(at, (at += 4 * count));
      if (weight.dtype === 'int32') {
        bytes.push(...own);
        continue;
      }
      const values = new Float32Array(own.buffer);
      const [min, max] = [Math.min(...values), Math.max(...values)];
      const scale = (max - min) / 65535;
      weight.quantization = { dtype: 'uint16', scale, min, original_dtype: 'float32' };
      const steps = Uint16Array.from(values, (value) => Math.round((value - min) / scale));
      bytes.push(...new Uint8Array(steps.buffer));
    }
    files.set('model.json', text(model));
    files.set('group1-shard1of1.bin', Uint8Array.from(bytes));
    files.set('card.json', text(CARD));
    const loaded = await loadNetwork(await networkFromFiles(files), {});
    const x = tf.tensor4d(randomNumbers(16 * 16 * 3, 5), [1, 16, 16, 3]);
    expect(worstShare(loaded.forward(x).at(-1)!.dataSync<'float32'>(), expected(x))).toBeLessThan(
      1e-3,
    );
    loaded.dispose();
  });
});
