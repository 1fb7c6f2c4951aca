/** Attributes of a node, with what they are where they are left out. */
import type { OnnxNode } from './model.ts';

export const intOf = ({ attributes }: OnnxNode, name: string, otherwise: number): number =>
  attributes.get(name)?.int ?? otherwise;

export const floatOf = ({ attributes }: OnnxNode, name: string, otherwise: number): number =>
  attributes.get(name)?.float ?? otherwise;

export const textOf = ({ attributes }: OnnxNode, name: string, otherwise: string): string =>
  attributes.get(name)?.text ?? otherwise;

export function intsOf(
  { attributes }: OnnxNode,
  name: string,
  otherwise: readonly number[],
): readonly number[] {
  return attributes.get(name)?.ints ?? otherwise;
}

export type Pair = readonly [number, number];

/** Two numbers, for rows and columns. */
export function pairOf(node: OnnxNode, name: string, otherwise: Pair): Pair {
  const [rows, columns] = intsOf(node, name, otherwise);
  return [rows ?? otherwise[0], columns ?? rows ?? otherwise[1]];
}
