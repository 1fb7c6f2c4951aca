/** Networks read without tfjs's layers fold to the same numbers as with them; what is not known is left to tfjs. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCard } from './card.ts';
import type { NetworkFiles, WeightEntry } from './files.ts';
import { fold } from './fold.ts';
import { branchesOf, graphOf, type Layered } from './graph.ts';
import { readLayers } from './known-layers.ts';
import { layersIn } from './model-layers.ts';
import { loadNetwork } from './network.ts';
import { plainTopology } from './topology.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** A model with random weights as it would be read from its files. */
async function filesOf(model: tfl.LayersModel): Promise<NetworkFiles> {
  model.setWeights(
    model.getWeights().map(({ shape }, n) => tf.randomUniform(shape, 0.1, 1, 'float32', 1 + n)),
  );
  const saved = await new Promise<tf.io.ModelArtifacts>((resolve, reject) => {
    const handler = tf.io.withSaveHandler((artifacts) => {
      resolve(artifacts);
      return Promise.resolve({ modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) });
    });
    model.save(handler).catch(reject);
  });
  const [height, , channels] = model.inputs[0]!.shape.slice(1) as number[];
  const outputs = model.outputs.at(-1)!.shape.at(-1)!;
  return {
    card: parseCard({
      ...{
        id: 'small',
        title: 'Small',
        classes: Array.from({ length: outputs }, (_, c) => `${c}`),
      },
      input: {
        ...{ size: height, channels },
        ...{ mean: new Array(channels).fill(0), std: new Array(channels).fill(1) },
      },
    }),
    topology: plainTopology(saved.modelTopology as object, 'small').topology,
    weights: saved.weightSpecs as unknown as WeightEntry[],
    data: new tf.io.CompositeArrayBuffer(saved.weightData).slice(),
  };
}

async function folded({ outputs }: Layered) {
  const graph = graphOf(outputs);
  const ends = (nodes: typeof graph): Set<number> => new Set([nodes.length - 1]);
  const branches = branchesOf(outputs, graph);
  return {
    shapes: graph.map(({ name, kind, inputs, shape }) => ({ name, kind, inputs, shape })),
    main: await fold(graph, ends(graph), null),
    branches: await Promise.all(branches.map((one) => fold(one.graph, ends(one.graph), null))),
  };
}

const { conv2d, dense, depthwiseConv2d, flatten, maxPooling2d, batchNormalization } = tfl.layers;
const { activation, dropout, globalAveragePooling2d, reLU, zeroPadding2d } = tfl.layers;

const chain = (...layers: tfl.layers.Layer[]) => tfl.sequential({ layers });
const inputShape = [9, 9, 2];

const KNOWN: Readonly<Record<string, () => tfl.LayersModel>> = {
  'a convolution with everything left out': () =>
    chain(conv2d({ inputShape, filters: 3, kernelSize: 3 }), flatten(), dense({ units: 4 })),
  'strides, dilation, relu6, no bias': () =>
    chain(
      conv2d({
        ...{ inputShape, filters: 3, kernelSize: [3, 2], strides: 2, padding: 'same' },
        ...{ activation: 'relu6', useBias: false },
      }),
      conv2d({ filters: 5, kernelSize: 2, dilationRate: 2, padding: 'same', activation: 'relu' }),
      globalAveragePooling2d({}),
      dense({ units: 4, useBias: false }),
    ),
  'padding, normalisation without scale or centre, pools, dropout': () =>
    chain(
      zeroPadding2d({
        inputShape,
        padding: [
          [1, 2],
          [0, 1],
        ],
      }),
      conv2d({ filters: 3, kernelSize: 3 }),
      batchNormalization({ scale: false, epsilon: 0.01 }),
      reLU({ maxValue: 6 }),
      maxPooling2d({ poolSize: 2 }),
      depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: 'same' }),
      batchNormalization({ center: false }),
      activation({ activation: 'relu' }),
      maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
      dropout({ rate: 0.5 }),
      flatten(),
      dense({ units: 3, activation: 'relu' }),
    ),
  'a residual sum, an output beside it': () => {
    const input = tfl.input({ shape: inputShape });
    const conv = (filters: number) => conv2d({ filters, kernelSize: 3, padding: 'same' });
    const a = conv(2).apply(input) as tfl.SymbolicTensor;
    const sum = tfl.layers.add().apply([a, input]) as tfl.SymbolicTensor;
    const end = (x: tfl.SymbolicTensor) =>
      dense({ units: 3 }).apply(flatten().apply(x)) as tfl.SymbolicTensor;
    return tfl.model({ inputs: input, outputs: [end(a), end(conv(4).apply(sum) as never)] });
  },
};

describe('layers read without tfjs', () => {
  it.each(Object.keys(KNOWN))('fold to the same numbers: %s', async (name) => {
    const model = KNOWN[name]!();
    const known = readLayers(await filesOf(model));
    const byTfjs = layersIn(model);
    expect(known).not.toBeNull();
    expect(known!.parameters).toBe(byTfjs.parameters);
    const [got, expected] = [await folded(known!), await folded(byTfjs)];
    expect(got).toEqual(expected);
    expect(got.main.every(({ work }) => work.kind !== 'layer')).toBe(true);
  });

  const foreign: Readonly<Record<string, () => tfl.LayersModel>> = {
    'an activation': () =>
      chain(
        conv2d({ inputShape, filters: 3, kernelSize: 3, activation: 'tanh' }),
        flatten(),
        dense({ units: 4 }),
      ),
    'channels first': () =>
      chain(
        maxPooling2d({ inputShape: [9, 9, 9], poolSize: 3, dataFormat: 'channelsFirst' }),
        flatten(),
        dense({ units: 4 }),
      ),
    'a dense layer on a map': () =>
      chain(dense({ inputShape, units: 3 }), flatten(), dense({ units: 2 })),
    // Known, but no convolution before it takes it in.
    'a normalisation that nothing takes in': () =>
      chain(
        batchNormalization({ inputShape }),
        conv2d({ filters: 3, kernelSize: 3 }),
        flatten(),
        dense({ units: 4 }),
      ),
  };
  it.each(Object.keys(foreign))('are left to tfjs where they are not known: %s', async (name) => {
    const model = foreign[name]!();
    const files = await filesOf(model);
    const network = await loadNetwork(files, { tensorsOnly: true });
    const [size, , channels] = model.inputs[0]!.shape.slice(1) as number[];
    const x = tf.randomUniform([2, size!, size!, channels!], -1, 1, 'float32', 5);
    const expected = await (model.predict(x) as tf.Tensor).data();
    const got = await network.forward(x).at(-1)!.data();
    got.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 3));
  });

  it('are left to tfjs where a weight is missing, which says so', async () => {
    const files = await filesOf(KNOWN['a convolution with everything left out']!());
    const weights = files.weights.slice(0, -1);
    expect(readLayers({ ...files, weights })).toBeNull();
    await expect(loadNetwork({ ...files, weights })).rejects.toThrow('1 of 4 weights are not set');
  });
});
