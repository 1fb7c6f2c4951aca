/** Operations on constants: what an exporter left of shapes that are known, and of weights that are put together. */
import { product } from '../cost.ts';
import {
  broadcastPlaces,
  broadcastShape,
  listOf,
  picked,
  scalar,
  slicedPlaces,
  transposedPlaces,
  vector,
  type Constant,
} from './constants.ts';
import { intsOf, intOf } from './attributes.ts';
import type { OnnxNode } from './model.ts';

/** What stands for the batch among sizes: in a Reshape, ONNX reads it as "as it is". */
export const BATCH = 0;

type Operation = (node: OnnxNode, inputs: readonly Constant[]) => Constant | readonly Constant[];

const BINARY: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Pow: (a, b) => a ** b,
  Max: Math.max,
  Min: Math.min,
  Mod: (a, b) => ((a % b) + b) % b,
  Equal: (a, b) => Number(a === b),
  Greater: (a, b) => Number(a > b),
  Less: (a, b) => Number(a < b),
  And: (a, b) => Number(a !== 0 && b !== 0),
  Or: (a, b) => Number(a !== 0 || b !== 0),
};

const UNARY: Readonly<Record<string, (x: number) => number>> = {
  Floor: Math.floor,
  Ceil: Math.ceil,
  Sqrt: Math.sqrt,
  Neg: (x) => -x,
  Abs: Math.abs,
  Exp: Math.exp,
  Log: Math.log,
  Reciprocal: (x) => 1 / x,
  Not: (x) => Number(x === 0),
};

function numbers(like: Constant, dims: readonly number[], values: readonly number[]): Constant {
  return { dims, values: like.values instanceof Float32Array ? Float32Array.from(values) : values };
}

function binary(of: (a: number, b: number) => number, a: Constant, b: Constant): Constant {
  const dims = broadcastShape(a.dims, b.dims);
  if (!dims)
    throw new Error(`shapes [${a.dims.join()}] and [${b.dims.join()}] do not fit together`);
  const [one, other] = [broadcastPlaces(a.dims, dims), broadcastPlaces(b.dims, dims)];
  const values = Array.from(one, (at, i) => of(a.values[at]!, b.values[other[i]!]!));
  return numbers(a.values instanceof Float32Array ? a : b, dims, values);
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  Identity: (_, [x]) => x!,
  Dropout: (_, [x]) => x!,
  Cast(node, [x]) {
    const to = intOf(node, 'to', 1);
    const values = listOf(x!);
    if ([1, 10, 11].includes(to)) return { dims: x!.dims, values: Float32Array.from(values) };
    return { dims: x!.dims, values: values.map(to === 9 ? (v) => Number(v !== 0) : Math.trunc) };
  },
  Div(_, [a, b]) {
    const isWhole = !(a!.values instanceof Float32Array) && !(b!.values instanceof Float32Array);
    return binary((x, y) => (isWhole ? Math.trunc(x / y) : x / y), a!, b!);
  },
  Shape: (_, [x]) => vector([...x!.dims]),
  Size: (_, [x]) => scalar(product(x!.dims)),
  Gather(node, [x, at]) {
    const { dims } = x!;
    const axis = axisOf(node, dims.length);
    const step = product(dims.slice(axis + 1));
    const size = dims[axis]!;
    const outer = product(dims.slice(0, axis));
    const places: number[] = [];
    for (let o = 0; o < outer; o++)
      for (const index of listOf(at!))
        for (let i = 0; i < step; i++)
          places.push((o * size + (index < 0 ? index + size : index)) * step + i);
    const shape = [...dims.slice(0, axis), ...at!.dims, ...dims.slice(axis + 1)];
    return picked(x!, Int32Array.from(places), shape);
  },
  Unsqueeze(node, [x, given]) {
    const axes = given ? listOf(given) : intsOf(node, 'axes', [0]);
    return { ...x!, dims: unsqueezed(x!.dims, axes) };
  },
  Squeeze(node, [x, given]) {
    const axes = given ? listOf(given) : intsOf(node, 'axes', []);
    return { ...x!, dims: squeezed(x!.dims, axes) };
  },
  Reshape(_, [x, shape]) {
    const wanted = listOf(shape!).map((size, i) => (size === 0 ? x!.dims[i]! : size));
    return { ...x!, dims: filledIn(wanted, product(x!.dims)) };
  },
  Flatten(node, [x]) {
    const axis = intOf(node, 'axis', 1);
    return { ...x!, dims: [product(x!.dims.slice(0, axis)), product(x!.dims.slice(axis))] };
  },
  Transpose(node, [x]) {
    const axes = intsOf(
      node,
      'perm',
      x!.dims.map((_, i) => x!.dims.length - 1 - i),
    );
    return picked(
      x!,
      transposedPlaces(x!.dims, axes),
      axes.map((axis) => x!.dims[axis]!),
    );
  },
  Concat(node, inputs) {
    const [first] = inputs;
    const axis = axisOf(node, first!.dims.length);
    const outer = product(first!.dims.slice(0, axis));
    const values: number[] = [];
    for (let o = 0; o < outer; o++)
      for (const { dims, values: of } of inputs) {
        const size = product(dims.slice(axis));
        for (let i = 0; i < size; i++) values.push(of[o * size + i]!);
      }
    const size = inputs.reduce((sum, { dims }) => sum + dims[axis]!, 0);
    return numbers(
      first!,
      first!.dims.map((dim, i) => (i === axis ? size : dim)),
      values,
    );
  },
  Slice(node, [x, ...given]) {
    const { begin, size, step } = sliceOf(
      node,
      x!.dims,
      given.map((of) => listOf(of)),
    );
    return picked(x!, slicedPlaces(x!.dims, begin, size, step), size);
  },
  ConstantOfShape(node, [shape]) {
    const dims = listOf(shape!);
    const { tensor } = node.attributes.get('value') ?? {};
    const value = tensor ? (tensor.numbers[0] ?? firstOf(tensor.raw, tensor.type)) : 0;
    return { dims, values: Array<number>(product(dims)).fill(value) };
  },
  Expand(_, [x, shape]) {
    const dims = broadcastShape(x!.dims, listOf(shape!)) ?? x!.dims;
    return picked(x!, broadcastPlaces(x!.dims, dims), dims);
  },
  Where(_, [condition, a, b]) {
    const both = broadcastShape(a!.dims, b!.dims) ?? a!.dims;
    const dims = broadcastShape(condition!.dims, both) ?? both;
    const [c, x, y] = [condition!, a!, b!].map((of) =>
      picked(of, broadcastPlaces(of.dims, dims), dims),
    );
    return numbers(
      a!,
      dims,
      listOf(c!).map((is, i) => (is ? x! : y!).values[i]!),
    );
  },
  Range(_, [start, limit, delta]) {
    const [from, to, by] = [start, limit, delta].map((of) => of!.values[0]!) as [
      number,
      number,
      number,
    ];
    const count = Math.max(0, Math.ceil((to - from) / by));
    return vector(Array.from({ length: count }, (_, i) => from + i * by));
  },
  ReduceProd: (_, [x]) => scalar(product(listOf(x!))),
};

