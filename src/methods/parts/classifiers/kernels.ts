/** SDN where the tensors are: pooled features to train on, and the logits of trained classifiers. */
import * as tf from '@tensorflow/tfjs-core';
import type { KernelFactory } from '../../contract/kernel.ts';
import { toHalf } from '../linear/half.ts';
import type { Classifiers } from './save.ts';
import { decodeSites, isMixed, type KernelSite } from './sites.ts';

/** Makes the maps of a site that a classifier sees, [B, n] each: two to mix, or one. */
export type MapsOf = (output: tf.Tensor2D, site: KernelSite) => tf.Tensor2D[];

/** The maps that a classifier mixes, [B, pooled] each: max- and average-pooled, or the one unpooled map. */
export function pooledMaps(output: tf.Tensor2D, { map, pool }: KernelSite): tf.Tensor2D[] {
  if (!isMixed({ pool })) return [output];
  const size = output.shape[0];
  const maps = tf.reshape(output, [size, ...map]) as tf.Tensor4D;
  const flat = (pooled: tf.Tensor) => tf.reshape(pooled, [size, -1]) as tf.Tensor2D;
  const area = [...pool] as [number, number];
  return [flat(tf.maxPool(maps, area, area, 'valid')), flat(tf.avgPool(maps, area, area, 'valid'))];
}

/** From `encodeSites`. */
export type EncodedSites = { readonly sites: Uint32Array };

/** Features of site s as 16-bit floats: `rows{s}` [B, its maps one after the other]. */
export type FeatureRows = { readonly [rows: `rows${number}`]: Uint16Array };

/** Of trained classifiers, and of the network: [B, S·K | K of the network]. */
export type SiteLogits = { readonly logits: Float32Array };

/** Features of every site. */
export const featuresThrough =
  (mapsOf: MapsOf): KernelFactory<EncodedSites, FeatureRows> =>
  (_, parameters) => {
    const sites = decodeSites(parameters.sites);
    return {
      async batch(outputs, labels) {
        // One tensor and one read for all sites.
        const widths: number[] = [];
        const all = tf.tidy(() => {
          const maps = sites.map((site) => mapsOf(outputs[site.output]!, site));
          for (const of of maps) widths.push(of.reduce((sum, map) => sum + map.shape[1], 0));
          return tf.concat(maps.flat(), 1);
        });
        const values = await all.data<'float32'>();
        const stride = all.shape[1]!;
        all.dispose();
        const arrays: Record<`rows${number}`, Uint16Array> = {};
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

/** Trained classifiers where they sit. */
export interface ClassifierLayers {
  readonly sites: readonly KernelSite[];
  /** Inside a tidy. @returns logits [B, K] of the classifier at site s. */
  logits(s: number, output: tf.Tensor2D): tf.Tensor2D;
  dispose(): void;
}

export function classifierLayers(
  mapsOf: MapsOf,
  classes: number,
  parameters: EncodedSites & Classifiers,
): ClassifierLayers {
  const sites = decodeSites(parameters.sites);
  const layers = sites.map((_, s) => {
    const weights = parameters[`weights${s}`]!;
    return {
      weights: tf.tensor2d(weights, [weights.length / classes, classes]),
      bias: tf.tensor1d(parameters[`bias${s}`]!),
      alpha: parameters[`alpha${s}`]![0]!,
    };
  });
  return {
    sites,
    logits(s, output) {
      const { weights, bias, alpha } = layers[s]!;
      const [max, avg] = mapsOf(output, sites[s]!);
      const x = avg ? tf.add(tf.mul(max!, alpha), tf.mul(avg, 1 - alpha)) : max!;
      return tf.fused.matMul({ a: x as tf.Tensor2D, b: weights, bias }) as tf.Tensor2D;
    },
    dispose: () => tf.dispose(layers.flatMap(({ weights, bias }) => [weights, bias])),
  };
}

/** Logits of trained classifiers, and of the network. */
export const outputsThrough =
  (mapsOf: MapsOf): KernelFactory<EncodedSites & Classifiers, SiteLogits> =>
  ({ classes }, parameters) => {
    const layers = classifierLayers(mapsOf, classes, parameters);
    return {
      async batch(outputs) {
        const all = tf.tidy(() =>
          tf.concat(
            [
              ...layers.sites.map(({ output }, s) => layers.logits(s, outputs[output]!)),
              outputs.at(-1)!,
            ],
            1,
          ),
        );
        const logits = await all.data<'float32'>();
        all.dispose();
        return { logits };
      },
      flush: () => Promise.resolve(null),
      dispose: () => layers.dispose(),
    };
  };

export const featuresKernel = featuresThrough(pooledMaps);
export const outputsKernel = outputsThrough(pooledMaps);
