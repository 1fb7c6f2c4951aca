/** Kinds of networks that people have, as files: nothing of them is silently wrong. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { networkFromFiles } from './files.ts';
import { loadNetwork, type Network } from './network.ts';
import { randomNumbers } from './testing.ts';
import { product } from './cost.ts';

beforeAll(() => tf.setBackend('cpu'));

type Json = Record<string, unknown>;
type Spec = readonly [name: string, shape: readonly number[]];
const SIDE = 4;

const layer = (class_name: string, name: string, config: Json, ...from: string[]): Json => ({
  class_name,
  name,
  config: { name, ...config },
  inbound_nodes: from.length > 0 ? [from.map((of) => [of, 0, 0, {}])] : [],
});
const image = (side = SIDE) =>
  layer('InputLayer', 'image', { batch_input_shape: [null, side, side, 1] });
const conv = (name: string, filters: number, from: string, activation = 'relu') =>
  layer(
    'Conv2D',
    name,
    { filters, kernel_size: [3, 3], padding: 'same', activation, use_bias: false },
    from,
  );
const dense = (name: string, units: number, from: string, activation = 'softmax') =>
  layer('Dense', name, { units, activation, use_bias: false }, from);
const flat = (name: string, from: string) => layer('Flatten', name, {}, from);
const pool = (name: string, from: string) =>
  layer('MaxPooling2D', name, { pool_size: [2, 2] }, from);

const functional = (layers: readonly Json[], ...outputs: string[]): Json => ({
  class_name: 'Functional',
  config: {
    name: 'made',
    layers,
    input_layers: [['image', 0, 0]],
    output_layers: outputs.map((name) => [name, 0, 0]),
  },
});

interface Given {
  readonly model: Json;
  readonly weights: readonly Spec[];
  readonly classes?: readonly string[];
  readonly card?: Json;
  readonly size?: number;
  readonly group?: Readonly<Record<string, string>>;
}

async function load({ model, weights, classes, card, size, group }: Given): Promise<Network> {
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const listed = weights.map(([name, shape]) => ({
    ...{ name, shape, dtype: 'float32' },
    ...(group?.[name] && { group: group[name] }),
  }));
  const values = weights.map(([, shape], i) => randomNumbers(product(shape), i + 1));
  const data = new Uint8Array(4 * values.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const value of values) {
    data.set(new Uint8Array(value.buffer), at);
    at += 4 * value.length;
  }
  const input = { size: size ?? SIDE, channels: 1, mean: [0], std: [1] };
  const files = new Map([
    [
      'model.json',
      json({
        modelTopology: { model_config: model },
        weightsManifest: [{ paths: ['weights.bin'], weights: listed }],
      }),
    ],
    ['card.json', json({ id: 'made', classes: classes ?? ['a', 'b', 'c'], input, ...card })],
    ['weights.bin', data],
  ]);
  return loadNetwork(await networkFromFiles(files));
}

function outputsOf(network: Network): { own: number[]; branches: number[][] } {
  const { size, channels } = network.card.input;
  const x = tf.tensor(randomNumbers(size * size * channels, 99), [1, size, size, channels]);
  const outputs = network.forward(x);
  const numbers = (of: tf.Tensor) => [...of.dataSync()];
  return { own: numbers(outputs.at(-1)!), branches: network.branchLogits(outputs).map(numbers) };
}

const near = (got: readonly number[], expected: readonly number[]) => {
  expect(got).toHaveLength(expected.length);
  got.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
};

const softmax = (z: readonly number[]) => {
  const powers = z.map(Math.exp);
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
};

/** x · kernel [in, out]. */
function times(x: readonly number[], kernel: Float32Array, out: number): number[] {
  return Array.from({ length: out }, (_, o) =>
    x.reduce((sum, value, i) => sum + value * kernel[i * out + o]!, 0),
  );
}
const pixels = [...randomNumbers(SIDE * SIDE, 99)];

