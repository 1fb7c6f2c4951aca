/** Chains of dense layers: how their numbers lie in one array, layer after layer, each kernel before its bias. */
import { sizeOf } from '../../../core/shape.ts';
import type { DenseWeights } from '../../../network/dec.ts';

/** Where a kernel [inputs, units] or a bias [units] lies. */
export interface Part {
  readonly shape: readonly [number, number] | readonly [number];
  readonly from: number;
  readonly to: number;
}

/** @param sizes inputs of the first layer, then the units of every layer. */
export function partsOf(sizes: readonly number[]): Part[] {
  let at = 0;
  const part = (shape: Part['shape']): Part => {
    const from = at;
    at += sizeOf(shape);
    return { shape, from, to: at };
  };
  return sizes.slice(1).flatMap((units, l) => [part([sizes[l]!, units]), part([units])]);
}

/** How many numbers a chain has. */
export function lengthOf(sizes: readonly number[]): number {
  return partsOf(sizes).at(-1)?.to ?? 0;
}

/** Multiply-accumulates of one row through the chain. */
export function macsOf(sizes: readonly number[]): number {
  return sizes.slice(1).reduce((sum, units, l) => sum + units * sizes[l]!, 0);
}

/** The layers of a chain, copied out of its numbers in a row. */
export function layersOf(weights: Float32Array, sizes: readonly number[]): DenseWeights[] {
  const parts = partsOf(sizes);
  const part = (p: number) => weights.slice(parts[p]!.from, parts[p]!.to);
  return sizes.slice(1).map((_, l) => ({ kernel: part(2 * l), bias: part(2 * l + 1) }));
}
