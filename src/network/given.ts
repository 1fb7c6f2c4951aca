/** A network from files that a person gives: what they say of it, and what a card has to add. */
import { parseCard, type NetworkCard } from './card.ts';
import { checkExits } from './exit-names.ts';
import {
  isGolden,
  isGraphModel,
  readModel,
  readNetwork,
  readWeights,
  type NetworkFiles,
  type ReadFile,
} from './files.ts';
import type { Converted } from './onnx/convert.ts';
import { isOtherNetwork, isSingleFile, stemOf } from './single-file.ts';

/** A network whose card may still be asked for. */
export interface GivenNetwork {
  /** Of the file, without its ending. */
  readonly name: string;
  /** Height = width of the images; null where the file leaves it open. */
  readonly size: number | null;
  /** Null where the file leaves them open with the size. */
  readonly channels: number | null;
  /** Numbers in the network's own output; null where the size must be known first. */
  readonly outputs: number | null;
  /** The card that came with the files; null where it is to be asked for. */
  readonly card: NetworkCard | null;
  /** Bytes of the golden.json that came with the files, or what says the same. */
  readonly golden?: Uint8Array | undefined;
  /** @throws Error with a sentence when the card does not go with the network. */
  complete(card: NetworkCard): Promise<NetworkFiles>;
}

/**
 * @param files by their paths; folders before the name are ignored.
 * @throws Error with a sentence when they are no network that is read here.
 */
export async function readGiven(files: ReadonlyMap<string, Uint8Array>): Promise<GivenNetwork> {
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
  const given = await (model === undefined
    ? layersGiven(byName)
    : /\.onnx$/i.test(model)
      ? onnxGiven(model, byName)
      : kerasGiven(model, byName));
  return {
    ...given,
    golden: [...byName].find(([name]) => isGolden(name))?.[1] ?? (await testDataOf(byName)),
    complete: async (card) => {
      const network = await given.complete(card);
      if (card.exits) checkExits(network);
      return network;
    },
  };
}

/** Test data of ONNX beside its model, as a golden.json says it. */
async function testDataOf(files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array | undefined> {
  if (![...files.keys()].some((name) => name.endsWith('.pb'))) return undefined;
  const { goldenOfTestData } = await import('./onnx/test-data.ts');
  return goldenOfTestData(files);
}

/** What Keras itself saves: the same layers as in a layers model. */
async function kerasGiven(
  file: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<GivenNetwork> {
  const { layersFiles } = await import('./keras-files/index.ts');
  const card = files.get(`${stemOf(file)}.card.json`) ?? files.get('card.json');
  const layers = await layersFiles(file, files.get(file)!);
  const given = await layersGiven(
    new Map([...layers, ...(card ? [['card.json', card] as const] : [])]),
  );
  return { ...given, name: stemOf(file) };
}

async function onnxGiven(
  file: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<GivenNetwork> {
  const { openOnnx } = await import('./onnx/index.ts');
  const name = stemOf(file);
  const written = files.get(`${name}.card.json`) ?? files.get('card.json');
  return convertedGiven(file, name, written ? cardOf(written) : null, (size) =>
    openOnnx(file, files.get(file)!, files, size),
  );
}

/** A network of another kind than layers. @param open converts it, for images of a size where it leaves that open. */
function convertedGiven(
  file: string,
  name: string,
  card: NetworkCard | null,
  open: (size: number | null) => Converted,
): GivenNetwork {
  const complete = (opened: Converted, given: NetworkCard): NetworkFiles => {
    checkSquare(file, opened.input);
    const [, , channels] = opened.input;
    if (given.input.channels !== channels)
      throw new Error(
        `${file} takes images of ${channels} channel${channels === 1 ? '' : 's'}; the card says ${given.input.channels}.`,
      );
    const { embedding, classes } = given;
    const other = opened.outputs.find((count) => count !== (embedding ?? classes.length));
    if (other !== undefined)
      throw new Error(
        `${file} has an output of ${other} numbers; the card ` +
          `${embedding === null ? `lists ${classes.length} classes` : `says that they are ${embedding}`}.`,
      );
    const { topology, weights, data } = opened;
    return { card: given, topology, weights, data };
  };
  try {
    const opened = open(card?.input.size ?? null);
    checkSquare(file, opened.input);
    return {
      ...{ name, card, size: opened.input[0], channels: opened.input[2] },
      outputs: opened.outputs.at(-1) ?? null,
      complete: (given) =>
        given.input.size === opened.input[0]
          ? Promise.resolve(complete(opened, given))
          : Promise.reject(
              new Error(
                `${file} takes images of ${opened.input[0]} pixels; the card says ${given.input.size}.`,
              ),
            ),
    };
  } catch (error) {
    // Only the size is missing: it is asked for with the rest.
    if (!(error instanceof Error) || !error.message.includes('has open sizes')) throw error;
    return {
      ...{ name, card: null, size: null, channels: null, outputs: null },
      complete: (given) => Promise.resolve().then(() => complete(open(given.input.size), given)),
    };
  }
}

/** @throws Error with a sentence when a network does not take square images. */
function checkSquare(file: string, [height, width]: Converted['input']): void {
  if (height !== width)
    throw new Error(
      `${file} takes images of ${height} × ${width} pixels; square ones are fed here. Export it for such.`,
    );
}

/** The nodes of a tfjs graph model. */
async function graphGiven(
  model: Awaited<ReturnType<typeof readModel>>,
  files: ReadonlyMap<string, Uint8Array>,
  read: ReadFile,
): Promise<GivenNetwork> {
  const { openGraphModel } = await import('./graph-model/index.ts');
  const { weights, data } = await readWeights(model, read);
  const written = files.get('card.json');
  return convertedGiven('model.json', 'network', written ? cardOf(written) : null, (size) =>
    openGraphModel(model, weights, data, size),
  );
}

async function layersGiven(files: ReadonlyMap<string, Uint8Array>): Promise<GivenNetwork> {
  const read = (name: string): Promise<Uint8Array> => {
    const bytes = files.get(name.split('/').at(-1)!);
    return bytes
      ? Promise.resolve(bytes)
      : Promise.reject(
          new Error(`${name} is missing; files given: ${[...files.keys()].join(', ')}.`),
        );
  };
  const model = await readModel(read);
  if (isGraphModel(model)) return graphGiven(model, files, read);
  if (files.has('card.json') || files.has('metadata.json')) {
    const network = await readNetwork(read);
    const { card } = network;
    return {
      ...{ name: card.id, size: card.input.size, channels: card.input.channels },
      ...{ outputs: card.classes.length, card },
      complete: (given) => Promise.resolve({ ...network, card: given }),
    };
  }
  const stand = new TextEncoder().encode(JSON.stringify(STAND_IN));
  const network = await readNetwork((name) =>
    name === 'card.json' ? Promise.resolve(stand) : read(name),
  );
  const { inputShapeOf, outputsOf } = await import('./topology.ts');
  const shape = inputShapeOf(network.topology);
  const [height, width, channels] = shape ?? [];
  if (!height || !width || height !== width || !channels)
    throw new Error(
      `The network takes [${shape?.join(', ') ?? '?'}]; expected square images of a fixed size: height, width, channels.`,
    );
  return {
    ...{
      name: 'network',
      size: height,
      channels,
      outputs: outputsOf(network.topology),
      card: null,
    },
    complete: (given) => Promise.resolve({ ...network, card: given }),
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
