/** HDF5 files of weights: groups, their attributes, and arrays of floats. */
import { product } from '../cost.ts';

/** An array with where it lies: "model_weights/conv/conv/kernel:0". */
export interface Stored {
  readonly path: string;
  readonly shape: readonly number[];
  readonly values: () => Float32Array;
}

export interface Hdf5 {
  /** Of the file itself. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** All arrays below a group, in the order of their names. */
  readonly below: (group: string) => readonly Stored[];
  /** A list of texts among the attributes of a group; null where it has none of that name. */
  readonly texts: (group: string, attribute: string) => readonly string[] | null;
}

/** Header message that says how an array's numbers lie. */
const LAYOUT = 8;
const IN_A_ROW = 1;

/**
 * @param name of the file, for messages.
 * @throws Error with a sentence when it is no HDF5 file, or holds what is not read here.
 */
export async function openHdf5(bytes: Uint8Array, name: string): Promise<Hdf5> {
  const jsfive = await import('jsfive');
  // A copy would be as large as the network.
  const content =
    bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength
      ? bytes.buffer
      : bytes.slice().buffer;
  const read = <Value>(act: () => Value): Value => {
    try {
      return act();
    } catch (error) {
      throw new Error(
        `${name} cannot be read as HDF5 (${whyNot(error)}). Save it anew, or convert it ` +
          '(tensorflowjs_converter --input_format=keras net.h5 net/).',
        { cause: error },
      );
    }
  };
  const file = read(() => new jsfive.File(content, name));
  type Group = InstanceType<typeof jsfive.Group>;
  /** What groups hold, by their paths: each is read once, as reading takes most of the time. */
  const inside = new Map<string, ReadonlyMap<string, ReturnType<Group['get']>>>();
  const membersOf = (group: Group, path: string) => {
    const known = inside.get(path);
    if (known) return known;
    const members = new Map(group.keys.map((key) => [key, read(() => group.get(key))]));
    inside.set(path, members);
    return members;
  };
  const groupAt = (path: string) => {
    let group: Group = file;
    let at = '';
    for (const part of path.split('/').filter((name) => name !== '')) {
      const next = membersOf(group, at).get(part);
      if (!(next instanceof jsfive.Group)) return null;
      group = next;
      at = at === '' ? part : `${at}/${part}`;
    }
    return group;
  };
  const valuesOf = (dataset: InstanceType<typeof jsfive.Dataset>): Float32Array => {
    const count = product(dataset.shape);
    const message = dataset._dataobjects.find_msg_type(LAYOUT)[0];
    const at = message?.get('offset_to_message');
    if (at !== undefined && dataset.dtype === '<f4') {
      const [, , layout, place] = dataset._dataobjects._get_data_message_properties(at);
      const begin = Number(new DataView(content).getBigUint64(place, true));
      // Numbers in a row are taken as they lie; one by one is a hundred times slower.
      if (layout === IN_A_ROW && begin + 4 * count <= content.byteLength)
        return new Float32Array(content.slice(begin, begin + 4 * count));
    }
    const values = dataset.value;
    if (values.length !== count || values.some((value) => typeof value !== 'number'))
      throw new Error(`an array of ${String(dataset.dtype)} is not read`);
    return Float32Array.from(values as readonly number[]);
  };
  const below = (path: string): readonly Stored[] => {
    const group = groupAt(path);
    return [...(group ? membersOf(group, path) : [])].flatMap(([key, found]) => {
      const own = path === '' ? key : `${path}/${key}`;
      if (found instanceof jsfive.Dataset)
        return [{ path: own, shape: [...found.shape], values: () => read(() => valuesOf(found)) }];
      return found ? below(own) : [];
    });
  };
  return {
    attributes: read(() => file.attrs),
    below,
    texts: (path, attribute) => {
      const value = read(() => groupAt(path)?.attrs[attribute]);
      return Array.isArray(value) ? value.map((text) => String(text).replace(/\0+$/, '')) : null;
    },
  };
}

/** The reader throws texts as well; where bytes are missing it reads beyond the end. */
function whyNot(error: unknown): string {
  if (error instanceof RangeError) return 'it is cut off, damaged, or something else';
  return error instanceof Error ? error.message : String(error);
}
