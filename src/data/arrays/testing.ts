/** Small files of arrays for tests, written byte by byte. */
import { zipSync } from 'fflate';

const SIZES: Readonly<Record<string, number>> = { f8: 8, f4: 4, i8: 8, i4: 4, i2: 2, u1: 1, u2: 2 };

/** An `.npy` of numbers in C order. */
export function npyFile(
  shape: readonly number[],
  values: ArrayLike<number>,
  descr = '<f8',
): Uint8Array {
  const width = SIZES[descr.slice(1)]!;
  const body = new Uint8Array(values.length * width);
  const view = new DataView(body.buffer);
  for (let i = 0; i < values.length; i++) {
    const [at, value] = [i * width, values[i]!];
    if (descr === '<f8') view.setFloat64(at, value, true);
    else if (descr === '<f4') view.setFloat32(at, value, true);
    else if (descr === '<i8') view.setBigInt64(at, BigInt(value), true);
    else if (descr === '<i4') view.setInt32(at, value, true);
    else if (descr === '<i2') view.setInt16(at, value, true);
    else if (descr === '<u2') view.setUint16(at, value, true);
    else view.setUint8(at, value);
  }
  const dims = `${shape.join(', ')}${shape.length === 1 ? ',' : ''}`;
  return withHeader(`{'descr': '${descr}', 'fortran_order': False, 'shape': (${dims}), }`, body);
}

/** An `.npy` with that header, whatever it says. */
export function withHeader(header: string, body: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(`${header}\n`);
  const bytes = new Uint8Array(10 + text.length + body.length);
  bytes.set([
    0x93,
    ...new TextEncoder().encode('NUMPY'),
    1,
    0,
    text.length & 255,
    text.length >> 8,
  ]);
  bytes.set(text, 10);
  bytes.set(body, 10 + text.length);
  return bytes;
}

/** An `.npz` of such. */
export const npzFile = (arrays: Readonly<Record<string, Uint8Array>>): Uint8Array =>
  zipSync(
    Object.fromEntries(Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes])),
  );
