/** ResNet-152 on 32×32 pixels with random weights: speed does not ask what they are. */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { parseCard } from '../src/network/card.ts';
import type { NetworkFiles, WeightEntry } from '../src/network/files.ts';

type Symbolic = tfl.SymbolicTensor;
const on = (layer: tfl.layers.Layer, x: Symbolic | Symbolic[]) => layer.apply(x) as Symbolic;

function convolution(x: Symbolic, name: string, filters: number, size: number, stride: number) {
  const padded =
    size > 1
      ? on(tfl.layers.zeroPadding2d({ name: `${name}.pad`, padding: [size >> 1, size >> 1] }), x)
      : x;
  const y = on(
    tfl.layers.conv2d({
      name,
      filters,
      kernelSize: size,
      strides: stride,
      useBias: false,
      kernelInitializer: 'heNormal',
    }),
    padded,
  );
  // Without training nothing else keeps the sums of fifty blocks from growing.
  const gammaInitializer = tfl.initializers.constant({ value: name.endsWith('conv3') ? 0.2 : 1 });
  return on(tfl.layers.batchNormalization({ name: `${name}.bn`, gammaInitializer }), y);
}

const relu = (x: Symbolic, name: string) =>
  on(tfl.layers.activation({ name, activation: 'relu' }), x);

function bottleneck(x: Symbolic, name: string, width: number, stride: number, projects: boolean) {
  let y = relu(convolution(x, `${name}.conv1`, width, 1, 1), `${name}.relu1`);
  y = relu(convolution(y, `${name}.conv2`, width, 3, stride), `${name}.relu2`);
  y = convolution(y, `${name}.conv3`, 4 * width, 1, 1);
  const past = projects ? convolution(x, `${name}.down`, 4 * width, 1, stride) : x;
  return relu(on(tfl.layers.add({ name: `${name}.add` }), [y, past]), `${name}.relu`);
}

/** As torchvision has it: a 7×7 stem, a max-pool, 3 + 8 + 36 + 3 bottlenecks, ten classes. */
export async function randomResNet152(): Promise<NetworkFiles> {
  const image = tfl.input({ shape: [32, 32, 3] });
  let x = relu(convolution(image, 'conv1', 64, 7, 2), 'relu');
  x = on(tfl.layers.zeroPadding2d({ name: 'pool.pad' }), x);
  x = on(tfl.layers.maxPooling2d({ name: 'pool', poolSize: 3, strides: 2 }), x);
  for (const [stage, blocks] of [3, 8, 36, 3].entries())
    for (let block = 0; block < blocks; block++)
      x = bottleneck(
        x,
        `layer${stage + 1}.${block}`,
        64 * 2 ** stage,
        block === 0 && stage > 0 ? 2 : 1,
        block === 0,
      );
  x = on(tfl.layers.globalAveragePooling2d({ name: 'avgpool' }), x);
  x = on(tfl.layers.dense({ name: 'fc', units: 10 }), x);
  const model = tfl.model({ inputs: image, outputs: x });
  let files: NetworkFiles | undefined;
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      const card = parseCard({
        id: 'resnet152-random',
        classes: Array.from({ length: 10 }, (_, k) => `class ${k}`),
        input: { size: 32, channels: 3, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
      });
      const weights: WeightEntry[] = artifacts.weightSpecs!.map(({ name, shape }) => ({
        name,
        shape,
        dtype: 'float32',
      }));
      const data = artifacts.weightData as ArrayBuffer;
      files = { card, topology: artifacts.modelTopology as object, weights, data };
      return Promise.resolve({
        modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' },
      });
    }),
  );
  model.dispose();
  return files!;
}
