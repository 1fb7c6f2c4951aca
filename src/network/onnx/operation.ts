/** What an operation's conversion is given, and what it gives. */
import { listOf, type Constant } from './constants.ts';
import type { OnnxNode } from './model.ts';
import type { Computed, Value } from './value.ts';
import type { LayerWriter } from './writer.ts';

export interface Context {
  readonly node: OnnxNode;
  /** A name for the layer. */
  readonly name: string;
  /** What the node takes; null for inputs that are left out. */
  readonly inputs: readonly (Value | null)[];
  readonly writer: LayerWriter;
  readonly opset: number;
  /** How often a layer's output is taken by nodes of the graph. */
  readonly uses: (layer: string) => number;
}

/** The outputs of a node, in order. */
export type Convert = (context: Context) => Value | readonly Value[];

/** Input `at` as something that depends on the image. */
export function computedAt({ inputs }: Context, at: number): Computed {
  const value = inputs[at];
  if (value?.kind === 'computed') return value;
  throw new Error(`its input ${at} is ${value ? 'a constant' : 'missing'}`);
}

/** Input `at` as numbers of the file. */
export function constantAt({ inputs }: Context, at: number, what: string): Constant {
  const value = inputs[at];
  if (value?.kind === 'constant') return value;
  throw new Error(
    `its ${what} ${value ? 'are computed from the image, not numbers of the file' : 'are missing'}`,
  );
}

/** The same where the input may be left out. */
export function optionalAt(context: Context, at: number, what: string): Constant | null {
  return context.inputs[at] ? constantAt(context, at, what) : null;
}

/** A list of whole numbers: an input in newer operation sets, an attribute in older ones. */
export function listAt(context: Context, at: number, attribute: string): readonly number[] | null {
  const given = optionalAt(context, at, attribute);
  return given ? listOf(given) : (context.node.attributes.get(attribute)?.ints ?? null);
}
