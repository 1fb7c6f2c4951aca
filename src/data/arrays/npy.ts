/** NumPy's `.npy`: one array behind a header that is a Python dict (numpy.lib.format, versions 1 to 3). */
import { DataError } from '../errors.ts';
import type { Content } from './array.ts';
import { numpyArray } from './numpy-array.ts';
import { unpickled } from './pickled.ts';

const MAGIC = '\x93NUMPY';

export const isNpy = (bytes: Uint8Array): boolean =>
  bytes.length >= MAGIC.length && latin1(bytes.subarray(0, MAGIC.length)) === MAGIC;

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/**
 * The array of a file; text as a list of it. Arrays of objects go through the restricted pickle reader.
 * @throws DataError with a sentence without the file's name.
 */
export function readNpy(bytes: Uint8Array): Content {
  const { header, start } = headerOf(bytes);
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const dimensions = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (descr === undefined && /'descr':\s*\[/.test(header))
    throw new DataError('the array has named fields; save each field as an array of its own.');
  if (descr === undefined || order === undefined || dimensions === undefined)
    throw new DataError(
      'the header of the array is none of NumPy’s: descr, fortran_order or shape is missing.',
    );
  const shape = dimensions
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => (/^\s*\d+L?\s*$/.test(part) ? Number.parseInt(part, 10) : NaN));
  const data = bytes.subarray(start);
  if (descr === '|O' || descr === 'O') return unpickled(data);
  return numpyArray(descr, shape, order === 'True', data);
}

function headerOf(bytes: Uint8Array): { header: string; start: number } {
  const version = bytes[6] ?? 0;
  const width = version === 1 ? 2 : 4;
  if (version < 1 || version > 3)
    throw new DataError(
      `the array is of version ${version} of NumPy’s format; 1 to 3 can be opened.`,
    );
  const from = 8 + width;
  if (bytes.length < from) throw new DataError('the array ends in its header; it is cut off.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = width === 2 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (from + length > bytes.length || length > 100_000)
    throw new DataError('the array ends in its header; it is cut off.');
  return {
    header: new TextDecoder().decode(bytes.subarray(from, from + length)),
    start: from + length,
  };
}
