/** A network's files in memory, fetched from a folder or given by a visitor; no tensors yet. */
import { sizeOf } from '../core/shape.ts';
import { parseCard, type NetworkCard } from './card.ts';

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
}

export interface NetworkFiles {
  readonly card: NetworkCard;
  /** `modelTopology` of model.json. */
  readonly topology: object;
  readonly weights: readonly WeightEntry[];
  /** All shards in a row. */
  readonly data: ArrayBuffer;
}

/** Reads one file of a network's folder by its name. */
export type ReadFile = (name: string) => Promise<Uint8Array>;

const BYTES: Record<string, number> = {
  float32: 4,
  int32: 4,
  float16: 2,
  uint16: 2,
  uint8: 1,
  bool: 1,
};

/**
 * Reads model.json, card.json and the weight shards that model.json names.
 * @throws Error with a sentence that names the file, what was expected and what came.
 */
export async function readNetwork(read: ReadFile): Promise<NetworkFiles> {
  const [modelBytes, cardBytes] = await Promise.all([read('model.json'), read('card.json')]);
  const model = parseJson('model.json', modelBytes);
  const card = parseCard(parseJson('card.json', cardBytes));
  if (!isRecord(model) || !isRecord(model.modelTopology) || !Array.isArray(model.weightsManifest))
    throw new Error(
      'model.json is not a tfjs layers model: expected "modelTopology" and "weightsManifest". ' +
        'Export the network as a layers model; graph models are not supported.',
    );
  if (model.format === 'graph-model')
    throw new Error('model.json holds a tfjs graph model; expected a layers model (Keras layers).');
  const shards: string[] = [];
  const weights: WeightEntry[] = [];
  for (const group of model.weightsManifest as unknown[]) {
    if (!isRecord(group) || !isStrings(group.paths) || !Array.isArray(group.weights))
      throw new Error('A group of weightsManifest in model.json lacks "paths" or "weights".');
    shards.push(...group.paths);
    weights.push(...group.weights.map(parseWeight));
  }
  const data = concatenate(await Promise.all(shards.map((path) => read(path))));
  const expected = weights.reduce((sum, weight) => sum + weightBytes(weight), 0);
  if (data.byteLength !== expected)
    throw new Error(
      `The weight files ${shards.join(', ')} hold ${data.byteLength} bytes; model.json accounts for ${expected}. ` +
        'A file is truncated or belongs to another network.',
    );
  return { card, topology: model.modelTopology, weights, data };
}

/** Fetches a network from the folder at `url`. */
export function fetchNetwork(url: string, signal?: AbortSignal): Promise<NetworkFiles> {
  const base = url.endsWith('/') ? url : `${url}/`;
  return readNetwork(async (name) => {
    const response = await fetch(base + name, signal ? { signal } : {});
    if (!response.ok)
      throw new Error(
        `${base}${name} answered ${response.status}; expected a file of the network there.`,
      );
    return new Uint8Array(await response.arrayBuffer());
  });
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

function parseWeight(entry: unknown): WeightEntry {
  if (!isRecord(entry) || typeof entry.name !== 'string' || !Array.isArray(entry.shape))
    throw new Error('A weight in model.json lacks a name or a shape.');
  const { name, shape, dtype, quantization } = entry as unknown as WeightEntry;
  const stored = quantization?.dtype ?? dtype;
  if (!(stored in BYTES))
    throw new Error(
      `Weight ${name} is stored as ${stored}; expected one of ${Object.keys(BYTES).join(', ')}.`,
    );
  if (!shape.every((size) => Number.isInteger(size) && size >= 0))
    throw new Error(`Weight ${name} has the shape [${shape.join(', ')}]; expected whole numbers.`);
  return { name, shape, dtype, ...(quantization && { quantization }) };
}

function weightBytes({ shape, dtype, quantization }: WeightEntry): number {
  return sizeOf(shape) * BYTES[quantization?.dtype ?? dtype]!;
}

function concatenate(parts: readonly Uint8Array[]): ArrayBuffer {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all.buffer;
}

function parseJson(name: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new Error(`${name} is not JSON: it has ${bytes.byteLength} bytes that do not parse.`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
