/** Files that Keras saves, for tests: written by libhdf5 in Keras's layouts. */
import { zipSync } from 'fflate';
import { File, ready } from 'h5wasm/node';
import { randomNumbers } from '../testing.ts';

type Json = Readonly<Record<string, unknown>>;
export type Weights = Readonly<Record<string, readonly [shape: number[], seed: number]>>;

const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
/** Numbers of an array. */
export const numbersOf = ([shape, seed]: readonly [number[], number]): Float32Array =>
  randomNumbers(count(shape), seed).map((x) => Math.abs(x) / 2 + 0.1);

/** An HDF5 file of arrays by their paths, with attributes by the paths of their groups ("" for the file). */
export async function hdf5(
  arrays: Readonly<Record<string, readonly [number[], number]>>,
  attributes: Readonly<Record<string, Readonly<Record<string, string | string[]>>>> = {},
): Promise<Uint8Array> {
  const { FS } = await ready;
  const path = '/tmp/keras-files-test.h5';
  const file = new File(path, 'w');
  const groupAt = (parts: readonly string[]) => {
    let at: Pick<File, 'get' | 'create_group' | 'create_attribute'> = file;
    parts.forEach((_, i) => {
      const own = parts.slice(0, i + 1).join('/');
      at = (file.get(own) ?? at.create_group(parts[i]!)) as typeof at;
    });
    return at;
  };
  for (const [name, given] of Object.entries(arrays)) {
    const parts = name.split('/');
    groupAt(parts.slice(0, -1));
    file.create_dataset({ name, data: numbersOf(given), shape: given[0] });
  }
  for (const [group, all] of Object.entries(attributes))
    for (const [name, value] of Object.entries(all))
      groupAt(group === '' ? [] : group.split('/')).create_attribute(name, value);
  file.close();
  return FS.readFile(path);
}

export const layer = (class_name: string, name: string, config: Json = {}): Json => ({
  ...{ class_name, module: 'keras.layers', registered_name: null },
  config: {
    ...{ name, trainable: true },
    dtype: { module: 'keras', class_name: 'DTypePolicy', config: { name: 'float32' } },
    ...config,
  },
});
const conv = (name: string, filters: number) =>
  layer('Conv2D', name, {
    ...{ filters, kernel_size: [3, 3], strides: [1, 1], padding: 'same', use_bias: true },
    ...{ data_format: 'channels_last', dilation_rate: [1, 1], groups: 1, activation: 'relu' },
  });
export const INPUT = layer('InputLayer', 'image', { batch_shape: [null, 8, 8, 1] });

/** Named as nobody's counter would name them. */
export const LAYERS = [
  INPUT,
  conv('stem', 4),
  layer('DepthwiseConv2D', 'wide', {
    ...{ kernel_size: [3, 3], strides: [1, 1], padding: 'same', use_bias: false },
    ...{ data_format: 'channels_last', dilation_rate: [1, 1], depth_multiplier: 1 },
  }),
  layer('BatchNormalization', 'norm', { axis: -1, epsilon: 0.001, center: true, scale: true }),
  conv('deep', 6),
  layer('Flatten', 'row'),
  layer('Dense', 'top', { units: 3, use_bias: true, activation: 'linear' }),
];
/** For grey images of 8 × 8 and three classes. */
export const MODEL = {
  class_name: 'Sequential',
  module: 'keras',
  config: { name: 'pets', layers: LAYERS },
};
export const WEIGHTS: Weights = {
  'stem/kernel': [[3, 3, 1, 4], 1],
  'stem/bias': [[4], 2],
  'wide/depthwise_kernel': [[3, 3, 4, 1], 11],
  'norm/gamma': [[4], 3],
  'norm/beta': [[4], 4],
  'norm/moving_mean': [[4], 5],
  'norm/moving_variance': [[4], 6],
  'deep/kernel': [[3, 3, 4, 6], 7],
  'deep/bias': [[6], 8],
  'top/kernel': [[384, 3], 9],
  'top/bias': [[3], 10],
};
/** As Keras 3 files them: by class and count, without their names. */
export const FILED: Weights = Object.fromEntries(
  Object.entries({
    conv2d: ['stem/kernel', 'stem/bias'],
    depthwise_conv2d: ['wide/depthwise_kernel'],
    batch_normalization: ['norm/gamma', 'norm/beta', 'norm/moving_mean', 'norm/moving_variance'],
    conv2d_1: ['deep/kernel', 'deep/bias'],
    dense: ['top/kernel', 'top/bias'],
  }).flatMap(([group, names]) => names.map((name, i) => [`${group}/vars/${i}`, WEIGHTS[name]!])),
);
export const under = (start: string, weights: Weights): Weights =>
  Object.fromEntries(Object.entries(weights).map(([name, of]) => [`${start}${name}`, of]));

/** A .keras file. */
export const kerasFile = (config: unknown, weights: Uint8Array | null): Uint8Array =>
  zipSync({
    'metadata.json': text({ keras_version: '3.9.0' }),
    'config.json': text(config),
    ...(weights && { 'model.weights.h5': weights }),
  });