describe('a softmax', () => {
  it('stays in the middle of a network, whatever layer has it', async () => {
    for (const activated of [false, true]) {
      const layers = [
        image(),
        flat('flat', 'image'),
        dense('gate', 5, 'flat', activated ? 'linear' : 'softmax'),
        ...(activated ? [layer('Softmax', 'soft', {}, 'gate')] : []),
        dense('out', 3, activated ? 'soft' : 'gate'),
      ];
      const network = await load({
        model: functional(layers, 'out'),
        weights: [
          ['gate/kernel', [16, 5]],
          ['out/kernel', [5, 3]],
        ],
      });
      const gate = softmax(times(pixels, randomNumbers(80, 1), 5));
      near(outputsOf(network).own, times(gate, randomNumbers(15, 2), 3));
      expect(network.summary().scores).toBe('logits');
    }
  });

  it('is left out at the end of a convolution too, and is known where its results are averaged', async () => {
    const of = (end: readonly Json[]) =>
      load({
        model: functional(
          [image(2), conv('c', 3, 'image', 'softmax'), ...end],
          end.at(-1)!.name as string,
        ),
        size: 2,
        weights: [['c/kernel', [3, 3, 1, 3]]],
      });
    const averaged = await of([layer('GlobalAveragePooling2D', 'mean', {}, 'c')]);
    expect(averaged.summary().scores).toBe('probabilities');
    // Logarithms, which a softmax turns back into the probabilities.
    const own = outputsOf(averaged).own;
    near(softmax(own), own.map(Math.exp));
    const single = await load({
      model: functional([image(1), conv('c', 3, 'image', 'softmax'), flat('flat', 'c')], 'flat'),
      size: 1,
      weights: [['c/kernel', [3, 3, 1, 3]]],
    });
    expect(single.summary().scores).toBe('logits');
    near(
      outputsOf(single).own,
      [...randomNumbers(27, 1)].slice(12, 15).map((w) => w * randomNumbers(1, 99)[0]!),
    );
  });
});

it('knows sigmoids for probabilities, at the end of a branch as well', async () => {
  const network = await load({
    model: functional(
      [
        image(),
        conv('a', 2, 'image'),
        flat('f1', 'a'),
        dense('exit_1', 3, 'f1', 'sigmoid'),
        conv('b', 4, 'a'),
        flat('f2', 'b'),
        dense('out', 3, 'f2', 'sigmoid'),
      ],
      'exit_1',
      'out',
    ),
    weights: [
      ['a/kernel', [3, 3, 1, 2]],
      ['exit_1/kernel', [32, 3]],
      ['b/kernel', [3, 3, 2, 4]],
      ['out/kernel', [64, 3]],
    ],
  });
  expect(network.summary().scores).toBe('probabilities');
  const { own, branches } = outputsOf(network);
  for (const logarithm of [...own, ...branches[0]!]) expect(logarithm).toBeLessThan(0);
});

describe('a model inside a model', () => {
  const inner = (
    name: string,
    head: string,
    shape: readonly number[],
    call: number,
    from: string,
  ) => ({
    class_name: 'Sequential',
    name,
    config: {
      name,
      layers: [
        { class_name: 'Flatten', config: { name: 'flat', batch_input_shape: [null, ...shape] } },
        {
          class_name: 'Dense',
          config: { name: head, units: 3, activation: 'softmax', use_bias: false },
        },
      ],
    },
    inbound_nodes: [[[from, call, 0, {}]]],
  });
  const nested = (head1: string, head2: string): Json => {
    const model = functional([
      image(),
      conv('a', 2, 'image'),
      inner('head_1', head1, [4, 4, 2], 0, 'a'),
      conv('b', 4, 'a'),
      inner('head_2', head2, [4, 4, 4], 0, 'b'),
    ]);
    const config = model.config as Json;
    config.output_layers = [
      ['head_1', 1, 0],
      ['head_2', 1, 0],
    ];
    return model;
  };
  const flatModel = functional(
    [
      image(),
      conv('a', 2, 'image'),
      flat('f1', 'a'),
      dense('d1', 3, 'f1'),
      conv('b', 4, 'a'),
      flat('f2', 'b'),
      dense('d2', 3, 'f2'),
    ],
    'd1',
    'd2',
  );
  const weights = (first: string, second: string): Spec[] => [
    ['a/kernel', [3, 3, 1, 2]],
    [`${first}/kernel`, [32, 3]],
    ['b/kernel', [3, 3, 2, 4]],
    [`${second}/kernel`, [64, 3]],
  ];

  it('has the stages, costs, exits and outputs of the same layers written flat', async () => {
    const plain = await load({ model: flatModel, weights: weights('d1', 'd2') });
    const cases = [
      [nested('d1', 'd2'), weights('d1', 'd2')],
      // Two layers of one name, told apart by the models around them or by their order.
      [nested('dense', 'dense'), weights('head_1/dense', 'head_2/dense')],
      [nested('dense', 'dense'), weights('dense', 'dense')],
      [nested('dense', 'dense'), weights('layers/head_1/layers/dense/vars', 'head_2/dense')],
    ] as const;
    for (const [model, specs] of cases) {
      const network = await load({ model, weights: specs });
      const [got, expected] = [outputsOf(network), outputsOf(plain)];
      near(got.own, expected.own);
      near(got.branches[0]!, expected.branches[0]!);
      expect(network.flops).toBe(plain.flops);
      expect(network.summary().branches).toEqual([{ name: 'head_1', output: 0, flops: 192 }]);
    }
  });

  it('is flattened at any depth, and may be called twice', async () => {
    const block = {
      class_name: 'Functional',
      name: 'block',
      config: {
        name: 'block',
        layers: [
          layer('InputLayer', 'x', { batch_input_shape: [null, SIDE, SIDE, 1] }),
          {
            class_name: 'Sequential',
            name: 'deep',
            config: {
              name: 'deep',
              layers: [
                {
                  class_name: 'Conv2D',
                  config: {
                    name: 'c',
                    filters: 1,
                    kernel_size: [3, 3],
                    padding: 'same',
                    use_bias: false,
                    batch_input_shape: [null, SIDE, SIDE, 1],
                  },
                },
              ],
            },
            inbound_nodes: [[['x', 0, 0, {}]]],
          },
        ],
        input_layers: [['x', 0, 0]],
        output_layers: [['deep', 1, 0]],
      },
      inbound_nodes: [[['image', 0, 0, {}]], [['block', 1, 0, {}]]],
    };
    const head = [flat('flat', 'x'), dense('out', 3, 'flat')];
    (head[0]!.inbound_nodes as unknown[]) = [[['block', 2, 0, {}]]];
    const network = await load({
      model: functional([image(), block, ...head], 'out'),
      weights: [
        ['c/kernel', [3, 3, 1, 1]],
        ['out/kernel', [16, 3]],
      ],
    });
    expect(network.flops).toBe(2 * (2 * 9 * 16) + 2 * 16 * 3);
    expect(network.parameters).toBe(9 + 48);
  });
});

