/** For tests: a small network of 3×3 convolutions and a dense layer, and a card for it. */
import * as tfl from '@tensorflow/tfjs-layers';

/** A convolution's name, filters and stride. */
export type TestLayer = readonly [name: string, filters: number, stride: number];

/** Square grey images of `size` pixels in, `classes` logits out; padding keeps maps at size / stride. */
export function convModel(size: number, layers: readonly TestLayer[], classes: number, seed = 1) {
  const seeded = (by: number) => tfl.initializers.glorotUniform({ seed: seed + by });
  return tfl.sequential({
    layers: [
      ...layers.map(([name, filters, strides], at) =>
        tfl.layers.conv2d({
          ...(at === 0 && { inputShape: [size, size, 1] }),
          ...{ name, filters, strides, kernelSize: 3 },
          padding: 'same',
          activation: 'relu',
          kernelInitializer: seeded(filters),
        }),
      ),
      tfl.layers.flatten(),
      tfl.layers.dense({ units: classes, name: 'fc', kernelInitializer: seeded(0) }),
    ],
  });
}

/** What goes with such a network. */
export const testCard = (size: number, classes: readonly string[]) => ({
  id: 'small',
  title: 'Small',
  classes,
  input: { size, channels: 1, mean: [0.5], std: [0.5] },
});
