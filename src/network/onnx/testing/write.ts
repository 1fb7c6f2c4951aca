/** For tests and benchmarks: ONNX files, written by hand. */
import { joined } from '../../../fetch/body.ts';

type Part = Uint8Array;

function varint(value: number): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return bytes;
}

const number = (field: number, value: number): Part =>
  Uint8Array.from([...varint(8 * field), ...varint(value)]);
const bytes = (field: number, content: Part): Part =>
  joined([Uint8Array.from([...varint(8 * field + 2), ...varint(content.length)]), content]);
const text = (field: number, value: string): Part => bytes(field, new TextEncoder().encode(value));

export interface AttributeValue {
  readonly ints?: readonly number[];
  readonly text?: string;
  readonly int?: number;
}

export const ints = (values: readonly number[]): AttributeValue => ({ ints: values });

export function attribute(name: string, { ints: list, text: words, int }: AttributeValue): Part {
  return joined([
    text(1, name),
    ...(int === undefined ? [] : [number(3, int)]),
    ...(list ?? []).map((value) => number(8, value)),
    ...(words === undefined ? [] : [text(4, words)]),
  ]);
}

export function nodeOf(
  type: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: readonly Part[] = [],
  domain = '',
): Part {
  return joined([
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(3, `the_${type}`),
    text(4, type),
    ...attributes.map((one) => bytes(5, one)),
    ...(domain ? [text(7, domain)] : []),
  ]);
}

export function tensorOf(
  name: string,
  dims: readonly number[],
  values: Float32Array | Uint8Array | null,
  external: { location: string; offset: number; length: number } | null = null,
  type = 1,
): Part {
  const entry = (key: string, value: string): Part =>
    bytes(13, joined([text(1, key), text(2, value)]));
  return joined([
    ...dims.map((dim) => number(1, dim)),
    number(2, type),
    text(8, name),
    ...(values
      ? [bytes(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength))]
      : []),
    ...(external
      ? [
          entry('location', external.location),
          entry('offset', String(external.offset)),
          entry('length', String(external.length)),
          number(14, 1),
        ]
      : []),
  ]);
}

/** @param dims −1 for a size that is open. */
export function valueOf(name: string, dims: readonly number[], type = 1): Part {
  const shape = joined(dims.map((dim) => bytes(1, dim < 0 ? text(2, 'n') : number(1, dim))));
  return joined([text(1, name), bytes(2, bytes(1, joined([number(1, type), bytes(2, shape)])))]);
}

export const graphOf = (
  nodes: readonly Part[],
  tensors: readonly Part[],
  inputs: readonly Part[],
  outputs: readonly Part[],
): Part =>
  joined([
    ...nodes.map((part) => bytes(1, part)),
    text(2, 'made'),
    ...tensors.map((part) => bytes(5, part)),
    ...inputs.map((part) => bytes(11, part)),
    ...outputs.map((part) => bytes(12, part)),
  ]);

export const modelOf = (graph: Part, opset: number): Part =>
  joined([number(1, 8), text(2, 'a test'), bytes(7, graph), bytes(8, number(2, opset))]);

/** A plain network of ten 3×3 convolutions with 512 channels, for colour images of 32 × 32: 94 MB of weights. */
export function heavyModel(random: () => number): Part {
  const wide = 512;
  const shared = Float32Array.from({ length: 9 * wide * wide }, () => (random() - 0.5) / 40);
  const conv = (i: number, stride: number): Part[] => [
    nodeOf(
      'Conv',
      [i === 0 ? 'image' : `r${i - 1}`, `c${i}.weight`],
      [`c${i}`],
      [attribute('pads', ints([1, 1, 1, 1])), attribute('strides', ints([stride, stride]))],
    ),
    nodeOf('Relu', [`c${i}`], [`r${i}`]),
  ];
  const deep = Array.from({ length: 10 }, (_, i) => i + 1);
  return modelOf(
    graphOf(
      [
        ...conv(0, 4),
        ...deep.flatMap((i) => conv(i, i === 1 ? 2 : 1)),
        nodeOf('GlobalAveragePool', ['r10'], ['pooled']),
        nodeOf('Flatten', ['pooled'], ['flat']),
        nodeOf('Gemm', ['flat', 'fc.weight'], ['out'], [attribute('transB', { int: 1 })]),
      ],
      [
        tensorOf('c0.weight', [wide, 3, 3, 3], shared.subarray(0, 27 * wide)),
        ...deep.map((i) => tensorOf(`c${i}.weight`, [wide, wide, 3, 3], shared)),
        tensorOf('fc.weight', [10, wide], shared.subarray(0, 10 * wide)),
      ],
      [valueOf('image', [-1, 3, 32, 32])],
      [valueOf('out', [-1, 10])],
    ),
    17,
  );
}
