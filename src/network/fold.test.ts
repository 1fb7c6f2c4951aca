/** Folding and cutting small models made with tfjs-layers: every stage's output stays what it was. */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../core/random.ts';
import { parseCard, type NetworkCard } from './card.ts';
import { layersIn } from './model-layers.ts';
import { networkOf, type Network } from './network.ts';
import { unfoldedOutputs } from './unfolded.ts';

beforeAll(async () => {
  await tf.setBackend('wasm');
});

function cardFor(size: number, channels: number, classes: number): NetworkCard {
  return parseCard({
    id: 'tiny',
    classes: Array.from({ length: classes }, (_, k) => `class ${k}`),
    input: { size, channels, mean: Array(channels).fill(0.5), std: Array(channels).fill(0.25) },
  });
}

/** Random weights; variances positive, so that a normalisation does something. */
function randomise(model: tfl.LayersModel, seed: number): tfl.LayersModel {
  const random = randomFrom(seed);
  for (const weight of model.weights) {
    const isVariance = weight.originalName.endsWith('moving_variance');
    const size = weight.shape.reduce<number>((product, n) => product * n!, 1);
    const values = Float32Array.from({ length: size }, () =>
      isVariance ? 0.2 + random() : random() - 0.5,
    );
    weight.write(tf.tensor(values, weight.shape as number[]));
  }
  return model;
}

function input(shape: [number, number, number, number], seed = 7): tf.Tensor4D {
  const random = randomFrom(seed);
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => 2 * random() - 1),
    shape,
  );
}

async function networkFrom(model: tfl.LayersModel, card: NetworkCard): Promise<Network> {
  const network = await networkOf(layersIn(model), card);
  if (!network) throw new Error('A model of tfjs has all of its layers.');
  return network;
}

async function expectSame(model: tfl.LayersModel, card: NetworkCard) {
  const x = input([3, card.input.size, card.input.size, card.input.channels]);
  const expected = await Promise.all(unfoldedOutputs(model, x).map((t) => t.data()));
  const network = await networkFrom(model, card);
  const got = await Promise.all(network.forward(x).map((t) => t.data()));
  expect(got.length).toBe(expected.length);
  got.forEach((values, j) => {
    const scale = Math.max(...expected[j]!.map(Math.abs));
    values.forEach((value, i) =>
      expect(Math.abs(value - expected[j]![i]!), `exit ${j}, number ${i}`).toBeLessThan(
        1e-4 * scale,
      ),
    );
  });
  return network;
}

type Symbolic = tfl.SymbolicTensor;
const apply = (layer: tfl.layers.Layer, x: Symbolic | Symbolic[]) => layer.apply(x) as Symbolic;

