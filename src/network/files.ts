/** A network's files in memory, fetched from a folder or given by a visitor; no tensors yet. */
import { joined } from '../fetch/body.ts';
import { statedIn } from '../fetch/digests.ts';
import { fetchFile, type Arriving } from '../fetch/file.ts';
import { parseCard, teachableCard, type NetworkCard } from './card.ts';
import {
  isRecord,
  isRenamed,
  parseWeight,
  renamed,
  weightBytes,
  withoutOptimizer,
} from './manifest.ts';
import { inputShapeOf, layersOf, plainTopology } from './topology.ts';

/** One tensor in the weight data, as a tfjs weights manifest lists it. */
export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: {
    readonly dtype: string;
    readonly scale?: number;
    readonly min?: number;
  };
  /** "optimizer" for what only a training needs; such are left aside. */
  readonly group?: string;
}

export interface NetworkFiles {
  readonly card: NetworkCard;
  /** `modelTopology` of model.json in Keras 2's fields, without models inside of the model. */
  readonly topology: object;
  readonly weights: readonly WeightEntry[];
  /** All shards in a row. */
  readonly data: ArrayBuffer;
}

/** Reads one file of a network's folder by its name. */
export type ReadFile = (name: string) => Promise<Uint8Array>;

/**
 * Reads model.json, card.json (or Teachable Machine's metadata.json) and the weight shards that model.json names.
 * @throws Error with a sentence that names the file, what was expected and what came.
 */
export async function readNetwork(read: ReadFile): Promise<NetworkFiles> {
  const model = await readModel(read);
  if (isGraphModel(model)) {
    const { openGraphModel } = await import('./graph-model/index.ts');
    const card = parseCard(parseJson('card.json', await read('card.json')));
    const { weights, data } = await readWeights(model, read);
    return { card, ...openGraphModel(model, weights, data, card.input.size) };
  }
  const { modelTopology, weightsManifest } = model;
  if (!isRecord(modelTopology) && Array.isArray(weightsManifest))
    throw new Error(
      'model.json lists weights only: it has no topology ("modelTopology" is missing), so nothing says which layers ' +
        'they belong to. Save the whole model, with model.save() or tensorflowjs_converter, not its weights alone.',
    );
  if (!isRecord(modelTopology) || !Array.isArray(weightsManifest))
    throw new Error(
      'model.json is not a tfjs layers model: expected "modelTopology" and "weightsManifest". ' +
        'Export the network as a layers model.',
    );
  const card = await readCard(read, modelTopology);
  const { weights: listed, data: all } = await readWeights(model, read);
  const { weights, data } = withoutOptimizer(listed, all);
  const { topology, places } = plainTopology(modelTopology, card.id);
  const { layers } = layersOf(topology, card.id);
  const kinds = new Map(layers.map(({ name, class_name }) => [name, class_name]));
  if (!places && !isRenamed(weights, kinds)) return { card, topology, weights, data };
  const own = layers.map(({ name }) => ({ path: [], name, flat: name }));
  return { card, topology, weights: renamed(weights, places ?? own, kinds), data };
}

type ModelJson = Readonly<Record<string, unknown>>;

/** @throws Error with a sentence when model.json is no JSON object. */
export async function readModel(read: ReadFile): Promise<ModelJson> {
  const model = parseJson('model.json', await read('model.json'));
  if (!isRecord(model)) throw new Error('model.json is not a JSON object.');
  return model;
}

/** Whether model.json holds TensorFlow's own nodes, not layers. */
export const isGraphModel = ({ format, modelTopology }: ModelJson): boolean =>
  format === 'graph-model' || (isRecord(modelTopology) && Array.isArray(modelTopology.node));

/**
 * The weights that model.json lists, and all of its shards in a row.
 * @throws Error with a sentence when a shard is missing or cut off.
 */
