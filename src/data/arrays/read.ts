/** A file of arrays by what is in it, not by its name. */
import { DataError } from '../errors.ts';
import type { Content } from './array.ts';
import { isNpy, readNpy } from './npy.ts';
import { unpickled } from './pickled.ts';
import { isTorchStream, isTorchZip, readStorage, readTorchStream, readTorchZip } from './torch.ts';
import { unzip } from './zip.ts';

const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;

/**
 * What a file of NumPy's, PyTorch's or pickled arrays holds. Nothing in it is ever executed.
 * @throws DataError with a sentence that names the file.
 */
export function readArrays(bytes: Uint8Array, name: string): Content {
  try {
    if (isZip(bytes))
      return readZip(
        unzip(bytes, name, () => true),
        name,
      );
    if (isNpy(bytes)) return readNpy(bytes);
    if (isTorchStream(bytes)) return readTorchStream(bytes);
    if (bytes.length === 0) throw new DataError('it is empty.');
    return unpickled(bytes, readStorage);
  } catch (error) {
    if (error instanceof DataError)
      throw error.message.startsWith(name)
        ? error
        : new DataError(`${name} cannot be opened: ${error.message}`);
    throw new DataError(
      `${name} cannot be opened: it is no file of arrays, or a damaged one (${error instanceof Error ? error.message : String(error)}).`,
      { cause: error },
    );
  }
}

function readZip(entries: ReadonlyMap<string, Uint8Array>, name: string): Content {
  if (isTorchZip(entries.keys())) return readTorchZip(entries);
  const arrays = [...entries].filter(([entry]) => /\.npy$/i.test(entry));
  if (arrays.length === 0)
    throw new DataError(
      `it is a zip without arrays: ${[...entries.keys()].slice(0, 3).join(', ') || 'it is empty'}.`,
    );
  return new Map(
    arrays.map(([entry, bytes]) => {
      const key = entry.replace(/\.npy$/i, '');
      try {
        return [key, readNpy(bytes)] as const;
      } catch (error) {
        if (error instanceof DataError)
          throw new DataError(`${name} cannot be opened: ${key}: ${error.message}`);
        throw error;
      }
    }),
  );
}
