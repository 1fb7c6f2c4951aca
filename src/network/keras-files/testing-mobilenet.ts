/** For tests: a small MobileNetV3 as Keras 3 saves it (keras/src/applications/mobilenet_v3.py), and what it computes. */
import * as tf from '@tensorflow/tfjs-core';
import { layer, numbersOf, type Weights } from './testing.ts';

type Json = Readonly<Record<string, unknown>>;
interface Node extends Json {
  readonly name: string;
}

/** Width of the squeezed row, and channels. */
const [SQUEEZED, CHANNELS, WIDE] = [4, 8, 16];

const tensor = (name: string): Json => ({
  class_name: '__keras_tensor__',
  config: { shape: [null], dtype: 'float32', keras_history: [name, 0, 0] },
});
const called = (of: Json, args: unknown[]): Node => ({
  ...of,
  name: (of.config as { name: string }).name,
  inbound_nodes: [{ args, kwargs: {} }],
});
const on = (of: Json, ...from: string[]): Node =>
  called(of, from.length === 1 ? [tensor(from[0]!)] : [from.map(tensor)]);
/** An operation between layers: `x + 3.0`. */
const operation = (class_name: string, name: string, args: unknown[]): Node =>
  called(
    {
      ...{ class_name, module: 'keras.src.ops.numpy', registered_name: class_name },
      config: { name },
    },
    args,
  );

const conv = (name: string, filters: number, size: number, stride: number, more: Json = {}): Json =>
  layer('Conv2D', name, {
    ...{ filters, kernel_size: [size, size], strides: [stride, stride], padding: 'same' },
    ...{ data_format: 'channels_last', dilation_rate: [1, 1], groups: 1, use_bias: false },
    ...{ activation: 'linear', ...more },
  });
const norm = (name: string): Json =>
  layer('BatchNormalization', name, { axis: -1, epsilon: 0.001, momentum: 0.999 });
const relu6 = (name: string): Json =>
  layer('ReLU', name, { max_value: 6, negative_slope: 0, threshold: 0 });
const swish = (name: string): Json => layer('Activation', name, { activation: 'hard_silu' });

/** For colour images of 16 × 16 with values of 0…255, and five classes. */
export const MOBILENET = {
  ...{ class_name: 'Functional', module: 'keras.src.models.functional' },
  ...{ registered_name: 'Functional' },
  config: {
    ...{ name: 'MobileNetV3', trainable: true },
    layers: [
      called(layer('InputLayer', 'input_layer', { batch_shape: [null, 16, 16, 3] }), []),
      on(layer('Rescaling', 'rescaling', { scale: 1 / 127.5, offset: -1 }), 'input_layer'),
      on(conv('conv', CHANNELS, 3, 2), 'rescaling'),
      on(norm('conv_bn'), 'conv'),
      on(swish('activation'), 'conv_bn'),
      on(
        layer('ZeroPadding2D', 'pad', {
          padding: [
            [0, 1],
            [0, 1],
          ],
          data_format: 'channels_last',
        }),
        'activation',
      ),
      on(
        layer('DepthwiseConv2D', 'depthwise', {
          ...{ kernel_size: [3, 3], strides: [2, 2], padding: 'valid', depth_multiplier: 1 },
          ...{ data_format: 'channels_last', dilation_rate: [1, 1], use_bias: false },
          activation: 'linear',
        }),
        'pad',
      ),
      on(norm('depthwise_bn'), 'depthwise'),
      on(relu6('re_lu'), 'depthwise_bn'),
      on(
        layer('GlobalAveragePooling2D', 'squeeze', {
          ...{ data_format: 'channels_last', keepdims: true },
        }),
        're_lu',
      ),
      on(conv('squeeze_conv', SQUEEZED, 1, 1, { use_bias: true }), 'squeeze'),
      on(
        layer('ReLU', 'squeeze_relu', { max_value: null, negative_slope: 0, threshold: 0 }),
        'squeeze_conv',
      ),
      on(conv('excite_conv', CHANNELS, 1, 1, { use_bias: true }), 'squeeze_relu'),
      operation('Add', 'add', [tensor('excite_conv'), 3]),
      on(relu6('re_lu_1'), 'add'),
      operation('Multiply', 'multiply', [tensor('re_lu_1'), 1 / 6]),
      on(layer('Multiply', 'excite'), 're_lu', 'multiply'),
      on(conv('project', CHANNELS, 1, 1), 'excite'),
      on(norm('project_bn'), 'project'),
      on(conv('wide', CHANNELS, 3, 1, { activation: 'hard_sigmoid' }), 'project_bn'),
      on(layer('Add', 'block'), 'project_bn', 'wide'),
      on(
        layer('GlobalAveragePooling2D', 'pool', { data_format: 'channels_last', keepdims: true }),
        'block',
      ),
      on(conv('last', WIDE, 1, 1, { use_bias: true, activation: 'silu' }), 'pool'),
      on(layer('Dropout', 'dropout', { rate: 0.2 }), 'last'),
      on(conv('logits', 5, 1, 1, { use_bias: true }), 'dropout'),
      on(layer('Flatten', 'flatten', { data_format: 'channels_last' }), 'logits'),
      on(layer('Activation', 'predictions', { activation: 'softmax' }), 'flatten'),
    ],
    input_layers: [['input_layer', 0, 0]],
    output_layers: [['predictions', 0, 0]],
  },
};

