/** The weights of a tfjs graph model → tensors as the conversion takes them; quantised ones become floats again. */
import { product } from '../cost.ts';
import type { WeightEntry } from '../files.ts';
import { weightBytes } from '../manifest.ts';
import type { TensorBytes } from '../onnx/model.ts';

/** TensorProto.DataType. */
const TYPES: Readonly<Record<string, number>> = { float32: 1, int32: 6, bool: 9 };

/** @param data all shards in a row. */
export function tensorsOf(
  weights: readonly WeightEntry[],
  data: ArrayBuffer,
): Map<string, TensorBytes> {
  const tensors = new Map<string, TensorBytes>();
  let at = 0;
  for (const weight of weights) {
    const raw = new Uint8Array(data, at, weightBytes(weight));
    at += raw.length;
    tensors.set(weight.name, tensorOf(weight, raw));
  }
  return tensors;
}

function tensorOf(weight: WeightEntry, raw: Uint8Array<ArrayBuffer>): TensorBytes {
  const { name, shape: dims, dtype, quantization } = weight;
  const common = { name, dims, numbers: [], external: null };
  if (!quantization || quantization.dtype === dtype)
    return { ...common, type: TYPES[dtype] ?? 0, raw };
  if (quantization.dtype === 'float16') return { ...common, type: 10, raw };
  const { scale = 1, min = 0 } = quantization;
  const count = product(dims);
  const steps =
    quantization.dtype === 'uint8' ? raw : new Uint16Array(raw.slice().buffer, 0, count);
  const values = Float32Array.from({ length: count }, (_, i) => steps[i]! * scale + min);
  return { ...common, type: TYPES.float32!, raw: new Uint8Array(values.buffer) };
}
