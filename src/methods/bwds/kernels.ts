/** BWDS where the tensors are: SDN's kernels on globally averaged maps. */
import * as tf from '@tensorflow/tfjs-core';
import { featuresThrough, outputsThrough, type MapsOf } from '../parts/classifiers/kernels.ts';

/** The mean over all places of a map, [B, channels]. */
export const averagedMaps: MapsOf = (output, { map: [height, width, channels] }) => [
  tf.mean(tf.reshape(output, [output.shape[0], height * width, channels]), 1) as tf.Tensor2D,
];

export const averageFeaturesKernel = featuresThrough(averagedMaps);
export const averageOutputsKernel = outputsThrough(averagedMaps);
