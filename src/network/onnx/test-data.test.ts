import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../../core/random.ts';
import { readGiven } from '../reading.ts';
import { checkGolden, parseGolden } from '../golden.ts';
import { loadNetwork } from '../network.ts';
import { attribute, graphOf, ints, modelOf, nodeOf, tensorOf, valueOf } from './testing/write.ts';
import { goldenOfTestData } from './test-data.ts';

const random = randomFrom(3);
const numbers = (count: number) => Float32Array.from({ length: count }, () => 2 * random() - 1);
const kernel = numbers(3 * 2 * 9);
const pads = attribute('pads', ints([1, 1, 1, 1]));
const nodes = [
  nodeOf('Conv', ['image', 'w'], ['y'], [pads]),
  nodeOf('GlobalAveragePool', ['y'], ['g']),
  nodeOf('Flatten', ['g'], ['flat']),
  nodeOf('Softmax', ['flat'], ['out']),
];
const model = modelOf(
  graphOf(
    nodes,
    [tensorOf('w', [2, 3, 3, 3], kernel)],
    [valueOf('image', [-1, 3, 4, 4])],
    [valueOf('out', [-1, 2])],
  ),
  13,
);
const images = numbers(2 * 3 * 16);

/** What the model says of the images, by the definition: [2, 2] probabilities. */
function expected(): Float32Array {
  const rows: number[] = [];
  for (let i = 0; i < 2; i++) {
    const sums = [0, 0];
    for (let o = 0; o < 2; o++)
      for (let c = 0; c < 3; c++)
        for (let y = 0; y < 4; y++)
          for (let x = 0; x < 4; x++)
            for (let ky = 0; ky < 3; ky++)
              for (let kx = 0; kx < 3; kx++) {
                const [row, column] = [y + ky - 1, x + kx - 1];
                if (row < 0 || row > 3 || column < 0 || column > 3) continue;
                sums[o]! +=
                  kernel[(o * 3 + c) * 9 + ky * 3 + kx]! *
                  images[(i * 3 + c) * 16 + row * 4 + column]!;
              }
    const parts = sums.map((sum) => Math.exp(sum / 16));
    rows.push(...parts.map((part) => part / (parts[0]! + parts[1]!)));
  }
  return Float32Array.from(rows);
}

const card = {
  ...{ id: 'net', title: 'Net', architecture: 'tiny', dataset: 'strokes', classes: ['a', 'b'] },
  ...{ input: { size: 4, channels: 3, mean: [0.2, 0.2, 0.2], std: [1, 1, 1] } },
};
const files = (output: Float32Array, more: Record<string, Uint8Array> = {}) =>
  new Map<string, Uint8Array>([
    ['net.onnx', model],
    ['net.card.json', new TextEncoder().encode(JSON.stringify(card))],
    ['test_data_set_0/input_0.pb', tensorOf('image', [2, 3, 4, 4], images)],
    ['test_data_set_0/output_0.pb', tensorOf('out', [2, 2], output)],
    ...Object.entries(more),
  ]);

describe('test data beside an ONNX model', () => {
  beforeAll(() => tf.setBackend('cpu'));

  async function check(output: Float32Array): Promise<void> {
    const given = await readGiven(files(output));
    const network = await loadNetwork(await given.complete(given.card!));
    await checkGolden(network, parseGolden(given.golden!), 'its test data states');
  }

  it('is what the network gives, its softmax included and without the card’s mean', async () => {
    await check(expected());
  });

  it('is held against what the network gives', async () => {
    const off = expected().map((value, i) => (i === 2 ? 1 - value : i === 3 ? 1 - value : value));
    await expect(check(off)).rejects.toThrow(
      /^Net does not give the outputs that its test data states: number 1 of image 2 is/,
    );
  });

  it('of several outputs says nothing; of other shapes there is a sentence', async () => {
    const two = files(expected(), { 'output_1.pb': tensorOf('other', [2, 2], expected()) });
    expect((await readGiven(two)).golden).toBeUndefined();
    const flat = tensorOf('image', [2, 48], images);
    await expect(readGiven(files(expected(), { 'input_0.pb': flat }))).rejects.toThrow(
      'input_0.pb has the shape [2, 48]; expected [images, channels, height, width].',
    );
    expect(() =>
      goldenOfTestData(
        new Map([
          ['input_0.pb', tensorOf('image', [2, 3, 4, 4], images)],
          ['output_0.pb', tensorOf('out', [3, 1], numbers(3))],
        ]),
      ),
    ).toThrow(/output_0\.pb has the shape \[3, 1\]; expected a row for each of 2 images/);
    const broken = files(expected(), { 'output_0.pb': new TextEncoder().encode('no tensor') });
    await expect(readGiven(broken)).rejects.toThrow(/output_0\.pb/);
  });
});
