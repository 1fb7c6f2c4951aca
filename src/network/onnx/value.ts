/**
 * What a name in the graph stands for while it is converted: a constant, or a layer's output together with the order in
 * which its numbers lie. ONNX counts channels before rows and columns, the layers here after them; reshaping and
 * transposing only change how an output is looked at, until a layer needs it in one order.
 */
import { product } from '../cost.ts';
import { transposedPlaces, type Constant } from './constants.ts';
import type { LayerWriter } from './writer.ts';

/** `nchw`: [C, H, W] of what lies as [H, W, C]; `plain`: as it lies; else where each number lies. */
export type Order = 'nchw' | 'plain' | Int32Array;

export interface Computed {
  readonly kind: 'computed';
  /** Layer that gives it. */
  readonly layer: string;
  /** How its numbers lie, without the batch. */
  readonly lies: readonly number[];
  /** Its shape in the graph, without the batch. */
  readonly dims: readonly number[];
  readonly order: Order;
}

export type Value = ({ readonly kind: 'constant' } & Constant) | Computed;

export const plainly = (layer: string, shape: readonly number[]): Computed => ({
  ...{ kind: 'computed', layer, lies: shape, dims: shape, order: 'plain' },
});

/** A map [H, W, C], as the graph's [C, H, W]. */
export const mapOf = (layer: string, lies: readonly number[]): Computed => ({
  ...{ kind: 'computed', layer, lies, dims: [lies[2]!, lies[0]!, lies[1]!], order: 'nchw' },
});

/** Where each number of a value lies. */
function placesOf({ lies, dims, order }: Computed): Int32Array {
  if (order === 'nchw') return transposedPlaces(lies, [2, 0, 1]);
  if (order === 'plain') return Int32Array.from({ length: product(dims) }, (_, i) => i);
  return order;
}

/** The same numbers in another shape. */
export function reshaped(value: Computed, dims: readonly number[]): Computed {
  if (dims.join() === value.dims.join()) return value;
  const { lies, order } = value;
  if (order === 'plain') return { ...value, dims };
  // Of one pixel, channels lie as they are counted.
  if (order === 'nchw' && lies[0]! * lies[1]! === 1) return { ...value, dims, order: 'plain' };
  return simplified({ ...value, dims, order: placesOf(value) });
}

/** @param axes of `dims`, without the batch. */
export function transposed(value: Computed, axes: readonly number[]): Computed {
  const { dims } = value;
  const shape = axes.map((axis) => dims[axis]!);
  const places = placesOf(value);
  const moved = transposedPlaces(dims, axes);
  return simplified({ ...value, dims: shape, order: moved.map((at) => places[at]!) });
}

/** Says `nchw` or `plain` where that is what places come to. */
function simplified(value: Computed): Computed {
  const { lies, dims, order } = value;
  if (typeof order === 'string') return value;
  if (order.every((place, i) => place === i)) return { ...value, order: 'plain' };
  const isMap = lies.length === 3 && dims.join() === [lies[2], lies[0], lies[1]].join();
  if (isMap && transposedPlaces(lies, [2, 0, 1]).every((place, i) => place === order[i]))
    return { ...value, order: 'nchw' };
  return value;
}

/** A value of shape [C, H, W] as a layer's output [H, W, C]. */
export function asMap(value: Computed, writer: LayerWriter): Computed {
  const { layer, lies, dims, order } = value;
  if (dims.length !== 3)
    throw new Error(
      `it takes a shape of [${dims.join(', ')}]; expected channels, height and width`,
    );
  const [channels, height, width] = dims as [number, number, number];
  const shape = [height, width, channels];
  const pixels = height * width;
  if (order === 'nchw') return value;
  const isOne = pixels === 1 || channels === 1;
  if (order === 'plain' && isOne)
    return mapOf(writer.once('Reshape', `${layer}.map`, layer, { target_shape: shape }), shape);
  const places = placesOf(value);
  const isShuffle =
    lies.length === 3 &&
    lies.join() === shape.join() &&
    places.every((place, i) => place === (i % pixels) * channels + places[i - (i % pixels)]!);
  if (isShuffle) {
    const moved = Array.from({ length: channels }, (_, c) => places[c * pixels]!);
    return mapOf(writer.once('Gather', `${layer}.shuffle`, layer, { places: moved }), shape);
  }
  const back = transposedPlaces(dims, [1, 2, 0]);
  const all = Array.from(back, (at) => places[at]!);
  return mapOf(writer.once('Gather', `${layer}.map`, layer, { places: all, shape }), shape);
}

/** A value as a layer's output whose numbers lie as the graph counts them. */
export function asPlain(value: Computed, writer: LayerWriter): Computed {
  const { layer, lies, dims, order } = value;
  if (order === 'plain') {
    if (lies.join() === dims.join()) return value;
    const isRow = dims.length === 1;
    const name = isRow
      ? writer.once('Flatten', `${layer}.flat`, layer, { data_format: 'channels_last' })
      : writer.once('Reshape', `${layer}.shape`, layer, { target_shape: dims });
    return plainly(name, dims);
  }
  const places = Array.from(placesOf(value));
  return plainly(writer.once('Gather', `${layer}.order`, layer, { places, shape: dims }), dims);
}

/**
 * A row of numbers in the order in which they lie, and for each number of the graph's row where it lies; null where that
 * is the same. Whoever has weights of its own puts these into that order.
 */
export function asRow(
  value: Computed,
  writer: LayerWriter,
): { readonly layer: string; readonly places: Int32Array | null } {
  const { layer, lies, order } = value;
  const row =
    lies.length === 1
      ? layer
      : writer.once('Flatten', `${layer}.flat`, layer, { data_format: 'channels_last' });
  return { layer: row, places: order === 'plain' ? null : placesOf(value) };
}

/** A constant's numbers as a layer's weight that is broadcast over a value in its order. */
export function constantFor(
  { dims, values }: Constant,
  { dims: of, order }: Pick<Computed, 'dims' | 'order'>,
): Constant {
  // A leading 1 is the batch's.
  const own = dims.length === of.length + 1 && dims[0] === 1 ? dims.slice(1) : dims;
  if (own.length > of.length || order === 'plain' || own.length === 0) return { dims: own, values };
  const full = [...Array<number>(of.length - own.length).fill(1), ...own];
  const places = transposedPlaces(full, [1, 2, 0]);
  return {
    dims: [full[1]!, full[2]!, full[0]!],
    values: Float32Array.from(places, (at) => values[at]!),
  };
}