export async function readWeights(
  { weightsManifest }: ModelJson,
  read: ReadFile,
): Promise<{ weights: WeightEntry[]; data: ArrayBuffer }> {
  const shards: string[] = [];
  const weights: WeightEntry[] = [];
  for (const group of (Array.isArray(weightsManifest) ? weightsManifest : []) as unknown[]) {
    if (!isRecord(group) || !isStrings(group.paths) || !Array.isArray(group.weights))
      throw new Error('A group of weightsManifest in model.json lacks "paths" or "weights".');
    shards.push(...group.paths);
    weights.push(...group.weights.map(parseWeight));
  }
  const data = joined(await Promise.all(shards.map((path) => read(path)))).buffer;
  const expected = weights.reduce((sum, weight) => sum + weightBytes(weight), 0);
  if (data.byteLength !== expected)
    throw new Error(
      `The weight files ${shards.join(', ')} hold ${data.byteLength} bytes; model.json accounts for ${expected}. ` +
        'A file is truncated or belongs to another network.',
    );
  return { weights, data };
}

/** card.json; where there is none, what the metadata.json of Teachable Machine says. */
async function readCard(read: ReadFile, topology: object): Promise<NetworkCard> {
  let bytes: Uint8Array;
  try {
    bytes = await read('card.json');
  } catch (error) {
    const metadata = await read('metadata.json').catch(() => null);
    if (!metadata) throw error;
    const shape = inputShapeOf(plainTopology(topology, 'network').topology);
    return teachableCard(parseJson('metadata.json', metadata), shape?.[2] ?? 3);
  }
  return parseCard(parseJson('card.json', bytes));
}

/** How far the weights are, of all their files together. */
export type WeightsArriving = (arriving: Arriving) => void;

/**
 * Fetches a network from the folder at `url`; its files are those that the folder's digests.json states, if it has one.
 * @param onArriving told while weights come.
 */
export function fetchNetwork(
  url: string,
  signal?: AbortSignal,
  onArriving?: WeightsArriving,
): Promise<NetworkFiles> {
  const base = url.endsWith('/') ? url : `${url}/`;
  const network = base.split('/').at(-2)!;
  const files = new Map<string, Arriving>();
  return readNetwork((name) =>
    fetchFile(base + name, {
      ...{ name: `${name} of the network ${network}`, signal, digest: statedIn(base, name) },
      onArriving: (arriving) => {
        // The layers and the card are small: of them it counts that they do not come.
        if (!name.endsWith('.bin') && !arriving.isStill) return;
        files.set(name, arriving);
        onArriving?.(together([...files.values()]));
      },
    }),
  );
}

/** Golden outputs beside the network in that folder; nothing where its digests.json states none, or they do not come. */
export async function fetchGolden(url: string): Promise<Uint8Array | undefined> {
  const name = 'golden.json';
  const digest = statedIn(url, name);
  const isThere = (await digest(false)) !== null;
  return isThere ? fetchFile(url + name, { name, digest }).catch(() => undefined) : undefined;
}

/** Whether a file holds golden outputs by its name, with any folders before it. */
export const isGolden = (path: string): boolean => /(^|[\\/.])golden\.json$/.test(path);

function together(files: readonly Arriving[]): Arriving {
  return {
    done: files.reduce((sum, { done }) => sum + done, 0),
    total: files.reduce<number | null>(
      (sum, { total }) => (sum === null || total === null ? null : sum + total),
      0,
    ),
    isStill:
      files.some(({ isStill }) => isStill) &&
      files.every(({ done, total, isStill }) => isStill || done === total),
  };
}

/** Takes a network from files in memory, by their names (folders before the name are ignored). */
export function networkFromFiles(files: ReadonlyMap<string, Uint8Array>): Promise<NetworkFiles> {
  const byName = new Map([...files].map(([path, bytes]) => [path.split('/').at(-1)!, bytes]));
  return readNetwork((name) => {
    const bytes = byName.get(name.split('/').at(-1)!);
    return bytes
      ? Promise.resolve(bytes)
      : Promise.reject(
          new Error(`${name} is missing; files given: ${[...byName.keys()].join(', ')}.`),
        );
  });
}

function parseJson(name: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new Error(`${name} is not JSON: it has ${bytes.byteLength} bytes that do not parse.`);
  }
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