const kernel = (size: number, from: number, to: number, seed: number) =>
  [[size, size, from, to], seed] as const;
const SHAPES: Readonly<Record<string, readonly (readonly [readonly number[], number])[]>> = {
  conv: [kernel(3, 3, CHANNELS, 1)],
  conv_bn: [2, 3, 4, 5].map((seed) => [[CHANNELS], seed] as const),
  depthwise: [kernel(3, CHANNELS, 1, 6)],
  depthwise_bn: [7, 8, 9, 10].map((seed) => [[CHANNELS], seed] as const),
  squeeze_conv: [kernel(1, CHANNELS, SQUEEZED, 11), [[SQUEEZED], 12]],
  excite_conv: [kernel(1, SQUEEZED, CHANNELS, 13), [[CHANNELS], 14]],
  project: [kernel(1, CHANNELS, CHANNELS, 15)],
  project_bn: [16, 17, 18, 19].map((seed) => [[CHANNELS], seed] as const),
  wide: [kernel(3, CHANNELS, CHANNELS, 20)],
  last: [kernel(1, CHANNELS, WIDE, 21), [[WIDE], 22]],
  logits: [kernel(1, WIDE, 5, 23), [[5], 24]],
};

/** Where Keras 3 files them: by class, counted in the order of the layers. */
const FILED_AS = {
  ...{ conv: 'conv2d', squeeze_conv: 'conv2d_1', excite_conv: 'conv2d_2', project: 'conv2d_3' },
  ...{ wide: 'conv2d_4', last: 'conv2d_5', logits: 'conv2d_6', depthwise: 'depthwise_conv2d' },
  ...{ conv_bn: 'batch_normalization', depthwise_bn: 'batch_normalization_1' },
  project_bn: 'batch_normalization_2',
} as const;

export const MOBILENET_WEIGHTS: Weights = Object.fromEntries(
  Object.entries(FILED_AS).flatMap(([name, group]) =>
    SHAPES[name]!.map(([shape, seed], i) => [`layers/${group}/vars/${i}`, [[...shape], seed]]),
  ),
);

/** The same, written out. @returns logits [N, 5], before the softmax. */
export function mobilenet(images: tf.Tensor4D): tf.Tensor2D {
  return tf.tidy(() => {
    const weight = (name: string, i = 0): tf.Tensor => {
      const [shape, seed] = SHAPES[name]![i]!;
      return tf.tensor(numbersOf([[...shape], seed]), [...shape]);
    };
    const convolved = (x: tf.Tensor, name: string, stride = 1): tf.Tensor =>
      tf.conv2d(x as tf.Tensor4D, weight(name) as tf.Tensor4D, stride, 'same');
    const biased = (x: tf.Tensor, name: string) => tf.add(convolved(x, name), weight(name, 1));
    const normal = (x: tf.Tensor, name: string): tf.Tensor => {
      const [gamma, beta, mean, variance] = [0, 1, 2, 3].map((i) => weight(name, i));
      const by = tf.div(gamma!, tf.sqrt(tf.add(variance!, 0.001)));
      return tf.add(tf.mul(tf.sub(x, mean!), by), beta!);
    };
    const hard = (x: tf.Tensor) => tf.div(tf.relu6(tf.add(x, 3)), 6);
    const pooled = (x: tf.Tensor) => tf.mean(x, [1, 2], true);
    const stem = normal(convolved(tf.sub(tf.div(images, 127.5), 1), 'conv', 2), 'conv_bn');
    const bent = tf.mul(stem, hard(stem));
    const padded = tf.pad(bent, [
      [0, 0],
      [0, 1],
      [0, 1],
      [0, 0],
    ]);
    const deep = tf.depthwiseConv2d(
      padded as tf.Tensor4D,
      weight('depthwise') as tf.Tensor4D,
      2,
      'valid',
    );
    const x = tf.relu6(normal(deep, 'depthwise_bn'));
    const squeezed = tf.relu(biased(pooled(x), 'squeeze_conv'));
    const excited = tf.mul(x, hard(biased(squeezed, 'excite_conv')));
    const projected = normal(convolved(excited, 'project'), 'project_bn');
    const block = tf.add(projected, hard(convolved(projected, 'wide')));
    const last = biased(pooled(block), 'last');
    const top = biased(tf.mul(last, tf.sigmoid(last)), 'logits');
    return tf.reshape(top, [images.shape[0], 5]) as tf.Tensor2D;
  });
}
