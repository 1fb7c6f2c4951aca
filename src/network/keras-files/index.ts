/**
 * What Keras itself saves → the files of a tfjs layers model: `.keras` (a zip of config.json and model.weights.h5) of Keras 3,
 * `.h5` of Keras 2 and 3.
 */
import type { WeightEntry } from '../files.ts';
import { isRecord } from '../manifest.ts';
import { openHdf5, type Stored } from './hdf5.ts';

type Json = Readonly<Record<string, unknown>>;

interface Model {
  /** Of a model: class_name and config. */
  readonly config: Json;
  /** Weights as a layers model lists them. */
  readonly weights: readonly (Stored & { readonly name: string })[];
}

/**
 * @param name of the file, for messages.
 * @returns model.json and weights.bin.
 * @throws Error with a sentence when it is damaged, holds weights alone, or holds no layers.
 */
export async function layersFiles(
  name: string,
  bytes: Uint8Array,
): Promise<Map<string, Uint8Array>> {
  const { config, weights } = /\.keras$/i.test(name)
    ? await ofKeras3(name, bytes)
    : await ofHdf5(name, bytes);
  const parts = weights.map(({ values }) => values());
  const data = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  const listed: WeightEntry[] = weights.map(({ name: of, shape }) => ({
    ...{ name: of, shape, dtype: 'float32' },
  }));
  const model = {
    format: 'layers-model',
    modelTopology: { model_config: config },
    weightsManifest: [{ paths: ['weights.bin'], weights: listed }],
  };
  return new Map([
    ['model.json', new TextEncoder().encode(JSON.stringify(model))],
    ['weights.bin', new Uint8Array(data.buffer)],
  ]);
}

function modelOf(text: string, name: string): Json {
  let model: unknown;
  try {
    model = JSON.parse(text);
  } catch {
    model = null;
  }
  if (!isRecord(model) || typeof model.class_name !== 'string' || !isRecord(model.config))
    throw new Error(`The configuration in ${name} is damaged: it is no model in JSON.`);
  if (!Array.isArray(model.config.layers))
    throw new Error(
      `${name} holds a model of a class of its own (${model.class_name}), whose layers are not listed. Build it as a ` +
        'Sequential or Functional model, or export it as ONNX (python -m tf2onnx.convert --saved-model DIR --output net.onnx --opset 17).',
    );
  return model;
}

async function ofKeras3(name: string, bytes: Uint8Array): Promise<Model> {
  const { unzipSync } = await import('fflate');
  let files: Readonly<Record<string, Uint8Array>>;
  try {
    files = unzipSync(bytes, {
      filter: (file) => ['config.json', 'model.weights.h5'].includes(file.name),
    });
  } catch {
    throw new Error(
      `${name} cannot be unpacked: a .keras file is a zip archive. Save it anew with model.save("net.keras").`,
    );
  }
  const { 'config.json': written, 'model.weights.h5': stored } = files;
  if (!written || !stored)
    throw new Error(
      `${name} lacks ${written ? 'model.weights.h5' : 'config.json'}. Save it anew with model.save("net.keras").`,
    );
  const config = modelOf(new TextDecoder().decode(written), name);
  const hdf5 = await openHdf5(stored, `model.weights.h5 in ${name}`);
  const names = layerNames(config);
  const weights = hdf5.below('').flatMap((one) => {
    const of = nameOfWeight(one.path, names);
    return of === null ? [] : [{ ...one, name: of }];
  });
  return { config, weights };
}

/** Groups that hold layers: of Keras 3, and of the first version of the format. */
const HOLDERS = new Set(['layers', '_layer_checkpoint_dependencies']);

/**
 * "layers/conv2d_1/vars/0" as "layers/stem/vars/0": layers are filed by their class, counted in their order.
 * @returns null for what belongs to no layer (an optimizer's state).
 */
function nameOfWeight(path: string, names: ReadonlyMap<string, string>): string | null {
  const parts = path.replaceAll('\\', '/').split('/');
  const key: string[] = [];
  const out: string[] = [];
  for (let at = 0; at + 1 < parts.length && HOLDERS.has(parts[at]!); at += 2) {
    key.push(parts[at + 1]!);
    const name = names.get(key.join('/'));
    if (name === undefined) return null;
    out.push('layers', name);
  }
  const [holder, number] = parts.slice(2 * key.length);
  return key.length > 0 && holder === 'vars' && number !== undefined
    ? [...out, 'vars', number].join('/')
    : null;
}

/** Names of all layers by where Keras files them: "conv2d_1", "functional/conv2d". */
function layerNames(model: Json, within: readonly string[] = []): Map<string, string> {
  const names = new Map<string, string>();
  const used = new Map<string, number>();
  const { layers } = model.config as { layers: readonly unknown[] };
  for (const layer of layers) {
    if (!isRecord(layer) || !isRecord(layer.config)) continue;
    const kind = snakeCase(String(layer.class_name));
    const times = used.get(kind) ?? 0;
    used.set(kind, times + 1);
    const path = [...within, times === 0 ? kind : `${kind}_${times}`];
    const { name } = layer.config;
    names.set(path.join('/'), typeof name === 'string' ? name : String(layer.name));
    if (Array.isArray(layer.config.layers))
      for (const [key, value] of layerNames(layer, path)) names.set(key, value);
  }
  return names;
}

/** As Keras writes a class as a name: BatchNormalization → batch_normalization, Conv2D → conv2d, ReLU → re_lu. */
const snakeCase = (name: string): string =>
  name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();

async function ofHdf5(name: string, bytes: Uint8Array): Promise<Model> {
  const hdf5 = await openHdf5(bytes, name);
  const written = hdf5.attributes.model_config;
  if (typeof written !== 'string')
    throw new Error(
      `${name} holds weights only, so nothing says which layers they belong to. Save the whole model: model.save("net.keras").`,
    );
  const config = modelOf(written, name);
  const layers = (config.config as { layers: readonly unknown[] }).layers.filter(isRecord);
  const weights = layers.flatMap((layer) => {
    const own = isRecord(layer.config) ? layer.config : {};
    const of = String(own.name);
    const group = `model_weights/${of}`;
    const isModel = Array.isArray(own.layers);
    const stored = new Map(
      hdf5.below(group).map((one) => [one.path.slice(group.length + 1), one] as const),
    );
    const order = hdf5.texts(group, 'weight_names') ?? [...stored.keys()];
    return order.flatMap((weight) => {
      const found = stored.get(weight);
      if (!found) return [];
      const path = weight.replace(/:\d+$/, '').split('/');
      const role = path.at(-1)!;
      const owner = isModel ? path.at(-2) : undefined;
      return [{ ...found, name: [of, ...(owner === undefined ? [] : [owner]), role].join('/') }];
    });
  });
  return { config, weights };
}
