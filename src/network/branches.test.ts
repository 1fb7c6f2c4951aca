/** Where BranchyNet's branches go on networks of many kinds, and what is said where they cannot. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { convModel, testCard } from '../engine/test-network.ts';
import { filesOf } from '../engine/test-port.ts';
import { withBranches, withWeights } from './branches.ts';
import { networkFromFiles, readNetwork, type NetworkFiles } from './files.ts';
import { layersModel } from './model.ts';
import { loadNetwork } from './network.ts';

const SIZE = 9;
const K = 4;
const classes = ['a', 'b', 'c', 'd'];

beforeAll(() => tf.setBackend('cpu'));

async function branched(model: tfl.LayersModel, seed = 1): Promise<NetworkFiles> {
  const plain = await networkFromFiles(await filesOf(model, testCard(SIZE, classes)));
  return branchedFiles(plain, seed);
}

async function branchedFiles(plain: NetworkFiles, seed = 1): Promise<NetworkFiles> {
  const network = await loadNetwork(plain);
  network.dispose();
  return withBranches(plain, network.summary(), seed);
}

/** The layer whose output a layer takes. */
function inputOf(files: NetworkFiles, name: string): unknown {
  const topology = files.topology as Record<string, { layers: Entry[] } & Record<'config', Inner>>;
  const { layers } = (topology.model_config?.config ?? topology.config) as Inner;
  return layers.find((layer) => layer.name === name)!.inbound_nodes[0]![0]![0];
}
interface Entry {
  readonly name: string;
  readonly inbound_nodes: unknown[][][];
}
interface Inner {
  readonly layers: Entry[];
}

/** Shapes of the outputs for two images. */
async function outputsOf(files: NetworkFiles): Promise<tf.Tensor[]> {
  const model = await layersModel(files);
  return tf.tidy(() =>
    model.predict(tf.zeros([2, ...model.inputs[0]!.shape.slice(1)] as number[])),
  ) as tf.Tensor[];
}

const plainNet = () =>
  convModel(
    SIZE,
    [
      ['a', 12, 1],
      ['b', 6, 2],
      ['c', 9, 2],
    ],
    K,
  );

