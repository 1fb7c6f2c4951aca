/** Files that Keras saves, written by libhdf5 in Keras's layouts: they give what the same layers give as a layers model. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCard } from '../card.ts';
import { worstShare } from '../definition.ts';
import { networkFromFiles } from '../files.ts';
import { readGiven } from '../reading.ts';
import { loadNetwork } from '../network.ts';
import { randomNumbers } from '../testing.ts';
import { MOBILENET, MOBILENET_WEIGHTS, mobilenet } from './testing-mobilenet.ts';
import {
  FILED,
  hdf5,
  INPUT,
  kerasFile,
  layer,
  LAYERS,
  MODEL,
  numbersOf,
  under,
  WEIGHTS,
} from './testing.ts';

const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const CARD = {
  ...{ id: 'pets', classes: ['cat', 'dog', 'eel'] },
  input: { size: 8, channels: 1, mean: [0], std: [1] },
};

/** The same as a layers model. */
async function expectedOf(images: tf.Tensor4D): Promise<Float32Array> {
  const data = Object.values(WEIGHTS).flatMap((of) => [...numbersOf(of)]);
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

let images: tf.Tensor4D;
let expected: Float32Array;
beforeAll(async () => {
  await tf.setBackend('wasm');
  images = tf.tensor4d(randomNumbers(3 * 64, 77), [3, 8, 8, 1]);
  expected = await expectedOf(images);
});

describe('a network that Keras saved', () => {
  it('as .keras finds its weights by the classes of its layers', async () => {
    const file = kerasFile(
      MODEL,
      await hdf5({ ...under('layers/', FILED), 'optimizer/vars/0': [[2], 1] }),
    );
    expect(worstShare(await outputOfFile('net.keras', file, images), expected)).toBe(0);
  });

  it('as .keras may hold a model inside the model', async () => {
    const inner = {
      ...layer('Sequential', 'body'),
      config: { name: 'body', layers: LAYERS.slice(0, 5) },
    };
    const outer = {
      ...MODEL,
      config: { name: 'pets', layers: [INPUT, inner, ...LAYERS.slice(5)] },
    };
    const { 'dense/vars/0': kernel, 'dense/vars/1': bias, ...rest } = FILED;
    const file = kerasFile(
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
    // The variable of a depthwise layer has another name there.
    ['of Keras 3', (name: string) => `pets/${name.replace('depthwise_', '')}`],
  ])('as .h5 %s has names of its own', async (_, nameOf) => {
    const names = ['stem', 'wide', 'norm', 'deep', 'row', 'top'];
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

  it('as MobileNetV3 of Keras 3 has rescaling, operations between layers and hard activations', async () => {
    const file = kerasFile(MOBILENET, await hdf5(MOBILENET_WEIGHTS));
    const given = await readGiven(new Map([['mobile.keras', file]]));
    expect(given).toMatchObject({ size: 16, channels: 3, outputs: 5, name: 'mobile' });
    const card = parseCard({
      ...{ id: 'mobile', classes: ['a', 'b', 'c', 'd', 'e'] },
      input: { size: 16, channels: 3, mean: [0, 0, 0], std: [1, 1, 1].map((one) => one / 255) },
    });
    const network = await loadNetwork(await given.complete(card), {});
    // Neither an operation between layers nor a squeeze is an exit.
    expect(network.stages.map(({ name }) => name)).toEqual(['conv', 'wide', 'classifier']);
    const images = tf.tensor4d(
      randomNumbers(2 * 768, 5).map((one) => 127 * (1 + Math.sin(9 * one))),
      [2, 16, 16, 3],
    );
    const output = network.forward(images).at(-1)!.dataSync<'float32'>();
    const expected = mobilenet(images).dataSync<'float32'>();
    expect(worstShare(output, expected)).toBeLessThan(1e-4);
    network.dispose();
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
    expect(await failing('net.keras', kerasFile(MODEL, null))).toMatch(
      /^net.keras lacks model.weights.h5/,
    );
    expect(await failing('net.keras', kerasFile('x', whole))).toMatch(
      /^The configuration in net.keras/,
    );
    const own = { class_name: 'MyModel', config: {} };
    expect(await failing('net.keras', kerasFile(own, whole))).toMatch(
      /^net.keras holds a model of a class of its own \(MyModel\).*tf2onnx/,
    );
    expect(await failing('net.h5', text('no HDF5'))).toMatch(
      /^net.h5 cannot be read as HDF5 .*\(tensorflowjs_converter --input_format=keras net.h5 net\/\)\.$/,
    );
    expect(await failing('net.h5', whole)).toMatch(
      /^net.h5 holds weights only.*model.save\("net.keras"\)/,
    );
    expect(await failing('net.h5', whole.slice(0, 300))).toMatch(/^net.h5 /);
  });
});
