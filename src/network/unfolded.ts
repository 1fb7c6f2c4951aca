/** A layers model run layer by layer, nothing folded: what folding is checked against. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { product } from './cost.ts';
import { graphOf } from './graph.ts';
import { callsOf } from './model-layers.ts';
import { findStages } from './stages.ts';

/** Flattened outputs [B, D_j] at the end of each stage, the last as the file has it (softmax included). */
export function unfoldedOutputs(model: LayersModel, input: tf.Tensor): tf.Tensor2D[] {
  const graph = graphOf(callsOf(model));
  return tf.tidy(() => {
    const values: tf.Tensor[] = [input];
    for (let i = 1; i < graph.length; i++) {
      const { layer, inputs } = graph[i]!;
      const tensors = inputs.map((j) => values[j]!);
      values.push(layer!.apply(tensors.length === 1 ? tensors[0]! : tensors) as tf.Tensor);
    }
    return findStages(graph).map(({ last }) =>
      tf.reshape(values[last]!, [input.shape[0]!, product(graph[last]!.shape)]),
    );
  });
}
