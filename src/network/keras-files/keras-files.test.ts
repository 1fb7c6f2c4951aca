/** Files that Keras saves, written by libhdf5 in Keras's layouts: they give what the same layers give as a layers model. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { zipSync } from 'fflate';
import { File, ready } from 'h5wasm/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCard } from '../card.ts';
import { worstShare } from '../definition.ts';
import { networkFromFiles } from '../files.ts';
import { readGiven } from '../given.ts';
import { loadNetwork } from '../network.ts';
import { randomNumbers } from '../testing.ts';

type Json = Readonly<Record<string, unknown>>;
type Weights = Readonly<Record<string, readonly [shape: number[], seed: number]>>;

const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const CARD = {
  ...{ id: 'pets', classes: ['cat', 'dog', 'eel'] },
  input: { size: 8, channels: 1, mean: [0], std: [1] },
};
const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const numbers = ([shape, seed]: readonly [number[], number]): Float32Array =>
  randomNumbers(count(shape), seed).map((x) => Math.abs(x) / 2 + 0.1);

/** An HDF5 file of arrays by their paths, with attributes by the paths of their groups ("" for the file). */
async function hdf5(
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
    file.create_dataset({ name, data: numbers(given), shape: given[0] });
  }
  for (const [group, all] of Object.entries(attributes))
    for (const [name, value] of Object.entries(all))
      groupAt(group === '' ? [] : group.split('/')).create_attribute(name, value);
  file.close();
  return FS.readFile(path);
}

