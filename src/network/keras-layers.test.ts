import { describe, expect, it } from 'vitest';
import { inKeras2 } from './keras.ts';
import { asKnownLayers } from './keras-layers.ts';
import type { LayerEntry, LayerList, OutputRef } from './topology.ts';

const layer = (
  class_name: string,
  name: string,
  config: Readonly<Record<string, unknown>> = {},
  inbound_nodes: unknown = [],
): LayerEntry => ({
  ...{ class_name, name, config: { name, ...config } },
  inbound_nodes: inbound_nodes as LayerEntry['inbound_nodes'],
});
const listOf = (...layers: LayerEntry[]): LayerList => ({
  ...{ name: 'm', layers, inputs: [['x', 0, 0]] },
  outputs: [[layers.at(-1)!.name, 0, 0]],
});
const x = layer('InputLayer', 'x');
const taken = [[['x', 0, 0, {}]]];

/** The layers behind the input: class, what is computed, what is taken. */
const made = (list: LayerList, isNew = true) =>
  asKnownLayers(list, isNew)
    .layers.slice(1)
    .map(({ class_name, config, inbound_nodes }) => [
      class_name,
      Object.fromEntries(
        Object.entries(config).filter(([field]) => !['name', 'trainable'].includes(field)),
      ),
      (inbound_nodes as unknown as OutputRef[][]).flat().map(([of]) => of),
    ]);

describe('layers of Keras that tfjs has otherwise', () => {
  it.each<[string, object, string, object]>([
    // tfjs would take 0.3 whatever Keras 3 says, and no slope at all.
    ['LeakyReLU', { negative_slope: 0.2 }, 'LeakyReLU', { alpha: 0.2 }],
    ['ReLU', { negative_slope: 0.1, max_value: null }, 'LeakyReLU', { alpha: 0.1 }],
    ['Activation', { activation: 'silu' }, 'Activation', { activation: 'swish' }],
    ['GlobalMaxPooling2D', { keepdims: true }, 'Reduce', { kind: 'max', axes: [0, 1] }],
    ['Rescaling', { scale: 2, offset: -1 }, 'Elementwise', { alpha: 2, beta: -1 }],
  ])('%s becomes what computes the same', (kind, config, become, own) => {
    expect(made(listOf(x, layer(kind, 'a', { ...config }, taken)))).toMatchObject([
      [become, own, ['x']],
    ]);
  });

  it('hard sigmoids are those of the Keras that wrote them, behind the layer that has one', () => {
    const list = listOf(
      x,
      layer('Conv2D', 'a', { activation: 'hard_sigmoid' }, taken),
      layer('Dense', 'b', {}, [[['a', 0, 0, {}]]]),
    );
    expect(made(list)).toMatchObject([
      ['Conv2D', { activation: 'linear' }, ['x']],
      ['Elementwise', { function: 'hardSigmoid', alpha: 1 / 6, beta: 0.5 }, ['a']],
      ['Dense', {}, ['a_activation']],
    ]);
    expect(asKnownLayers(list, false)).toBe(list);
    const last = listOf(x, layer('Dense', 'a', { activation: 'hard_silu' }, taken));
    expect(asKnownLayers(last, true).outputs).toEqual([['a_activation', 0, 0]]);
  });

  it.each<[string, unknown[], string, number[]]>([
    ['__operators__.add', [['x', 0, 0, { y: 3, name: null }]], 'affine', [1, 3]],
    ['math.multiply', [['x', 0, 0, { y: 0.5, name: null }]], 'affine', [0.5, 0]],
    ['math.truediv', [['x', 0, 0, { y: 4 }]], 'affine', [0.25, 0]],
    ['math.subtract', [['x', 0, 0, { y: 1 }]], 'affine', [1, -1]],
  ])('%s between layers of Keras 2 is read', (of, nodes, become, [alpha, beta]) => {
    const list = listOf(x, layer('TFOpLambda', 'a', { function: of }, nodes));
    expect(made(list, false)).toEqual([['Elementwise', { function: become, alpha, beta }, ['x']]]);
  });

  it('operations of Keras 3 are told from layers of the same name, and 1 − x from x − 1', () => {
    const tensor = { class_name: '__keras_tensor__', config: { keras_history: ['x', 0, 0] } };
    const operation = (class_name: string, args: unknown[], module = 'keras.src.ops.numpy') =>
      inKeras2({
        ...{ class_name, module, name: 'a', config: { name: 'a' } },
        inbound_nodes: [{ args, kwargs: {} }],
      }) as LayerEntry;
    const after = (entry: LayerEntry) => made(listOf(x, entry))[0];
    const affine = (alpha: number, beta: number) => [
      'Elementwise',
      { function: 'affine', alpha, beta },
      ['x'],
    ];
    expect(after(operation('Subtract', [1, tensor]))).toEqual(affine(-1, 1));
    expect(after(operation('Subtract', [tensor, 1]))).toEqual(affine(1, -1));
    expect(after(operation('Multiply', [tensor, tensor]))).toEqual(['Multiply', {}, ['x', 'x']]);
    expect(after(operation('Multiply', [[tensor, tensor]], 'keras.layers'))?.[0]).toBe('Multiply');
    expect(() => after(operation('Divide', [1, tensor]))).toThrow(
      'The operation a (divide) between layers is not read here',
    );
    expect(() => after(operation('Einsum', [tensor, tensor]))).toThrow('The operation a (einsum)');
  });

  it.each([
    ['ReLU', { negative_slope: 0.1, max_value: 6 }, 'The layer a is a ReLU with a threshold'],
    ['Dense', { activation: 'celu' }, 'The layer a has the activation celu, which is not known'],
  ])('%s of a kind that is not here is named', (kind, config, sentence) => {
    expect(() => asKnownLayers(listOf(x, layer(kind, 'a', config, taken)), true)).toThrow(sentence);
  });
});