function firstOf(raw: Uint8Array, type: number): number {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  if (type === 1) return view.getFloat32(0, true);
  return type === 7 ? Number(view.getBigInt64(0, true)) : view.getInt32(0, true);
}

/** What an operation gives where all that it takes are constants; null where it is none that is computed here. */
export function computedStatically(
  node: OnnxNode,
  inputs: readonly Constant[],
): readonly Constant[] | null {
  const { type } = node;
  const [two, one, operation] = [BINARY[type], UNARY[type], OPERATIONS[type]];
  if (operation) {
    const result = operation(node, inputs);
    return 'dims' in result ? [result] : result;
  }
  if (two) return [inputs.slice(1).reduce((sum, next) => binary(two, sum, next), inputs[0]!)];
  if (one) return [numbers(inputs[0]!, inputs[0]!.dims, listOf(inputs[0]!).map(one))];
  return null;
}

/** An axis of a shape, counted from the front. */
function axisOf(node: OnnxNode, rank: number): number {
  const axis = intOf(node, 'axis', 0);
  return axis < 0 ? axis + rank : axis;
}

export function unsqueezed(dims: readonly number[], axes: readonly number[]): number[] {
  const rank = dims.length + axes.length;
  const set = new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
  let at = 0;
  return Array.from({ length: rank }, (_, i) => (set.has(i) ? 1 : dims[at++]!));
}

/** @param axes none for all of size 1. */
export function squeezed(dims: readonly number[], axes: readonly number[]): number[] {
  const set = new Set(axes.map((axis) => (axis < 0 ? axis + dims.length : axis)));
  return dims.filter((size, i) => (set.size > 0 ? !set.has(i) : size !== 1));
}

/** Fills −1 in. @throws Error when the sizes do not come to `count`. */
export function filledIn(dims: readonly number[], count: number): number[] {
  const known = product(dims.filter((size) => size !== -1));
  const full = dims.map((size) => (size === -1 ? count / known : size));
  if (product(full) !== count || full.some((size) => !Number.isInteger(size)))
    throw new Error(`[${dims.join(', ')}] is no shape of ${count} numbers`);
  return full;
}

/** Where a Slice begins, how much it takes and in which steps, along every axis. */
export function sliceOf(
  node: OnnxNode,
  dims: readonly number[],
  [starts, ends, givenAxes, steps]: readonly (readonly number[] | undefined)[],
): { begin: number[]; size: number[]; step: number[] } {
  const from = starts ?? intsOf(node, 'starts', []);
  const to = ends ?? intsOf(node, 'ends', []);
  const axes =
    givenAxes ??
    intsOf(
      node,
      'axes',
      from.map((_, i) => i),
    );
  const begin = dims.map(() => 0);
  const size = [...dims];
  const step = dims.map(() => 1);
  axes.forEach((given, i) => {
    const axis = given < 0 ? given + dims.length : given;
    const length = dims[axis]!;
    const by = steps?.[i] ?? 1;
    if (by < 1) throw new Error('it goes backwards, which is not read here');
    const inside = (at: number): number => Math.min(length, Math.max(0, at < 0 ? at + length : at));
    begin[axis] = inside(from[i]!);
    size[axis] = Math.max(0, Math.ceil((inside(to[i]!) - begin[axis]) / by));
    step[axis] = by;
  });
  return { begin, size, step };
}
