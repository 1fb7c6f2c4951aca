/** What the layers here share. */
import type * as tf from '@tensorflow/tfjs-core';
import { LayersModel, type layers } from '@tensorflow/tfjs-layers';

/**
 * tfjs's class of all layers. Its namespace `layers` would bring every layer's code along; a model is a container, and a
 * container a layer.
 */
export const Layer = Object.getPrototypeOf(
  Object.getPrototypeOf(LayersModel),
) as typeof layers.Layer;

/** A shape with its batch, whose size is null. */
export type Shape = (number | null)[];

/** A layer's configuration as a file has it. */
export interface LayerArguments {
  readonly name?: string;
  readonly trainable?: boolean;
  readonly [field: string]: unknown;
}

/** What every layer of tfjs takes. */
export const argumentsOf = ({ name, trainable }: LayerArguments) => ({
  ...(name !== undefined && { name }),
  ...(trainable !== undefined && { trainable }),
});

export const single = (inputs: tf.Tensor | tf.Tensor[]): tf.Tensor =>
  Array.isArray(inputs) ? inputs[0]! : inputs;
