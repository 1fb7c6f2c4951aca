/** What a file is, by its first bytes. Names are only asked where content cannot tell. */
import { DataError } from '../errors.ts';
import { FINGERPRINT_BYTES, identify, type Published } from '../fingerprints.ts';
import { ByteReader, type ByteSource, type Bytes } from '../formats/bytes.ts';
import { recogniseCifar, type CifarKind } from '../formats/cifar.ts';
import { headerBytes, parseIdxHeader, type IdxHeader } from '../formats/idx.ts';

export type Recognised =
  | {
      readonly kind: 'idx';
      readonly header: IdxHeader;
      readonly published: Published | null;
    }
  | { readonly kind: 'cifar'; readonly id: CifarKind };

/** @throws DataError when it is none of the formats that are read here, saying what it seems to be; AbortError. */
export async function recognise(source: ByteSource, signal?: AbortSignal): Promise<Recognised> {
  const reader = await ByteReader.open(source, { signal });
  try {
    const start = await reader.peek(headerBytes.images + FINGERPRINT_BYTES);
    const header = parseIdxHeader(start, source.name);
    if (header) {
      const content = start.subarray(headerBytes[header.kind]);
      return { kind: 'idx', header, published: identify(content, header.kind) };
    }
    const cifar = recogniseCifar(start, reader.packed ? undefined : source.size);
    if (cifar) return { kind: 'cifar', id: cifar };
    throw unknown(source.name, start);
  } finally {
    await reader.close();
  }
}

function unknown(name: string, start: Bytes): DataError {
  const text = (from: number, to: number) => String.fromCharCode(...start.subarray(from, to));
  if (start.length === 0) return new DataError(`${name} is empty.`);
  if (text(257, 262) === 'ustar' || text(0, 2) === 'PK') {
    return new DataError(`${name} is an archive: unpack it and give the files that are in it.`);
  }
  if (start[0] === 0x80 && start[1]! <= 5) {
    return new DataError(
      `${name} is a Python pickle; expected the “binary version” of CIFAR (files that end in .bin).`,
    );
  }
  const bytes = [...start.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0'));
  return new DataError(
    `${name} is neither an idx file nor a CIFAR binary file: it starts with 0x${bytes.join('')}. ` +
      'Give the published files, packed (.gz) or not.',
  );
}