it('takes the deepest output for the network whatever the order, and keeps names of exits apart', async () => {
  const layers = [
    image(),
    conv('a', 2, 'image'),
    flat('f1', 'a'),
    dense('exit_1', 3, 'f1'),
    conv('b', 3, 'a'),
    flat('f2', 'b'),
    dense('exit_2', 3, 'f2'),
    conv('c', 4, 'b'),
    flat('f3', 'c'),
    dense('final', 3, 'f3'),
  ];
  const weights: Spec[] = [
    ['a/kernel', [3, 3, 1, 2]],
    ['exit_1/kernel', [32, 3]],
    ['b/kernel', [3, 3, 2, 3]],
    ['exit_2/kernel', [48, 3]],
    ['c/kernel', [3, 3, 3, 4]],
    ['final/kernel', [64, 3]],
  ];
  const results = [];
  for (const order of [
    ['exit_1', 'exit_2', 'final'],
    ['final', 'exit_1', 'exit_2'],
    ['exit_2', 'final', 'exit_1'],
  ]) {
    const network = await load({ model: functional(layers, ...order), weights });
    const { flops, branches } = network.summary();
    results.push({ flops, names: branches, ...outputsOf(network) });
    expect(branches.map(({ name }) => name)).toEqual(['exit_1', 'exit_2']);
  }
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
});

it('lets exits hang on a pooled map, alone or beside one before the pool', async () => {
  const head = (n: number, from: string) => [flat(`f${n}`, from), dense(`exit_${n}`, 3, `f${n}`)];
  const layers = [
    image(),
    conv('a', 2, 'image'),
    pool('pool', 'a'),
    ...head(1, 'pool'),
    ...head(2, 'a'),
  ];
  const rest = [conv('b', 3, 'pool'), flat('f', 'b'), dense('final', 3, 'f')];
  const weights: Spec[] = [
    ['a/kernel', [3, 3, 1, 2]],
    ['exit_1/kernel', [8, 3]],
    ['exit_2/kernel', [32, 3]],
    ['b/kernel', [3, 3, 2, 3]],
    ['final/kernel', [12, 3]],
  ];
  const one = await load({
    model: functional([...layers.slice(0, 5), ...rest], 'exit_1', 'final'),
    weights: weights.filter(([name]) => name !== 'exit_2/kernel'),
  });
  expect(one.stages.map(({ name, shape }) => [name, shape.join()])).toEqual([
    ['a', '2,2,2'],
    ['b', '2,2,3'],
    ['classifier', '3'],
  ]);
  const two = await load({
    model: functional([...layers, ...rest], 'exit_1', 'exit_2', 'final'),
    weights,
  });
  expect(two.summary().branches.map(({ name, output }) => [name, output])).toEqual([
    ['exit_2', 0],
    ['exit_1', 1],
  ]);
});

