/** What a file is, by its first bytes: each format is asked in turn. */
import { isTar, isZip } from '../archives/starts.ts';
import { DataError, grouped } from '../errors.ts';
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

function unknown(name: string, start: Bytes, formats: readonly ListedFormat[]): DataError {
  if (start.length === 0) return new DataError(`${name} is empty.`);
  if (!start.some((byte) => byte !== 0))
    return new DataError(
      `${name} begins with ${grouped(start.length)} zeros and nothing else: its content never came. Copy or download it again.`,
    );
  if (isZip(start) || isTar(start))
    return new DataError(
      `${name} is an archive whose name does not say so: let it end in .zip, .tar or .tar.gz, or give what is in it.`,
    );
  if (start[0] === 0x80 && start[1]! <= 5) {
    return new DataError(
      `${name} is a Python pickle, and its name is none of CIFAR’s batches (data_batch_1, …, test_batch, train, test).`,
    );
  }
  const bytes = [...start.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0'));
  return new DataError(
    `${name} is neither ${formats.map(({ file }) => file).join(' nor ')}: it starts with 0x${bytes.join('')}. ` +
      'Give the published files, packed (.gz) or not.',
  );
}
