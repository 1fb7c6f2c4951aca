/** tfjs graph models in the layout that tensorflowjs_converter writes: they give what tfjs's operations give, node by node. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCard } from '../card.ts';
import { worstShare } from '../definition.ts';
import { networkFromFiles } from '../files.ts';
import { readGiven } from '../reading.ts';
import { loadNetwork } from '../network.ts';
import { randomNumbers } from '../testing.ts';
import { graphNetwork, nodeName, type GraphBuilder } from './testing.ts';

const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

const CARD = {
  ...{ id: 'graph', classes: ['a', 'b', 'c', 'd', 'e'] },
  input: { size: 16, channels: 3, mean: [0, 0, 0], std: [1, 1, 1] },
};

/** What tfjs's operations make of it. */
function expectedOf(g: GraphBuilder, x: tf.Tensor4D): Float32Array {
  const w = (name: string): tf.Tensor => {
    const { values, shape } = g.stored(nodeName(name));
    return tf.tensor(values, shape);
  };
  const kernel = (name: string) => w(`${name}/kernel`) as tf.Tensor4D;
  const stem = tf.conv2d(x, kernel('stem'), 2, 'same');
  const a = tf.relu6(tf.add<tf.Tensor4D>(stem, w('stem/bias')));
  const d = tf.depthwiseConv2d(a, kernel('dw'), 1, 'same');
  const norm = ['mean', 'variance', 'beta', 'gamma'].map((name) => w(`bn/${name}`) as tf.Tensor1D);
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
}

beforeAll(() => tf.setBackend('wasm'));

describe('a tfjs graph model', () => {
  it('gives what its nodes give, under the names of its layers, on both ways of running it', async () => {
    const { g, output } = graphNetwork();
    const files = await networkFromFiles(new Map([...g.files(output), ['card.json', text(CARD)]]));
    const x = tf.tensor4d(randomNumbers(2 * 16 * 16 * 3, 99), [2, 16, 16, 3]);
    for (const tensorsOnly of [false, true]) {
      const loaded = await loadNetwork(files, { tensorsOnly });
      expect(loaded.stages.map(({ name }) => name)).toEqual(['stem', 'block', 'cat', 'classifier']);
      const got = loaded.forward(x).at(-1)!.dataSync<'float32'>();
      expect(worstShare(got, expectedOf(g, x))).toBeLessThan(1e-5);
      loaded.dispose();
    }
  });

  it('asks for its card and its size where the graph leaves it open', async () => {
    const { g, output } = graphNetwork(-1);
    const given = await readGiven(g.files(output));
    expect(given).toMatchObject({ size: null, card: null });
    const files = await given.complete(parseCard(CARD));
    const loaded = await loadNetwork(files, {});
    expect(loaded.stages).toHaveLength(4);
    loaded.dispose();
    const whole = graphNetwork();
    const fixed = await readGiven(whole.g.files(whole.output));
    expect(fixed).toMatchObject({ size: 16, channels: 3, outputs: 5, card: null });
    await expect(
      fixed.complete(parseCard({ ...CARD, input: { ...CARD.input, size: 32 } })),
    ).rejects.toThrow('model.json takes images of 16 pixels; the card says 32.');
  });

  it.each<[string, (g: GraphBuilder, output: string) => string, RegExp]>([
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
    const { g, output } = graphNetwork();
    await expect(readGiven(g.files(add(g, output)))).rejects.toThrow(sentence);
  });

  it('whose weights were quantised becomes floats again', async () => {
    const { g, output } = graphNetwork();
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
    expect(
      worstShare(loaded.forward(x).at(-1)!.dataSync<'float32'>(), expectedOf(g, x)),
    ).toBeLessThan(1e-3);
    loaded.dispose();
  });
});
