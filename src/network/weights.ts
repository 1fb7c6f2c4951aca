/** Reading a layer's weights as numbers, and folding batch normalisation into a kernel. */
import type { GraphNode } from './graph.ts';

/** Weight of a layer by its role: "kernel", "bias", "gamma", …; undefined when the layer has none. */
export async function weightValues(
  { weights }: GraphNode,
  role: string,
): Promise<Float32Array | undefined> {
  return (await weights.values(role)) ?? undefined;
}

/** What a batch normalisation does to channel c in inference: y = scale[c]·x + shift[c]. */
export interface Affine {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

/** scale = γ / √(σ² + ε), shift = β − μ·scale; γ and β may be absent. */
export async function affineOf(node: GraphNode): Promise<Affine> {
  const mean = (await weightValues(node, 'moving_mean'))!;
  const variance = (await weightValues(node, 'moving_variance'))!;
  const gamma = await weightValues(node, 'gamma');
  const beta = await weightValues(node, 'beta');
  const epsilon = node.config.epsilon as number;
  const scale = new Float64Array(mean.length);
  const shift = new Float64Array(mean.length);
  for (let c = 0; c < mean.length; c++) {
    scale[c] = (gamma ? gamma[c]! : 1) / Math.sqrt(variance[c]! + epsilon);
    shift[c] = (beta ? beta[c]! : 0) - mean[c]! * scale[c]!;
  }
  return { scale, shift };
}

export interface KernelAndBias {
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** The kernel (output channel last) and bias that do convolution and normalisation in one. */
export function foldAffine(
  kernel: Float32Array,
  bias: Float32Array | undefined,
  { scale, shift }: Affine,
): KernelAndBias {
  const channels = scale.length;
  const folded = new Float32Array(kernel.length);
  for (let at = 0; at < kernel.length; at += channels)
    for (let c = 0; c < channels; c++) folded[at + c] = kernel[at + c]! * scale[c]!;
  return {
    kernel: folded,
    bias: Float32Array.from(scale, (factor, c) => (bias ? bias[c]! * factor : 0) + shift[c]!),
  };
}
