/** Folded operations as an ONNX model (opset 13), written as protocol buffers: what other runtimes are given to run. */
import type { Folded } from '../../src/network/folded.ts';

type Bytes = number[];

const varint = (value: number): Bytes => {
  const bytes: Bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
};
const number = (field: number, value: number): Bytes => [...varint(field << 3), ...varint(value)];
const bytes = (field: number, value: ArrayLike<number>): Bytes =>
  varint((field << 3) | 2).concat(varint(value.length), Array.from(value));
const text = (field: number, value: string): Bytes => bytes(field, new TextEncoder().encode(value));

const FLOAT = 1;
const INTS = 7;

const integers = (name: string, values: readonly number[]): Bytes =>
  bytes(5, [...text(1, name), ...values.flatMap((value) => number(8, value)), ...number(20, INTS)]);

const node = (kind: string, inputs: string[], output: string, attributes: Bytes = []): Bytes =>
  bytes(1, [
    ...inputs.flatMap((input) => text(1, input)),
    ...text(2, output),
    ...text(4, kind),
    ...attributes,
  ]);

/** A float tensor's bytes are kept apart, since lists of millions of numbers do not spread. */
function tensor(name: string, shape: readonly number[], values: Float32Array): Uint8Array {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const head = [...shape.flatMap((size) => number(1, size)), ...number(2, FLOAT), ...text(8, name)];
  const tag = [...varint((9 << 3) | 2), ...varint(raw.length)];
  const outer = [...varint((5 << 3) | 2), ...varint(head.length + tag.length + raw.length)];
  return Uint8Array.from(Buffer.concat([Buffer.from([...outer, ...head, ...tag]), raw]));
}

function value(field: number, name: string, shape: readonly (number | string)[]): Bytes {
  const sizes = shape.flatMap((size) =>
    bytes(1, typeof size === 'number' ? number(1, size) : text(2, size)),
  );
  const type = bytes(1, [...number(1, FLOAT), ...bytes(2, sizes)]);
  return bytes(field, [...text(1, name), ...bytes(2, type)]);
}

/** [kh, kw, in, out] → [out, in, kh, kw]. */
function channelsFirst(kernel: Float32Array, [kh, kw, input, out]: readonly number[]) {
  const turned = new Float32Array(kernel.length);
  let at = 0;
  for (let o = 0; o < out!; o++)
    for (let c = 0; c < input!; c++)
      for (let tap = 0; tap < kh! * kw!; tap++)
        turned[at++] = kernel[(tap * input! + c) * out! + o]!;
  return turned;
}

/**
 * @param input [height, width, channels]; the model takes [N, channels, height, width].
 * @throws Error with a sentence for an operation that plain residual networks do not have.
 */
export function onnxOf(ops: readonly Folded[], input: readonly number[]): Uint8Array {
  const nodes: Bytes[] = [];
  const weights: Uint8Array[] = [];
  for (const { inputs, output, work, shape } of ops) {
    const names = inputs.map((i) => `n${i}`);
    const done = `n${output}`;
    const isActive = 'activation' in work && work.activation === 'relu';
    const raw = isActive ? `${done}.raw` : done;
    if (work.kind === 'convolution' || work.kind === 'dense') {
      const [w, b] = [`${done}.w`, `${done}.b`];
      const bias = work.bias ?? new Float32Array(shape.at(-1)!);
      weights.push(tensor(b, [bias.length], bias));
      if (work.kind === 'dense') {
        weights.push(tensor(w, work.kernelShape, work.kernel));
        nodes.push(node('Gemm', [...names, w, b], raw));
      } else {
        const [kh, kw, from, to] = work.kernelShape as [number, number, number, number];
        weights.push(tensor(w, [to, from, kh, kw], channelsFirst(work.kernel, work.kernelShape)));
        const { strides, before, after } = work.window;
        const attributes = [
          ...integers('strides', strides),
          ...integers('pads', [...before, ...after]),
        ];
        nodes.push(node('Conv', [...names, w, b], raw, attributes));
      }
    } else if (work.kind === 'add') nodes.push(node('Add', names, raw));
    else if (work.kind === 'maxPool') {
      const { size, strides, before, after } = work.window;
      const attributes = [
        ...integers('kernel_shape', size),
        ...integers('strides', strides),
        ...integers('pads', [...before, ...after]),
      ];
      nodes.push(node('MaxPool', names, raw, attributes));
    } else if (work.kind === 'mean') {
      nodes.push(node('GlobalAveragePool', names, `${done}.map`));
      nodes.push(node('Flatten', [`${done}.map`], raw));
    } else throw new Error(`This benchmark does not write ${work.kind} as ONNX.`);
    if (isActive) nodes.push(node('Relu', [raw], done));
  }
  const [height, width, channels] = input as readonly [number, number, number];
  const last = ops.at(-1)!;
  const graph = [
    Buffer.from(nodes.flat()),
    Buffer.from(text(2, 'network')),
    ...weights,
    Buffer.from(value(11, 'n0', ['N', channels, height, width])),
    Buffer.from(value(12, `n${last.output}`, ['N', ...last.shape])),
  ];
  const body = Buffer.concat(graph);
  const head = [
    ...number(1, 8),
    ...bytes(8, number(2, 13)),
    ...varint((7 << 3) | 2),
    ...varint(body.length),
  ];
  return Uint8Array.from(Buffer.concat([Buffer.from(head), body]));
}
