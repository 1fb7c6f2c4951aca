/**
 * The encoder of deep embedded clustering with three exits (E2CM §4.3; Xie et al. 2016), as a layers model: dense layers
 * of 500, 500, 2000 and 10, and an embedding of 10 on each of the first two. JSON and numbers only: no tensors.
 */
import { imageBytes, type ImageShape } from '../core/dataset.ts';
import { mixSeeds, randomFrom } from '../core/random.ts';
import type { CardClustering, NetworkCard } from './card.ts';
import { product } from './cost.ts';
import type { NetworkFiles, WeightEntry } from './files.ts';

/** Units of DEC-large's hidden layers. */
export const DEC_HIDDEN = [500, 500, 2000] as const;
/** Numbers in every embedding. */
export const DEC_EMBEDDING = 10;
/** Id of the encoder, whatever it was trained on; traces are filed under it. */
const DEC_NETWORK = 'dec-500-500-2000-10';
/** What pixels of 0…255 are multiplied by (Xie et al. 2016). */
export const PIXEL_SCALE = 0.02;
/** The exits by name, in the order of the network's outputs. */
export const DEC_EXITS = ['DEC-small', 'DEC-middle', 'DEC-large'] as const;

/** A dense layer's numbers: kernel float32 [inputs, units] row-major, bias [units]. */
export interface DenseWeights {
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** The layers by name; each embedding hangs on the hidden layer of the same place. */
export interface DecWeights {
  /** dense1 … dense4, the last being DEC-large's embedding. */
  readonly large: readonly DenseWeights[];
  /** DEC-middle's embedding, on dense2. */
  readonly middle: DenseWeights;
  /** DEC-small's embedding, on dense1. */
  readonly small: DenseWeights;
}

/** Inputs and units of every layer of DEC-large, for images of `inputs` bytes: [784, 500, 500, 2000, 10]. */
export const decSizes = (inputs: number): number[] => [inputs, ...DEC_HIDDEN, DEC_EMBEDDING];

/**
 * A dense layer before training: uniform in ±1/√inputs (variance 1/(3·inputs)), biases 0.
 * @param stream tells layers of one seed apart.
 */
export function freshDense(
  inputs: number,
  units: number,
  seed: number,
  stream: number,
): DenseWeights {
  const random = randomFrom(mixSeeds(seed, stream));
  const bound = 1 / Math.sqrt(inputs);
  const kernel = Float32Array.from({ length: inputs * units }, () => (2 * random() - 1) * bound);
  return { kernel, bias: new Float32Array(units) };
}

/** The encoder with fresh weights, for images of a shape. */
export function freshDec(
  shape: ImageShape,
  dataset: string,
  classes: readonly string[],
  seed: number,
): NetworkFiles {
  const sizes = decSizes(imageBytes(shape));
  const large = sizes.slice(1).map((units, l) => freshDense(sizes[l]!, units, seed, l));
  const head = (inputs: number, stream: number) => freshDense(inputs, DEC_EMBEDDING, seed, stream);
  const weights = { large, middle: head(DEC_HIDDEN[1], 5), small: head(DEC_HIDDEN[0], 6) };
  return decNetwork(shape, weights, { dataset, classes, seed });
}

/** What a card says beyond the architecture. */
export type DecFacts = Pick<NetworkCard, 'dataset' | 'classes' | 'seed'> &
  Partial<Pick<NetworkCard, 'epochs' | 'trainImages'>> & {
    readonly clustering?: CardClustering;
  };

/** @throws Error with a sentence when the images are not square: the network's input is. */
export function decNetwork(
  shape: ImageShape,
  { large, middle, small }: DecWeights,
  facts: DecFacts,
): NetworkFiles {
  const [height, width, channels] = shape;
  if (height !== width)
    throw new Error(`DEC takes square images; these have ${height}×${width} pixels.`);
  const layers: object[] = [
    {
      class_name: 'InputLayer',
      name: 'input',
      config: {
        name: 'input',
        batch_input_shape: [null, height, width, channels],
        dtype: 'float32',
      },
      inbound_nodes: [],
    },
    layer('Flatten', 'flatten', 'input', { data_format: 'channels_last' }),
  ];
  const weights: WeightEntry[] = [];
  const numbers: Float32Array[] = [];
  const dense = (name: string, from: string, of: DenseWeights, activation: string): void => {
    const units = of.bias.length;
    const inputs = of.kernel.length / units;
    layers.push(layer('Dense', name, from, { units, activation, use_bias: true }));
    weights.push({ name: `${name}/kernel`, shape: [inputs, units], dtype: 'float32' });
    weights.push({ name: `${name}/bias`, shape: [units], dtype: 'float32' });
    numbers.push(of.kernel, of.bias);
  };
  const last = large.length - 1;
  large.forEach((of, l) =>
    dense(`dense${l + 1}`, l === 0 ? 'flatten' : `dense${l}`, of, l < last ? 'relu' : 'linear'),
  );
  dense('middle', 'dense2', middle, 'linear');
  dense('small', 'dense1', small, 'linear');
  const data = concatenate(numbers);
  const parameters = weights.reduce((sum, { shape: of }) => sum + product(of), 0);
  const config = {
    name: 'dec',
    layers,
    input_layers: [['input', 0, 0]],
    output_layers: ['small', 'middle', `dense${last + 1}`].map((name) => [name, 0, 0]),
  };
  return {
    card: {
      id: DEC_NETWORK,
      exits: null,
      title: 'DEC 500-500-2000-10',
      architecture:
        'dense layers of 500, 500, 2000 (ReLU) and 10 (linear); linear embeddings of 10 on the first two',
      dataset: facts.dataset,
      classes: facts.classes,
      input: {
        size: height,
        channels,
        mean: new Array<number>(channels).fill(0),
        std: new Array<number>(channels).fill(1 / (255 * PIXEL_SCALE)),
      },
      outputs: null,
      plain: null,
      embedding: DEC_EMBEDDING,
      clustering: facts.clustering ?? null,
      parameters,
      multiplyAccumulates: large.reduce((sum, { kernel }) => sum + kernel.length, 0),
      epochs: facts.epochs ?? 0,
      seed: facts.seed,
      trainImages: facts.trainImages ?? 0,
      testImages: 0,
      testAccuracy: { before: 0, after: 0 },
      weightsBytes: data.byteLength,
      quantisation: '',
      command: '',
    },
    topology: { model_config: { class_name: 'Functional', config } },
    weights,
    data,
  };
}

function layer(class_name: string, name: string, from: string, config: object): object {
  return {
    class_name,
    name,
    config: { name, trainable: true, dtype: 'float32', ...config },
    inbound_nodes: [[[from, 0, 0, {}]]],
  };
}

function concatenate(parts: readonly Float32Array[]): ArrayBuffer {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all.buffer;
}
