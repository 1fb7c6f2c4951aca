/** Broken and odd ONNX files: one clear sentence each. */
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../core/random.ts';
import { readGiven } from '../reading.ts';
import { openOnnx } from './index.ts';
import { attribute, graphOf, ints, modelOf, nodeOf, tensorOf, valueOf } from './testing/write.ts';

const image = valueOf('image', [-1, 3, 4, 4]);
const kernel = tensorOf(
  'w',
  [2, 3, 3, 3],
  Float32Array.from({ length: 54 }, (_, i) => i / 54),
);
const conv = nodeOf('Conv', ['image', 'w'], ['y'], [attribute('pads', ints([1, 1, 1, 1]))]);
const ends = [nodeOf('GlobalAveragePool', ['y'], ['g']), nodeOf('Flatten', ['g'], ['out'])];
const out = valueOf('out', [-1, 2]);
const whole = modelOf(graphOf([conv, ...ends], [kernel], [image], [out]), 13);

const open = (bytes: Uint8Array) => openOnnx('net.onnx', bytes);

describe('an ONNX file', () => {
  it('that is whole opens', () => {
    const { input, outputs, weights } = open(whole);
    expect(input).toEqual([4, 4, 3]);
    expect(outputs).toEqual([2]);
    expect(weights.map(({ shape }) => shape)).toEqual([[3, 3, 3, 2]]);
  });

  it('that is cut off anywhere says so, and never opens as something else', () => {
    for (let length = 0; length < whole.length - 1; length += 7)
      expect(() => open(whole.slice(0, length))).toThrow(/net\.onnx|node|tensor|output/);
  });

  it('with random bytes in it gives a sentence or opens', () => {
    const random = randomFrom(5);
    for (let n = 0; n < 300; n++) {
      const bytes = whole.slice();
      for (let i = 0; i < 3; i++)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      try {
        open(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        expect((error as Error).message.length).toBeGreaterThan(20);
      }
    }
  });

  const text = new TextEncoder();
  const graph = (nodes: Uint8Array[], tensors = [kernel], inputs = [image], outputs = [out]) =>
    modelOf(graphOf(nodes, tensors, inputs, outputs), 13);
  const cases: readonly (readonly [string, Uint8Array, RegExp])[] = [
    [
      'text',
      text.encode('this is a note, not a network at all'),
      /cannot be read as an ONNX model/,
    ],
    ['nothing', new Uint8Array(0), /it holds no graph/],
    [
      'an old operation set',
      modelOf(graphOf([conv, ...ends], [kernel], [image], [out]), 7),
      /operation set 7; 9 to 23/,
    ],
    [
      'two inputs',
      graph([conv, ...ends], [kernel], [image, valueOf('more', [1, 3, 4, 4])]),
      /2 inputs \(image, more\)/,
    ],
    [
      'open sizes',
      graph([conv, ...ends], [kernel], [valueOf('image', [-1, 3, -1, -1])]),
      /open sizes: \[\?, 3, \?, \?\]/,
    ],
    [
      'text as input',
      graph([conv, ...ends], [kernel], [valueOf('image', [1, 3, 4, 4], 8)]),
      /does not take floats/,
    ],
    [
      'a row as input',
      graph([conv, ...ends], [kernel], [valueOf('image', [1, 48])]),
      /expected \[batch, channels, height, width\]/,
    ],
    ['weights missing', graph([conv, ...ends], []), /takes w, which nothing gives/],
    [
      'weights cut off',
      graph([conv, ...ends], [tensorOf('w', [2, 3, 3, 3], new Float32Array(5))]),
      /The tensor w has 20 bytes; its shape \[2, 3, 3, 3\] takes 216/,
    ],
    [
      'weights of another width',
      graph([conv, ...ends], [tensorOf('w', [2, 4, 3, 3], new Float32Array(72))]),
      /take 4 channels; 3 come/,
    ],
    [
      'int8',
      graph([nodeOf('QLinearConv', ['image', 'w'], ['y']), ...ends]),
      /\(QLinearConv\) cannot be converted: it is of a quantised network/,
    ],
    [
      'an operation of somebody',
      graph([nodeOf('Fancy', ['image'], ['y'], [], 'com.acme'), ...ends]),
      /of com\.acme; export with ONNX's operations/,
    ],
    [
      'an unknown operation',
      graph([nodeOf('NonMaxSuppression', ['image'], ['y']), ...ends]),
      /\(NonMaxSuppression\) cannot be converted: the operation is not known here/,
    ],
    [
      'attention',
      graph([conv, nodeOf('MatMul', ['y', 'y'], ['z']), nodeOf('Flatten', ['z'], ['out'])]),
      /both of its factors are computed from the image/,
    ],
    [
      'images put together',
      graph([
        conv,
        nodeOf('Transpose', ['y'], ['z'], [attribute('perm', ints([1, 0, 2, 3]))]),
        nodeOf('Flatten', ['z'], ['out']),
      ]),
      /moves the batch/,
    ],
    [
      'a map too small',
      graph([
        nodeOf('MaxPool', ['image'], ['y'], [attribute('kernel_shape', ints([9, 9]))]),
        ...ends,
      ]),
      /too small for its window/,
    ],
    [
      'an output of nothing',
      graph([conv, ...ends], [kernel], [image], [valueOf('other', [1, 2])]),
      /output other does not depend on the image/,
    ],
    [
      'a pool over three dimensions',
      graph([
        conv,
        nodeOf('Unsqueeze', ['y'], ['u'], [attribute('axes', ints([2]))]),
        nodeOf('GlobalAveragePool', ['u'], ['g']),
        ends[1]!,
      ]),
      /over 3 dimensions/,
    ],
    [
      'padding by reflection',
      graph([
        nodeOf(
          'Pad',
          ['image'],
          ['p'],
          [
            attribute('mode', { text: 'reflect' }),
            attribute('pads', ints([0, 0, 1, 1, 0, 0, 1, 1])),
          ],
        ),
        nodeOf('Conv', ['p', 'w'], ['y']),
        ...ends,
      ]),
      /padding with reflect is not read/,
    ],
    [
      'a slope for every channel',
      graph(
        [nodeOf('PRelu', ['image', 's'], ['y']), ...ends],
        [tensorOf('s', [3, 1, 1], new Float32Array(3))],
      ),
      /slope for every channel/,
    ],
  ];
  it.each(cases)('with %s is refused with a sentence', (_, bytes, sentence) => {
    expect(() => open(bytes)).toThrow(sentence);
  });

  it('says which of its weights lie elsewhere, and finds them beside it', () => {
    const external = tensorOf('w', [2, 3, 3, 3], null, {
      location: 'net.onnx.data',
      offset: 8,
      length: 216,
    });
    const bytes = graph([conv, ...ends], [external]);
    expect(() => open(bytes)).toThrow(/lie in net\.onnx\.data, which is not among the files/);
    const data = new Uint8Array(8 + 216);
    const files = new Map([['net.onnx.data', data]]);
    expect(openOnnx('net.onnx', bytes, files).data.byteLength).toBe(216);
    const cut = new Map([['net.onnx.data', data.slice(0, 100)]]);
    expect(() => openOnnx('net.onnx', bytes, cut)).toThrow(/which has 100 bytes/);
  });

  it('of half precision gives the numbers of its halves', () => {
    const halves = Uint16Array.from([0x3c00, 0xc000, 0x3555, 0x0001, ...Array<number>(50).fill(0)]);
    const half = tensorOf('w', [2, 3, 3, 3], new Uint8Array(halves.buffer), null, 10);
    const { data } = open(graph([conv, ...ends], [half]));
    const numbers = [...new Float32Array(data)].filter((value) => value !== 0);
    expect(numbers).toHaveLength(4);
    for (const value of [1, -2, 0.333251953125, 2 ** -24]) expect(numbers).toContain(value);
  });

  it('with several networks, or without a card, is asked about', async () => {
    const two = new Map([
      ['a.onnx', whole],
      ['b.onnx', whole],
    ]);
    await expect(readGiven(two)).rejects.toThrow(
      '2 networks came (a.onnx, b.onnx); give one at a time.',
    );
    const golden = Uint8Array.of(123, 125);
    const both = new Map([
      ['x/a.onnx', whole],
      ['x/a.golden.json', golden],
    ]);
    expect((await readGiven(both)).golden).toBe(golden);
    const given = await readGiven(new Map([['x/a.onnx', whole]]));
    expect(given.golden).toBeUndefined();
    expect(given).toMatchObject({ name: 'a', size: 4, channels: 3, outputs: 2, card: null });
    const open = await readGiven(
      new Map([['a.onnx', graph([conv, ...ends], [kernel], [valueOf('image', [-1, 3, -1, -1])])]]),
    );
    expect(open).toMatchObject({ size: null, channels: 3, outputs: null });
  });
});
