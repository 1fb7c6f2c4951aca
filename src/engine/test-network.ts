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

/** Two convolutions; a branch with a convolution after the first, a dense layer alone after the second. */
export function branchyModel(size: number, classes: number) {
  const conv = (name: string, filters: number, strides: number) =>
    tfl.layers.conv2d({
      ...{ name, filters, strides, kernelSize: 3, padding: 'same', activation: 'relu' },
      kernelInitializer: tfl.initializers.glorotUniform({ seed: filters }),
    });
  const dense = (name: string) =>
    tfl.layers.dense({
      ...{ name, units: classes },
      kernelInitializer: tfl.initializers.glorotUniform({ seed: name.length }),
    });
  const flat = (name: string) => tfl.layers.flatten({ name });
  const input = tfl.input({ shape: [size, size, 1] });
  const a = conv('a', 4, 1).apply(input) as tfl.SymbolicTensor;
  const b = conv('b', 6, 2).apply(a) as tfl.SymbolicTensor;
  const c = conv('c', 9, 2).apply(b) as tfl.SymbolicTensor;
  const first = conv('branch1.conv', 5, 2).apply(a) as tfl.SymbolicTensor;
  const ends = [
    dense('branch1.fc').apply(flat('branch1.flatten').apply(first) as tfl.SymbolicTensor),
    dense('branch2.fc').apply(flat('branch2.flatten').apply(b) as tfl.SymbolicTensor),
    dense('fc').apply(flat('flatten').apply(c) as tfl.SymbolicTensor),
  ] as tfl.SymbolicTensor[];
  return tfl.model({ inputs: input, outputs: ends });
}