describe('folding', () => {
  it('keeps the outputs of a residual network with padding, downsampling and a padded max-pool', async () => {
    const image = tfl.input({ shape: [12, 12, 2] });
    let x = apply(tfl.layers.zeroPadding2d({ padding: [2, 2], name: 'stem.pad' }), image);
    x = apply(
      tfl.layers.conv2d({ filters: 6, kernelSize: 5, strides: 2, useBias: false, name: 'stem' }),
      x,
    );
    x = apply(tfl.layers.batchNormalization({ name: 'stem.bn', epsilon: 1e-5 }), x);
    x = apply(tfl.layers.activation({ activation: 'relu', name: 'stem.relu' }), x);
    x = apply(tfl.layers.zeroPadding2d({ padding: [1, 1], name: 'pool.pad' }), x);
    x = apply(tfl.layers.maxPooling2d({ poolSize: 3, strides: 2, name: 'pool' }), x);
    let y = apply(tfl.layers.zeroPadding2d({ name: 'block.0.conv1.pad' }), x);
    y = apply(
      tfl.layers.conv2d({ filters: 8, kernelSize: 3, strides: 2, name: 'block.0.conv1' }),
      y,
    );
    y = apply(tfl.layers.batchNormalization({ name: 'block.0.bn1', scale: false }), y);
    y = apply(tfl.layers.activation({ activation: 'relu', name: 'block.0.relu1' }), y);
    y = apply(
      tfl.layers.conv2d({ filters: 8, kernelSize: 3, padding: 'same', name: 'block.0.conv2' }),
      y,
    );
    y = apply(tfl.layers.batchNormalization({ name: 'block.0.bn2', center: false }), y);
    let z = apply(
      tfl.layers.conv2d({ filters: 8, kernelSize: 1, strides: 2, name: 'block.0.down' }),
      x,
    );
    z = apply(tfl.layers.batchNormalization({ name: 'block.0.down.bn' }), z);
    x = apply(tfl.layers.add({ name: 'block.0.add' }), [y, z]);
    x = apply(tfl.layers.activation({ activation: 'relu', name: 'block.0.relu' }), x);
    x = apply(tfl.layers.globalAveragePooling2d({ name: 'avgpool' }), x);
    x = apply(tfl.layers.dense({ units: 4, name: 'fc' }), x);
    const model = randomise(tfl.model({ inputs: image, outputs: x }), 3);

    const network = await expectSame(model, cardFor(12, 2, 4));

    expect(network.stages.map((stage) => stage.name)).toEqual(['stem', 'block.0', 'classifier']);
    expect(network.stages.map((stage) => stage.shape)).toEqual([[6, 6, 6], [2, 2, 8], [4]]);
    expect(network.stages.map((stage) => stage.flops)).toEqual([
      2 * 25 * 2 * 6 * 36,
      2 * 9 * 6 * 8 * 4 + 2 * 9 * 8 * 8 * 4 + 2 * 6 * 8 * 4,
      2 * 8 * 4,
    ]);
  });

  it('does not pad a max-pool whose input may be negative', async () => {
    const model = randomise(
      tfl.sequential({
        layers: [
          tfl.layers.conv2d({ inputShape: [6, 6, 1], filters: 3, kernelSize: 3 }),
          tfl.layers.zeroPadding2d({ padding: [1, 1] }),
          tfl.layers.maxPooling2d({ poolSize: 3, strides: 1 }),
          tfl.layers.flatten(),
          tfl.layers.dense({ units: 2 }),
        ],
      }),
      5,
    );
    await expectSame(model, cardFor(6, 1, 2));
  });

  it('cuts a plain sequential network after every convolution and dense layer with what finishes it', async () => {
    const model = randomise(
      tfl.sequential({
        layers: [
          tfl.layers.conv2d({ inputShape: [8, 8, 3], filters: 4, kernelSize: 3, name: 'a' }),
          tfl.layers.batchNormalization({}),
          tfl.layers.reLU({ maxValue: 6 }),
          tfl.layers.maxPooling2d({ poolSize: 2 }),
          tfl.layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', name: 'b' }),
          tfl.layers.batchNormalization({}),
          tfl.layers.activation({ activation: 'relu' }),
          tfl.layers.conv2d({ filters: 5, kernelSize: 1, activation: 'tanh', name: 'c' }),
          tfl.layers.separableConv2d({ filters: 6, kernelSize: 2, name: 'd' }),
          tfl.layers.flatten(),
          tfl.layers.dense({ units: 7, activation: 'relu', name: 'e' }),
          tfl.layers.dropout({ rate: 0.5 }),
          tfl.layers.dense({ units: 3, name: 'f' }),
        ],
      }),
      9,
    );
    const network = await expectSame(model, cardFor(8, 3, 3));
    const names = network.stages.map((stage) => stage.name);
    expect(names).toEqual(['a', 'b', 'c', 'd', 'e', 'classifier']);
    expect(network.stages[1]!.flops).toBe(2 * 9 * 4 * 9);
    expect(network.stages[3]!.flops).toBe(2 * 4 * 5 * 4 + 2 * 5 * 6 * 4);
  });

  it('leaves the final softmax out, as a layer or as an activation', async () => {
    for (const asLayer of [true, false]) {
      const layers: tfl.layers.Layer[] = [
        tfl.layers.flatten({ inputShape: [4, 4, 1] }),
        tfl.layers.dense({ units: 3, ...(asLayer ? {} : { activation: 'softmax' as const }) }),
      ];
      if (asLayer) layers.push(tfl.layers.softmax());
      const model = randomise(tfl.sequential({ layers }), 11);
      const x = input([2, 4, 4, 1]);
      const expected = await (model.predict(x) as tf.Tensor).data();
      const network = await networkFrom(model, cardFor(4, 1, 3));
      const logits = network.forward(x).at(-1)!;
      expect(network.stages.map((stage) => stage.name)).toEqual(['classifier']);
      const got = await tf.softmax(logits).data();
      got.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
      expect(
        Math.abs(((await logits.data()) as Float32Array).reduce((sum, v) => sum + v, 0) - 2),
      ).toBeGreaterThan(1e-3);
    }
  });

  it('runs layers it does not know as tfjs does, across a concatenation', async () => {
    const image = tfl.input({ shape: [6, 6, 1] });
    const stem = apply(tfl.layers.conv2d({ filters: 3, kernelSize: 3, name: 'stem' }), image);
    const left = apply(tfl.layers.leakyReLU({ alpha: 0.1 }), stem);
    const right = apply(
      tfl.layers.conv2d({ filters: 2, kernelSize: 1, activation: 'sigmoid' }),
      stem,
    );
    let x = apply(tfl.layers.concatenate(), [left, right]);
    x = apply(tfl.layers.averagePooling2d({ poolSize: 2 }), x);
    x = apply(tfl.layers.flatten(), x);
    x = apply(tfl.layers.dense({ units: 2 }), x);
    const model = randomise(tfl.model({ inputs: image, outputs: x }), 13);
    const network = await expectSame(model, cardFor(6, 1, 2));
    expect(network.stages).toHaveLength(3);
  });

  it('frees everything with the network', async () => {
    const before = tf.memory().numTensors;
    const model = tfl.sequential({
      layers: [
        tfl.layers.conv2d({ inputShape: [4, 4, 1], filters: 2, kernelSize: 2 }),
        tfl.layers.batchNormalization({}),
        tfl.layers.flatten(),
        tfl.layers.dense({ units: 2 }),
      ],
    });
    const network = await networkFrom(model, cardFor(4, 1, 2));
    const x = input([1, 4, 4, 1]);
    tf.dispose([x, ...network.forward(x)]);
    network.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('networks that cannot be cut', () => {
  it('refuses two inputs in a sentence', async () => {
    const inputs = [tfl.input({ shape: [4] }), tfl.input({ shape: [4] })];
    const sum = apply(tfl.layers.add(), inputs);
    const model = tfl.model({ inputs, outputs: apply(tfl.layers.dense({ units: 2 }), sum) });
    await expect(networkFrom(model, cardFor(4, 1, 2))).rejects.toThrow(
      /The network has 2 inputs \(.*\); expected exactly one\./,
    );
  });

  it('refuses a card that describes another input or other classes', async () => {
    const make = () =>
      tfl.sequential({
        layers: [tfl.layers.flatten({ inputShape: [4, 4, 1] }), tfl.layers.dense({ units: 2 })],
      });
    await expect(networkFrom(make(), cardFor(5, 1, 2))).rejects.toThrow(
      /its card says \[5, 5, 1\]/,
    );
    await expect(networkFrom(make(), cardFor(4, 1, 3))).rejects.toThrow(
      /2 outputs; its card lists 3/,
    );
  });
});