describe('branches', () => {
  it('makes a chain of layers a network with three outputs, for odd sides too', async () => {
    const files = await branched(plainNet());
    const outputs = await outputsOf(files);
    expect(outputs.map(({ shape }) => shape)).toEqual([
      [2, K],
      [2, K],
      [2, K],
    ]);
    expect(inputOf(files, 'branch1.pool.pad')).toBe('a');
    // a: 9·9·9·12, b: 9·5·5·12·6, c: 9·3·3·6·9 of 32,931 products: b's end is past a third.
    expect(inputOf(files, 'branch2.block.conv1.pad')).toBe('b');
    expect(inputOf(files, 'branch2.block.downsample.conv')).toBe('b');
    expect(files.weights.find(({ name }) => name === 'branch1.fc/kernel')!.shape).toEqual([
      5 * 5 * 4,
      K,
    ]);
    expect(files.card.parameters).toBeGreaterThan(0);
  });

  it('draws every weight afresh from the seed and leaves the plain network as it is', async () => {
    const plain = await networkFromFiles(await filesOf(plainNet(), testCard(SIZE, classes)));
    const before = JSON.stringify(plain.topology);
    const bytes = new Uint8Array(plain.data).slice();
    const [one, again, two] = [
      await branchedFiles(plain, 1),
      await branchedFiles(plain, 1),
      await branchedFiles(plain, 2),
    ];
    expect(new Uint8Array(again.data)).toEqual(new Uint8Array(one.data));
    expect(new Uint8Array(two.data)).not.toEqual(new Uint8Array(one.data));
    expect(JSON.stringify(plain.topology)).toBe(before);
    expect(new Uint8Array(plain.data)).toEqual(bytes);
    const model = await layersModel(one);
    const kernel = model.getLayer('b').getWeights()[0]!;
    const { variance } = tf.moments(kernel);
    // He-normal by the fan-out: 2 / (3·3·6), of 648 numbers.
    expect((await variance.data())[0]).toBeCloseTo(2 / 54, 2);
    const sum = (layer: string, weight: number) =>
      tf.sum(model.getLayer(layer).getWeights()[weight]!).dataSync()[0];
    expect(sum('branch1.conv1', 1)).toBe(0);
    expect(sum('branch2.block.bn1', 0)).toBe(6);
  });

  it('leaves a softmax out, within the last layer or after it', async () => {
    const head = (activation: 'softmax' | 'linear') => {
      const net = plainNet();
      net.pop();
      net.add(tfl.layers.dense({ units: K, name: 'fc', activation }));
      return net;
    };
    const apart = head('linear');
    apart.add(tfl.layers.softmax());
    for (const net of [head('softmax'), apart]) {
      const files = await branched(net);
      const logits = (await outputsOf(files))[2]!;
      expect(logits.shape).toEqual([2, K]);
      // A softmax of zeros would give 1/K.
      expect((await logits.data()).every((value) => value === 0)).toBe(true);
    }
  });

  it.each(['resnet18-w16-strokes', 'resnet18-cifar10'])(
    'puts branches on %s as training/branchy.py does',
    async (id) => {
      const plain = await readNetwork((name) =>
        Promise.resolve(new Uint8Array(readFileSync(`public/networks/${id}/${name}`))),
      );
      const files = await branchedFiles(plain);
      expect(inputOf(files, 'branch1.pool.pad')).toBe('relu1');
      const second = id === 'resnet18-cifar10' ? 'layer2.0.relu' : 'layer1.1.relu';
      expect(inputOf(files, 'branch2.block.conv1.pad')).toBe(second);
    },
  );

  it('gives weights by name and keeps the others', async () => {
    const files = await branched(plainNet());
    const other = withWeights(files, { 'branch1.fc/bias': [1, 2, 3, 4] });
    expect(new Uint8Array(files.data)).not.toEqual(new Uint8Array(other.data));
    const [bias, before] = await Promise.all(
      [other, files].map(async (of) => (await layersModel(of)).getLayer('branch1.fc').getWeights()),
    );
    expect([...bias![1]!.dataSync()]).toEqual([1, 2, 3, 4]);
    expect(bias![0]!.dataSync()).toEqual(before![0]!.dataSync());
  });

  const dense = () =>
    tfl.sequential({
      layers: [
        tfl.layers.flatten({ inputShape: [SIZE, SIZE, 1] }),
        tfl.layers.dense({ units: 8, name: 'hidden' }),
        tfl.layers.dense({ units: K, name: 'fc' }),
      ],
    });
  const short = () => convModel(SIZE, [['a', 4, 1]], K);
  const vectors = () =>
    tfl.sequential({
      layers: [
        tfl.layers.conv2d({ inputShape: [SIZE, SIZE, 1], filters: 2, kernelSize: 3, name: 'a' }),
        tfl.layers.flatten(),
        tfl.layers.dense({ units: 30, name: 'hidden' }),
        tfl.layers.dense({ units: K, name: 'fc' }),
      ],
    });
  const squashed = () => {
    const net = plainNet();
    net.add(tfl.layers.activation({ activation: 'sigmoid', name: 'squash' }));
    return net;
  };

  it.each([
    ['has no convolution', dense, 'The network small has no convolution; BranchyNet’s'],
    ['is too short', short, 'The network small has 2 stages; BranchyNet needs one with'],
    [
      'passes on vectors',
      vectors,
      'After its stage hidden the network small passes on [30], which is no map',
    ],
    [
      'does not end in logits',
      squashed,
      'The output of small comes out of squash (sigmoid); BranchyNet trains on logits',
    ],
  ])('says why not, where the network %s', async (_, make, sentence) => {
    await expect(branched(make())).rejects.toThrow(sentence.replace('’', "'"));
  });

  it('refuses a network that has branches', async () => {
    const plain = await networkFromFiles(await filesOf(plainNet(), testCard(SIZE, classes)));
    const network = await loadNetwork(plain);
    const summary = network.summary();
    const files = withBranches(plain, summary, 1);
    expect(() => withBranches(files, summary, 1)).toThrow('has branches already');
  });
});
