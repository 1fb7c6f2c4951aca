/** What a file is, by its first bytes: each format is asked in turn. */
import { DataError } from '../errors.ts';
import { ByteReader, type ByteSource, type Bytes } from '../formats/bytes.ts';
import type { Found, Format } from '../formats/format.ts';
import type { ListedFormat } from '../formats/index.ts';

/** What a file is, and of which format. */
export interface Recognised extends Found {
  readonly listed: ListedFormat;
  readonly format: Format;
}

/**
 * Looks at the beginning of a file.
 * @throws DataError when it is none of the formats, saying what it seems to be; AbortError.
 */
export async function recognise(
  source: ByteSource,
  formats: readonly ListedFormat[],
  signal?: AbortSignal,
): Promise<Recognised> {
  const loaded = await Promise.all(
    formats.map(async (listed) => ({ listed, format: await listed.load() })),
  );
  const reader = await ByteReader.open(source, { signal });
  try {
    const most = Math.max(...loaded.map(({ format }) => format.headBytes));
    const bytes = await reader.peek(most);
    const size = reader.packed ? undefined : source.size;
    for (const { listed, format } of loaded) {
      const found = format.recognise({ name: source.name, bytes, size });
      if (found) return { ...found, listed, format };
    }
    throw unknown(source.name, bytes, formats);
  } finally {
    await reader.close();
  }
}

/** The kind of a picture by its first bytes; null for anything else. */
function pictureOf(start: Bytes, text: (from: number, to: number) => string): string | null {
  if (text(1, 4) === 'PNG') return 'PNG';
  if (start[0] === 0xff && start[1] === 0xd8 && start[2] === 0xff) return 'JPEG';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'WebP';
  return text(0, 3) === 'GIF' ? 'GIF' : null;
}

function unknown(name: string, start: Bytes, formats: readonly ListedFormat[]): DataError {
  const text = (from: number, to: number) => String.fromCharCode(...start.subarray(from, to));
  if (start.length === 0) return new DataError(`${name} is empty.`);
  if (text(257, 262) === 'ustar' || text(0, 2) === 'PK') {
    return new DataError(`${name} is an archive: unpack it and give the files that are in it.`);
  }
  if (start[0] === 0x80 && start[1]! <= 5) {
    return new DataError(
      `${name} is a Python pickle, and its name is none of CIFAR’s batches (data_batch_1, …, test_batch, train, test).`,
    );
  }
  const picture = pictureOf(start, text);
  if (picture)
    return new DataError(
      `${name} is a ${picture} picture. Single pictures are not opened here: put them into an array, ` +
        'numpy.savez("images.npz", x_train=…, y_train=…, x_test=…, y_test=…) with x of [count, height, width, 3].',
    );
  const bytes = [...start.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0'));
  return new DataError(
    `${name} is neither ${formats.map(({ file }) => file).join(' nor ')}: it starts with 0x${bytes.join('')}. ` +
      'Give the published files, packed (.gz) or not.',
  );
}
