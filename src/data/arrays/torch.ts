/** Tensors of `.pth` and `.pt` files: the zip of PyTorch 1.6 and later, and the stream of pickles of the versions before. */
import { DataError } from '../errors.ts';
import type { Content } from './array.ts';
import { widthOf } from './numbers.ts';
import { namesFor, settled, Storage } from './pickled.ts';
import { unpickle, type Names } from './pickle.ts';

/** 0x1950a86a20f9469cfc6c as a pickled number: how the stream of versions before 1.6 begins. */
const STREAM = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

export const isTorchStream = (bytes: Uint8Array): boolean =>
  [2, 3, 4].some((from) => STREAM.every((byte, i) => bytes[from + i] === byte));

export const isTorchZip = (entries: Iterable<string>): boolean =>
  [...entries].some((entry) => /(^|\/)data\.pkl$/.test(entry));

/** @throws DataError with a sentence without the file's name. */
export function readTorchZip(entries: ReadonlyMap<string, Uint8Array>): Content {
  const heads = [...entries.keys()].filter((entry) => /(^|\/)data\.pkl$/.test(entry));
  if (heads.length !== 1)
    throw new DataError(`it has ${heads.length} entries data.pkl; PyTorch’s files have one.`);
  const prefix = heads[0]!.slice(0, -'data.pkl'.length);
  const order = entries.get(`${prefix}byteorder`);
  if (order && new TextDecoder().decode(order) !== 'little')
    throw new DataError('its numbers are big-endian; only little-endian files are read.');
  const read = (key: string): Uint8Array => {
    const bytes = entries.get(`${prefix}data/${key}`);
    if (!bytes)
      throw new DataError(`it has no numbers of the storage ${key.slice(0, 40)}; it is damaged.`);
    return bytes;
  };
  const names = namesFor(({ dtype }, key, count) => {
    // Untyped storages count bytes.
    return new Storage(dtype, key, count, () => read(key));
  }, readStorage);
  return settled(unpickle(entries.get(heads[0]!)!, names).value);
}

/** @throws DataError with a sentence without the file's name. */
export function readTorchStream(bytes: Uint8Array): Content {
  return settled(streamed(bytes));
}

/** A storage within a plain pickle: a file of PyTorch of its own. */
export const readStorage = (bytes: Uint8Array): unknown => streamed(bytes);

/** A magic number, a version, what the machine was, the object, the keys, and the storages one after the other. */
function streamed(bytes: Uint8Array): unknown {
  const known = new Map<string, Storage>();
  const found = new Map<string, Uint8Array>();
  const names: Names = namesFor(
    ({ dtype }, key, count) => {
      const storage =
        known.get(key) ?? new Storage(dtype, key, count, () => found.get(key) ?? new Uint8Array(0));
      known.set(key, storage);
      return storage;
    },
    () => {
      throw new DataError('it holds a file of PyTorch within a file of PyTorch.');
    },
  );
  let at = 0;
  const next = (): unknown => {
    const { value, end } = unpickle(bytes, names, at);
    at = end;
    return value;
  };
  if (typeof next() !== 'bigint')
    throw new DataError('it does not begin as a file of PyTorch does.');
  if (next() !== 1001) throw new DataError('it is of a version of PyTorch that is not known.');
  const machine = next();
  if (!(machine instanceof Map) || machine.get('little_endian') !== true)
    throw new DataError('its numbers are big-endian; only little-endian files are read.');
  const value = next();
  const keys = next();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const key of Array.isArray(keys) ? (keys as unknown[]) : []) {
    const storage = typeof key === 'string' ? known.get(key) : undefined;
    if (!storage) throw new DataError('it holds numbers that nothing refers to; it is damaged.');
    const count = at + 8 <= bytes.length ? view.getUint32(at, true) : -1;
    const from = at + 8;
    at = from + storage.count * widthOf(storage.dtype);
    if (count !== storage.count || at > bytes.length)
      throw new DataError(
        `the storage ${storage.key} claims ${storage.count} numbers, but the file ends before them. It is cut off or damaged.`,
      );
    found.set(storage.key, bytes.subarray(from, at));
  }
  return value;
}
