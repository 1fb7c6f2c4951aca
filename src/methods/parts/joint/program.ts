/** A layers model run call by call in training mode, for all of its outputs. */
import * as tf from '@tensorflow/tfjs-core';
import type { layers, LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';

type Layer = layers.Layer;

export interface Call {
  readonly layer: Layer;
  /** Positions of the calls whose outputs it takes. */
  readonly inputs: readonly number[];
  readonly isNormalisation: boolean;
}

/** Calls in an order in which they can be run; the first is the input. */
export interface Program {
  readonly calls: readonly Call[];
  /** Positions of the calls that give the outputs, in the model's order. */
  readonly outputs: readonly number[];
}

/** Mean and variance of one normalisation's batch, and over how many values of each channel they were taken. */
export interface BatchStatistics {
  readonly call: Call;
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
  readonly count: number;
}

/** @throws Error with a sentence when a normalisation is not over the channels. */
export function programOf(model: LayersModel): Program {
  const calls: Call[] = [];
  const indexOf = new Map<string, number>();
  const visit = ({ sourceLayer: layer, nodeIndex, shape }: SymbolicTensor): number => {
    const key = `${layer.name} ${nodeIndex}`;
    const known = indexOf.get(key);
    if (known !== undefined) return known;
    const isInput = layer.getClassName() === 'InputLayer';
    const inputs = isInput ? [] : layer.inboundNodes[nodeIndex]!.inputTensors.map(visit);
    const isNormalisation = layer.getClassName() === 'BatchNormalization';
    const axis = layer.getConfig().axis as number | undefined;
    if (isNormalisation && axis !== -1 && axis !== shape.length - 1)
      throw new Error(
        `The batch normalisation ${layer.name} is over axis ${axis}; joint training knows those over the last one.`,
      );
    calls.push({ layer, inputs, isNormalisation });
    indexOf.set(key, calls.length - 1);
    return calls.length - 1;
  };
  const outputs = model.outputs.map(visit);
  return { calls, outputs };
}

/** @param onStatistics called for every normalisation; the tensors are the forward pass's own. */
export function forward(
  { calls, outputs }: Program,
  input: tf.Tensor,
  onStatistics: (statistics: BatchStatistics) => void,
): tf.Tensor[] {
  const values: tf.Tensor[] = [];
  for (const call of calls) {
    const { layer, inputs, isNormalisation } = call;
    const taken = inputs.map((i) => values[i]!);
    if (inputs.length === 0) values.push(input);
    else if (isNormalisation) values.push(normalise(call, taken[0]!, onStatistics));
    else
      values.push(
        layer.apply(taken.length === 1 ? taken[0]! : taken, { training: true }) as tf.Tensor,
      );
  }
  return outputs.map((i) => values[i]!);
}

/** y = γ · (x − mean) / √(variance + ε) + β with the batch's own mean and variance (divided by the count, as PyTorch does). */
function normalise(
  call: Call,
  x: tf.Tensor,
  onStatistics: (statistics: BatchStatistics) => void,
): tf.Tensor {
  const { layer } = call;
  const axes = x.shape.slice(0, -1).map((_, axis) => axis);
  const mean = tf.mean<tf.Tensor1D>(x, axes);
  const centred = tf.sub(x, mean);
  const variance = tf.mean<tf.Tensor1D>(tf.square(centred), axes);
  onStatistics({ call, mean, variance, count: x.size / x.shape.at(-1)! });
  const scale = tf.rsqrt(tf.add(variance, layer.getConfig().epsilon as number));
  const gamma = weightOf(layer, 'gamma')?.read();
  const beta = weightOf(layer, 'beta')?.read();
  const scaled = tf.mul(centred, gamma ? tf.mul(scale, gamma) : scale);
  return beta ? tf.add(scaled, beta) : scaled;
}

/** A layer's weight by its role: "gamma", "moving_mean". */
export function weightOf(layer: Layer, role: string) {
  return layer.weights.find(({ originalName }) => originalName.split('/').at(-1) === role);
}
