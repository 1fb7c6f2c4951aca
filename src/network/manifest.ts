/** Weights as a manifest lists them → weights by the layers of the plain topology, and their bytes in a row. */
import { sizeOf } from '../core/shape.ts';
import type { WeightEntry } from './files.ts';
import type { LayerPlace } from './nested.ts';

const BYTES: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  float16: 2,
  uint16: 2,
  uint8: 1,
  bool: 1,
};

export interface Listed {
  readonly weights: readonly WeightEntry[];
  readonly data: ArrayBuffer;
}

/** @returns bytes that a weight takes in its file. */
export function weightBytes({ shape, dtype, quantization }: WeightEntry): number {
  return sizeOf(shape) * BYTES[quantization?.dtype ?? dtype]!;
}

/**
 * Weights without those of an optimizer, whose bytes are left out as well.
 * @param data all shards in a row, the optimizer's bytes included.
 */
export function withoutOptimizer(weights: readonly WeightEntry[], data: ArrayBuffer): Listed {
  const isOf = ({ group }: WeightEntry): boolean => group === 'optimizer';
  if (!weights.some(isOf)) return { weights, data };
  const kept = weights.filter((weight) => !isOf(weight));
  const bytes = new Uint8Array(kept.reduce((sum, weight) => sum + weightBytes(weight), 0));
  let [from, to] = [0, 0];
  for (const weight of weights) {
    const length = weightBytes(weight);
    if (!isOf(weight)) {
      bytes.set(new Uint8Array(data, from, length), to);
      to += length;
    }
    from += length;
  }
  return { weights: kept, data: bytes.buffer };
}

/** What a layer's variables are called, where a file only counts them. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  BatchNormalization: ['gamma', 'beta', 'moving_mean', 'moving_variance'],
  LayerNormalization: ['gamma', 'beta'],
  DepthwiseConv2D: ['depthwise_kernel', 'bias'],
  SeparableConv2D: ['depthwise_kernel', 'pointwise_kernel', 'bias'],
};
const DEFAULT_ROLES = ['kernel', 'bias'];

/** Keras 3's names of variables that Keras 2 calls otherwise. */
const NEW_ROLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  DepthwiseConv2D: { kernel: 'depthwise_kernel' },
};

/** Whether some of the weights are not called as the flat layers call them. */
export const isRenamed = (
  weights: readonly WeightEntry[],
  kinds: ReadonlyMap<string, string>,
): boolean =>
  weights.some(({ name }) => {
    const [owner = '', role = ''] = name.split('/').slice(-2);
    return /^\d+$/.test(role) || Object.hasOwn(NEW_ROLES[kinds.get(owner) ?? ''] ?? {}, role);
  });

/**
 * Weights under the names of the flat layers: "inner/kernel", "outer/inner/kernel" and Keras 3's
 * "layers/outer/layers/inner/vars/0" all stand for one. What fits no layer keeps its name.
 * @param kinds Keras class of each flat layer, by its name.
 */
export function renamed(
  weights: readonly WeightEntry[],
  places: readonly LayerPlace[],
  kinds: ReadonlyMap<string, string>,
): WeightEntry[] {
  const given = new Set<string>();
  return weights.map((weight) => {
    const parts = weight.name.split('/').filter((part) => !['layers', 'vars'].includes(part));
    const role = parts.pop()!;
    const owner = parts.at(-1);
    const fits = places.filter(({ name }) => name === owner);
    // Where several layers have the name, the path before it decides, then the order in the file.
    const exact = fits.filter(({ path }) => path.every((model) => parts.includes(model)));
    const candidates = parts.length > 1 && exact.length > 0 ? exact : fits;
    for (const { flat } of candidates) {
      const kind = kinds.get(flat) ?? '';
      const roles = ROLES[kind] ?? DEFAULT_ROLES;
      const own = /^\d+$/.test(role) ? roles[Number(role)] : NEW_ROLES[kind]?.[role];
      const name = `${flat}/${own ?? role}`;
      if (given.has(name)) continue;
      given.add(name);
      return { ...weight, name };
    }
    return weight;
  });
}

/** @throws Error with a sentence for a weight that is none. */
export function parseWeight(entry: unknown): WeightEntry {
  if (!isRecord(entry) || typeof entry.name !== 'string' || !Array.isArray(entry.shape))
    throw new Error('A weight in model.json lacks a name or a shape.');
  const { name, shape, dtype, quantization, group } = entry as Partial<WeightEntry>;
  const stored = quantization?.dtype ?? dtype;
  if (stored === undefined || !Object.hasOwn(BYTES, stored))
    throw new Error(
      `Weight ${name} is stored as ${stored}; expected one of ${Object.keys(BYTES).join(', ')}.`,
    );
  if (!shape!.every((size) => Number.isInteger(size) && size >= 0))
    throw new Error(`Weight ${name} has the shape [${shape!.join(', ')}]; expected whole numbers.`);
  return {
    name: name!,
    shape: shape!,
    dtype: dtype!,
    ...(quantization && { quantization }),
    ...(group && { group }),
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
