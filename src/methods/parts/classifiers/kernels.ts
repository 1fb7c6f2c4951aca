/** SDN where the tensors are: pooled features to train on, and the logits of trained classifiers. */
import * as tf from '@tensorflow/tfjs-core';
import type { Arrays } from '../../contract/arrays.ts';
import type { BatchKernel, KernelFactory } from '../../contract/kernel.ts';
import { toHalf } from '../linear/half.ts';
import { decodeSites, isMixed, type KernelSite } from './sites.ts';

/** Makes the maps of a site that a classifier sees, [B, n] each: two to mix, or one. */
export type MapsOf = (output: tf.Tensor2D, site: KernelSite) => tf.Tensor2D[];

/** The maps that a classifier mixes, [B, pooled] each: max- and average-pooled, or the one unpooled map. */
function pooledMaps(output: tf.Tensor2D, { map, pool }: KernelSite): tf.Tensor2D[] {
  if (!isMixed({ pool })) return [output];
  const size = output.shape[0];
  const maps = tf.reshape(output, [size, ...map]) as tf.Tensor4D;
  const flat = (pooled: tf.Tensor) => tf.reshape(pooled, [size, -1]) as tf.Tensor2D;
  const area = [...pool] as [number, number];
  return [flat(tf.maxPool(maps, area, area, 'valid')), flat(tf.avgPool(maps, area, area, 'valid'))];
}

/**
 * Features of every site as 16-bit floats.
 * Parameters: `sites` from `encodeSites`.
 * Batch: for site s `rows{s}` uint16 [B, its maps one after the other].
 */
export const featuresThrough =
  (mapsOf: MapsOf): KernelFactory =>
  (_, parameters): BatchKernel => {
    const sites = decodeSites(parameters.sites as Uint32Array);
    return {
      async batch(outputs, labels) {
        // One tensor and one read for all sites.
        const widths: number[] = [];
        const all = tf.tidy(() => {
          const maps = sites.map((site) => mapsOf(outputs[site.output]!, site));
          for (const of of maps) widths.push(of.reduce((sum, map) => sum + map.shape[1], 0));
          return tf.concat(maps.flat(), 1);
        });
        const values = (await all.data()) as Float32Array;
        const stride = all.shape[1]!;
        all.dispose();
        const arrays: Arrays = {};
        let from = 0;
        for (const [s, width] of widths.entries()) {
          const rows = new Uint16Array(labels.length * width);
          for (let i = 0; i < labels.length; i++) {
            const at = i * stride + from;
            if (!toHalf(values.subarray(at, at + width), rows, i * width))
              throw new Error(
                `The network's output at place ${s + 1} holds what is not a number, or is beyond ±131,008; no ` +
                  'classifier can be trained on it. Its weights are broken, or its inputs are not normalised as it expects.',
              );
          }
          arrays[`rows${s}`] = rows;
          from += width;
        }
        return arrays;
      },
      flush: () => Promise.resolve(null),
      dispose: () => undefined,
    };
  };

/**
 * Logits of trained classifiers, and of the network.
 * Parameters: `sites`; for site s `weights{s}` float32 [inputs, K], `bias{s}` [K], `alpha{s}` [1].
 * Batch: `logits` float32 [B, S·K | K of the network].
 */
export const outputsThrough =
  (mapsOf: MapsOf): KernelFactory =>
  ({ classes }, parameters): BatchKernel => {
    const sites = decodeSites(parameters.sites as Uint32Array);
    const layers = sites.map((_, s) => {
      const weights = parameters[`weights${s}`] as Float32Array;
      return {
        weights: tf.tensor2d(weights, [weights.length / classes, classes]),
        bias: tf.tensor1d(parameters[`bias${s}`] as Float32Array),
        alpha: (parameters[`alpha${s}`] as Float32Array)[0]!,
      };
    });
    return {
      async batch(outputs) {
        const all = tf.tidy(() =>
          tf.concat(
            [
              ...sites.map((site, s) => {
                const { weights, bias, alpha } = layers[s]!;
                const maps = mapsOf(outputs[site.output]!, site);
                const [max, avg] = maps;
                const x = avg ? tf.add(tf.mul(max!, alpha), tf.mul(avg, 1 - alpha)) : max!;
                return tf.fused.matMul({ a: x as tf.Tensor2D, b: weights, bias });
              }),
              outputs.at(-1)!,
            ],
            1,
          ),
        );
        const logits = (await all.data()) as Float32Array;
        all.dispose();
        return { logits };
      },
      flush: () => Promise.resolve(null),
      dispose: () => tf.dispose(layers.flatMap(({ weights, bias }) => [weights, bias])),
    };
  };

export const featuresKernel = featuresThrough(pooledMaps);
export const outputsKernel = outputsThrough(pooledMaps);
