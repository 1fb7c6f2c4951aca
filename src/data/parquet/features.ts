/** What the Hub's `datasets` library says of columns: in the key "huggingface" of a parquet file, or in dataset_info.json. */

/** A column's kind, as far as it matters here. */
export interface Features {
  /** Columns of pictures. */
  readonly images: readonly string[];
  /** Columns of labels, with the names of their classes; empty where it does not say them. */
  readonly labels: ReadonlyMap<string, readonly string[]>;
}

export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string');

/** Of the text of the key "huggingface" ({"info": {"features": …}}), or of dataset_info.json; null where it says nothing. */
export function featuresOf(text: string): Features | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(json)) return null;
  const { features } = isObject(json.info) ? json.info : json;
  if (!isObject(features)) return null;
  const images: string[] = [];
  const labels = new Map<string, readonly string[]>();
  for (const [name, feature] of Object.entries(features)) {
    if (!isObject(feature)) continue;
    if (feature._type === 'Image') images.push(name);
    if (feature._type === 'ClassLabel')
      labels.set(name, isNames(feature.names) ? feature.names : []);
  }
  return { images, labels };
}

/**
 * Of a dataset's card on the Hub, which writes the same in another way:
 * `[{name: label, dtype: {class_label: {names: {'0': cat, '1': dog}}}}, {name: image, dtype: image}]`.
 */
export function featuresOfCard(list: unknown): Features | null {
  if (!Array.isArray(list)) return null;
  const images: string[] = [];
  const labels = new Map<string, readonly string[]>();
  for (const feature of list as readonly unknown[]) {
    if (!isObject(feature) || typeof feature.name !== 'string') continue;
    const { name, dtype } = feature;
    if (dtype === 'image') images.push(name);
    if (!isObject(dtype) || !isObject(dtype.class_label)) continue;
    const { names } = dtype.class_label;
    const all = isObject(names)
      ? Object.keys(names)
          .sort((a, b) => Number(a) - Number(b))
          .map((key) => names[key])
      : names;
    labels.set(name, isNames(all) ? all : []);
  }
  return { images, labels };
}

/** As dataset_info.json has it. */
export const infoOf = ({ images, labels }: Features): string =>
  JSON.stringify({
    features: {
      ...Object.fromEntries(images.map((name) => [name, { _type: 'Image' }])),
      ...Object.fromEntries(
        [...labels].map(([name, names]) => [name, { _type: 'ClassLabel', names }]),
      ),
    },
  });