const layer = (class_name: string, name: string, config: Json = {}): Json => ({
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
const INPUT = layer('InputLayer', 'image', { batch_shape: [null, 8, 8, 1] });

/** Named as nobody's counter would name them. */
const LAYERS = [
  INPUT,
  conv('stem', 4),
  layer('BatchNormalization', 'norm', { axis: -1, epsilon: 0.001, center: true, scale: true }),
  conv('deep', 6),
  layer('Flatten', 'row'),
  layer('Dense', 'top', { units: 3, use_bias: true, activation: 'linear' }),
];
const MODEL = {
  class_name: 'Sequential',
  module: 'keras',
  config: { name: 'pets', layers: LAYERS },
};
const WEIGHTS: Weights = {
  'stem/kernel': [[3, 3, 1, 4], 1],
  'stem/bias': [[4], 2],
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
const FILED: Weights = Object.fromEntries(
  Object.entries({
    conv2d: ['stem/kernel', 'stem/bias'],
    batch_normalization: ['norm/gamma', 'norm/beta', 'norm/moving_mean', 'norm/moving_variance'],
    conv2d_1: ['deep/kernel', 'deep/bias'],
    dense: ['top/kernel', 'top/bias'],
  }).flatMap(([group, names]) => names.map((name, i) => [`${group}/vars/${i}`, WEIGHTS[name]!])),
);
const under = (start: string, weights: Weights): Weights =>
  Object.fromEntries(Object.entries(weights).map(([name, of]) => [`${start}${name}`, of]));

/** The same as a layers model. */
async function expectedOf(images: tf.Tensor4D): Promise<Float32Array> {
  const data = Object.values(WEIGHTS).flatMap((of) => [...numbers(of)]);
  const weights = Object.entries(WEIGHTS).map(([name, [shape]]) => ({
    ...{ name, shape, dtype: 'float32' },
  }));
  return outputOf(
    new Map([
      [
        'model.json',
        text({
          ...{ format: 'layers-model', modelTopology: { model_config: MODEL } },
          weightsManifest: [{ paths: ['w.bin'], weights }],
        }),
      ],
      ['w.bin', new Uint8Array(Float32Array.from(data).buffer)],
      ['card.json', text(CARD)],
    ]),
    images,
  );
}

async function outputOf(files: ReadonlyMap<string, Uint8Array>, images: tf.Tensor4D) {
  const network = await loadNetwork(await networkFromFiles(files), {});
  const output = network.forward(images).at(-1)!.dataSync<'float32'>();
  network.dispose();
  return output;
}

async function outputOfFile(name: string, bytes: Uint8Array, images: tf.Tensor4D) {
  const given = await readGiven(new Map([[name, bytes]]));
  expect(given).toMatchObject({ size: 8, channels: 1, outputs: 3, card: null, name: 'net' });
  const network = await loadNetwork(await given.complete(parseCard(CARD)), {});
  const output = network.forward(images).at(-1)!.dataSync<'float32'>();
  network.dispose();
  return output;
}

const keras = (config: unknown, weights: Uint8Array | null): Uint8Array =>
  zipSync({
    'metadata.json': text({ keras_version: '3.9.0' }),
    'config.json': text(config),
    ...(weights && { 'model.weights.h5': weights }),
  });

let images: tf.Tensor4D;
let expected: Float32Array;
beforeAll(async () => {
  await tf.setBackend('wasm');
  images = tf.tensor4d(randomNumbers(3 * 64, 77), [3, 8, 8, 1]);
  expected = await expectedOf(images);
});

describe('a network that Keras saved', () => {
  it('as .keras finds its weights by the classes of its layers', async () => {
    const file = keras(
      MODEL,
      await hdf5({ ...under('layers/', FILED), 'optimizer/vars/0': [[2], 1] }),
    );
    expect(worstShare(await outputOfFile('net.keras', file, images), expected)).toBe(0);
  });

  it('as .keras may hold a model inside the model', async () => {
    const inner = {
      ...layer('Sequential', 'body'),
      config: { name: 'body', layers: LAYERS.slice(0, 4) },
    };
    const outer = {
      ...MODEL,
      config: { name: 'pets', layers: [INPUT, inner, ...LAYERS.slice(4)] },
    };
    const { 'dense/vars/0': kernel, 'dense/vars/1': bias, ...rest } = FILED;
    const file = keras(
      outer,
      await hdf5({
        ...under('layers/sequential/layers/', rest),
        ...under('layers/dense/vars/', { 0: kernel!, 1: bias! }),
      }),
    );
    expect(worstShare(await outputOfFile('net.keras', file, images), expected)).toBe(0);
  });

  it.each([
    ['of Keras 2', (name: string) => `${name}:0`],
    ['of Keras 3', (name: string) => `pets/${name}`],
  ])('as .h5 %s has names of its own', async (_, nameOf) => {
    const names = ['stem', 'norm', 'deep', 'row', 'top'];
    const ofLayer = (layerName: string) =>
      Object.keys(WEIGHTS).filter((name) => name.startsWith(`${layerName}/`));
    const arrays = Object.fromEntries(
      names.flatMap((name) =>
        ofLayer(name).map((weight) => [
          `model_weights/${name}/${nameOf(weight)}`,
          WEIGHTS[weight]!,
        ]),
      ),
    );
    const file = await hdf5(arrays, {
      '': { model_config: JSON.stringify(MODEL), keras_version: '2.15.0' },
      ...Object.fromEntries(
        names
          .filter((name) => name !== 'row')
          .map((name) => [`model_weights/${name}`, { weight_names: ofLayer(name).map(nameOf) }]),
      ),
    });
    for (const name of ['net.h5', 'net.hdf5'])
      expect(worstShare(await outputOfFile(name, file, images), expected)).toBe(0);
  });

  it('says in a sentence what is wrong with it', async () => {
    const failing = (name: string, bytes: Uint8Array) =>
      readGiven(new Map([[name, bytes]])).then(
        () => 'it opened',
        (error: unknown) => (error instanceof Error ? error.message : ''),
      );
    const whole = await hdf5(under('layers/', FILED));
    expect(await failing('net.keras', text('no zip'))).toMatch(
      /^net.keras cannot be unpacked: a .keras/,
    );
    expect(await failing('net.keras', keras(MODEL, null))).toMatch(
      /^net.keras lacks model.weights.h5/,
    );
    expect(await failing('net.keras', keras('x', whole))).toMatch(
      /^The configuration in net.keras/,
    );
    const own = { class_name: 'MyModel', config: {} };
    expect(await failing('net.keras', keras(own, whole))).toMatch(
      /^net.keras holds a model of a class of its own \(MyModel\).*tf2onnx/,
    );
    expect(await failing('net.h5', text('no HDF5'))).toMatch(
      /^net.h5 cannot be read as HDF5 .*tensorflowjs_converter --input_format=keras net.h5 net\/$/,
    );
    expect(await failing('net.h5', whole)).toMatch(
      /^net.h5 holds weights only.*model.save\("net.keras"\)/,
    );
    expect(await failing('net.h5', whole.slice(0, 300))).toMatch(/^net.h5 /);
  });
});