it('names a layer whose cost or class is not known, and counts none as 0', async () => {
  const of = (kind: string, config: Json, spec: Spec[]) =>
    load({
      model: functional(
        [
          image(),
          layer('Reshape', 'rows', { target_shape: [4, 4] }, 'image'),
          layer(kind, 'strange', config, 'rows'),
          flat('flat', 'strange'),
          dense('out', 3, 'flat'),
        ],
        'out',
      ),
      weights: spec,
    });
  await expect(
    of('SimpleRNN', { units: 3, use_bias: false, return_sequences: true }, [
      ['strange/kernel', [4, 3]],
      ['strange/recurrent_kernel', [3, 3]],
      ['out/kernel', [12, 3]],
    ]),
  ).rejects.toThrow('The layer strange is of the class SimpleRNN, whose cost is not known');
  await expect(of('MadeUp', {}, [['out/kernel', [16, 3]]])).rejects.toThrow(
    'The layer strange of made is of the class MadeUp, which is not known here.',
  );
});

describe('files as other tools write them', () => {
  const layers = [image(), conv('a', 2, 'image'), flat('flat', 'a'), dense('out', 3, 'flat')];
  const weights: Spec[] = [
    ['a/kernel', [3, 3, 1, 2]],
    ['out/kernel', [32, 3]],
  ];
  const inKeras3 = (entry: Json): Json => {
    const { batch_input_shape, ...config } = entry.config as Json;
    return {
      ...entry,
      ...{ module: 'keras.layers', registered_name: null },
      config: {
        ...config,
        ...(batch_input_shape ? { batch_shape: batch_input_shape } : {}),
        dtype: { class_name: 'DTypePolicy', config: { name: 'float32' } },
        kernel_initializer: { module: 'keras.initializers', class_name: 'Strange', config: {} },
      },
      inbound_nodes: (entry.inbound_nodes as [string, number, number][][]).map((taken) => ({
        args: taken.map(([name, call, output]) => ({
          class_name: '__keras_tensor__',
          config: { shape: [null], keras_history: [name, call, output] },
        })),
        kwargs: {},
      })),
    };
  };

  it('reads what Keras 3 writes like what Keras 2 writes', async () => {
    const [two, three] = [
      await load({ model: functional(layers, 'out'), weights }),
      await load({
        model: functional(layers.map(inKeras3), 'out'),
        weights: weights.map(([name, shape]) => [
          `layers/${name.replace('kernel', 'vars/0')}`,
          shape,
        ]),
      }),
    ];
    near(outputsOf(three).own, outputsOf(two).own);
    expect(three.flops).toBe(two.flops);
  });

  it('leaves an optimizer aside, wherever its weights stand', async () => {
    const plain = await load({ model: functional(layers, 'out'), weights });
    const network = await load({
      model: functional(layers, 'out'),
      weights: [...weights, ['Adam/m', [5]]],
      group: { 'Adam/m': 'optimizer' },
    });
    near(outputsOf(network).own, outputsOf(plain).own);
  });

  it('says what is missing of weights without layers, and of a card', async () => {
    const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
    await expect(
      networkFromFiles(
        new Map([['model.json', json({ modelTopology: null, weightsManifest: [] })]]),
      ),
    ).rejects.toThrow('model.json lists weights only: it has no topology');
    const model = { modelTopology: functional(layers, 'out'), weightsManifest: [] };
    const bare = new Map([['model.json', json(model)]]);
    await expect(networkFromFiles(bare)).rejects.toThrow('card.json is missing');
    const metadata = new Map([
      ...bare,
      ['metadata.json', json({ labels: ['a', 'b', 'c'], imageSize: 4 })] as const,
    ]);
    const { card } = await networkFromFiles(metadata);
    expect(card).toMatchObject({
      classes: ['a', 'b', 'c'],
      input: { size: 4, channels: 1, mean: [0.5], fit: 'resize' },
    });
    const odd = new Map([...bare, ['metadata.json', json({ labels: 'a' })] as const]);
    await expect(networkFromFiles(odd)).rejects.toThrow(
      'card.json must have the fields id, classes and input',
    );
  });

  it('does not state what the card does not state', async () => {
    const network = await load({ model: functional(layers, 'out'), weights });
    expect(network.summary()).toMatchObject({ epochs: null, seed: null, trainedOn: 0 });
    const stated = await load({
      model: functional(layers, 'out'),
      weights,
      card: { epochs: 7, seed: 0 },
    });
    expect(stated.summary()).toMatchObject({ epochs: 7, seed: 0 });
  });
});
