/** Files that a person gives → what they say of a network, and its layers: everything of it that takes time. */
import { parseCard, type NetworkCard } from './card.ts';
import {
  isGraphModel,
  isGolden,
  readModel,
  readNetwork,
  readWeights,
  type ReadFile,
} from './files.ts';
import { givenOf, type GivenNetwork, type Reading } from './given.ts';
import type { Converted, OpenSizes } from './onnx/convert.ts';
import { isOtherNetwork, isSingleFile, stemOf } from './single-file.ts';

/**
 * @param files by their paths; folders before the name are ignored.
 * @param size height and width of the images where the files leave them open; null where nobody said.
 * @throws Error with a sentence when they are no network that is read here.
 */
export async function readFiles(
  files: ReadonlyMap<string, Uint8Array>,
  size: number | null = null,
): Promise<Reading> {
  const byName = new Map([...files].map(([path, bytes]) => [baseOf(path), bytes]));
  const models = [...byName.keys()].filter(isSingleFile);
  if (models.length > 1)
    throw new Error(`${models.length} networks came (${models.join(', ')}); give one at a time.`);
  const [model] = models;
  const other = [...byName.keys()].find(isOtherNetwork);
  if (model === undefined && !byName.has('model.json') && other !== undefined)
    throw new Error(
      `${other} is a network of a kind that is not read here. Read are ONNX (.onnx), what Keras saves (.keras, .h5) and ` +
        'TensorFlow.js (model.json with its weights): export it as one of these.',
    );
  const reading = await (model === undefined
    ? layersReading(byName, size)
    : /\.onnx$/i.test(model)
      ? onnxReading(model, byName, size)
      : kerasReading(model, byName, size));
  const golden = [...byName].find(([name]) => isGolden(name))?.[1] ?? (await testDataOf(byName));
  return { ...reading, golden };
}

/** The same on the thread that asks. */
export async function readGiven(files: ReadonlyMap<string, Uint8Array>): Promise<GivenNetwork> {
  return givenOf(await readFiles(files), (size) => readFiles(files, size));
}

/** Test data of ONNX beside its model, as a golden.json says it. */
async function testDataOf(files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array | undefined> {
  if (![...files.keys()].some((name) => name.endsWith('.pb'))) return undefined;
  const { goldenOfTestData } = await import('./onnx/test-data.ts');
  return goldenOfTestData(files);
}

/** What Keras itself saves: the same layers as in a layers model. */
async function kerasReading(
  file: string,
  files: ReadonlyMap<string, Uint8Array>,
  size: number | null,
): Promise<Reading> {
  const { layersFiles } = await import('./keras-files/index.ts');
  const card = files.get(`${stemOf(file)}.card.json`) ?? files.get('card.json');
  const layers = await layersFiles(file, files.get(file)!);
  const reading = await layersReading(
    new Map([...layers, ...(card ? [['card.json', card] as const] : [])]),
    size,
  );
  return { ...reading, name: stemOf(file) };
}

async function onnxReading(
  file: string,
  files: ReadonlyMap<string, Uint8Array>,
  size: number | null,
): Promise<Reading> {
  const { openOnnx } = await import('./onnx/index.ts');
  const name = stemOf(file);
  const written = files.get(`${name}.card.json`) ?? files.get('card.json');
  return convertedReading(file, name, written ? cardOf(written) : null, size, (of) =>
    openOnnx(file, files.get(file)!, files, of),
  );
}

/** A network of another kind than layers. @param open converts it, for images of a size where it leaves that open. */
function convertedReading(
  file: string,
  name: string,
  card: NetworkCard | null,
  size: number | null,
  open: (size: number | null) => Converted,
): Reading {
  try {
    const { input, outputs, ...network } = open(card?.input.size ?? size);
    const [height, width, channels] = input;
    if (height !== width)
      throw new Error(
        `${file} takes images of ${height} × ${width} pixels; square ones are fed here. Export it for such.`,
      );
    return {
      ...{ network, name, card, channels, size: height },
      outputs: outputs.at(-1) ?? null,
      demands: { file, size: height, channels, outputs },
    };
  } catch (error) {
    // Only the size is missing: it is asked for with the rest.
    if (!isOpen(error) || size !== null) throw error;
    const { channels } = error;
    return {
      ...{ network: null, name, card: null, size: null, outputs: null, channels },
      demands: null,
    };
  }
}

/** By what it says: its class comes with the code that converts. */
const isOpen = (error: unknown): error is Error & Pick<OpenSizes, 'channels'> =>
  error instanceof Error && 'channels' in error;

/** The nodes of a tfjs graph model. */
async function graphReading(
  model: Awaited<ReturnType<typeof readModel>>,
  files: ReadonlyMap<string, Uint8Array>,
  read: ReadFile,
  size: number | null,
): Promise<Reading> {
  const { openGraphModel } = await import('./graph-model/index.ts');
  const { weights, data } = await readWeights(model, read);
  const written = files.get('card.json');
  return convertedReading('model.json', 'network', written ? cardOf(written) : null, size, (of) =>
    openGraphModel(model, weights, data, of),
  );
}

async function layersReading(
  files: ReadonlyMap<string, Uint8Array>,
  size: number | null,
): Promise<Reading> {
  const read = (name: string): Promise<Uint8Array> => {
    const bytes = files.get(name.split('/').at(-1)!);
    return bytes
      ? Promise.resolve(bytes)
      : Promise.reject(
          new Error(`${name} is missing; files given: ${[...files.keys()].join(', ')}.`),
        );
  };
  const model = await readModel(read);
  if (isGraphModel(model)) return graphReading(model, files, read, size);
  if (files.has('card.json') || files.has('metadata.json')) {
    const { card, ...network } = await readNetwork(read);
    return {
      ...{ network, name: card.id, size: card.input.size, channels: card.input.channels },
      ...{ outputs: card.classes.length, card, demands: null },
    };
  }
  const stand = new TextEncoder().encode(JSON.stringify(STAND_IN));
  const { topology, weights, data } = await readNetwork((name) =>
    name === 'card.json' ? Promise.resolve(stand) : read(name),
  );
  const { inputShapeOf, outputsOf } = await import('./topology.ts');
  const shape = inputShapeOf(topology);
  const [height, width, channels] = shape ?? [];
  if (!height || !width || height !== width || !channels)
    throw new Error(
      `The network takes [${shape?.join(', ') ?? '?'}]; expected square images of a fixed size: height, width, channels.`,
    );
  return {
    ...{ network: { topology, weights, data }, name: 'network', size: height, channels },
    ...{ outputs: outputsOf(topology), card: null, demands: null },
  };
}

/** Until a person has said what the network is. */
const STAND_IN = {
  id: 'network',
  classes: ['0', '1'],
  input: { size: 1, channels: 1, mean: [0], std: [1] },
};

function cardOf(bytes: Uint8Array): NetworkCard {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new Error(`card.json is not JSON: it has ${bytes.byteLength} bytes that do not parse.`);
  }
  return parseCard(json);
}

const baseOf = (path: string): string => path.split(/[\\/]/).at(-1)!;
