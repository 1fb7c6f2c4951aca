/** Entry of the worker that reads networks of a person's own: files → layers and weights, which are handed over. */
import { MissingFile } from '../../network/onnx/index.ts';
import { readFiles } from '../../network/reading.ts';
import { isSingleFile } from '../../network/single-file.ts';
import { answerHere } from '../../wire/scope.ts';
import { serve } from '../../wire/serve.ts';
import type { ReadCalls } from '../reading.ts';
import { unpacked } from './archives.ts';

/** Bytes of a file that are read at once. */
const PART = 2 ** 25;

answerHere<ReadCalls>(
  (send) =>
    serve<ReadCalls>(
      send,
      {
        async read({ files, size }, { tell }) {
          const bytes = new Map<string, Uint8Array>();
          for (const { name, content } of files)
            bytes.set(name, content instanceof Blob ? await read(name, content, tell) : content);
          const all = unpacked(bytes);
          tell(`${[...all.keys()].find(isSingleFile) ?? 'the network'}: its layers`);
          try {
            const reading = await readFiles(all, size);
            return { reading, files: reading.network ? null : files };
          } catch (error) {
            const missing = MissingFile.in(error);
            if (!missing) throw error;
            return { missing: missing.location, sentence: (error as Error).message, files };
          }
        },
      },
      { wordsFor },
    ).receive,
);

/** @throws Error with a sentence when the file is not there any more. */
async function read(
  name: string,
  file: Blob,
  tell: (words: string) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(file.size);
  try {
    for (let at = 0; at < file.size; at += PART) {
      tell(`${name} ${Math.floor((100 * at) / file.size)} %`);
      bytes.set(new Uint8Array(await file.slice(at, at + PART).arrayBuffer()), at);
    }
  } catch (error) {
    throw new Error(
      `${name} cannot be read: it was moved, changed or is not for this browser to read. Choose it again.`,
      { cause: error },
    );
  }
  return bytes;
}

function wordsFor(error: unknown): { name: string; message: string } {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof RangeError)
    return {
      name: 'Error',
      message: `There is not enough memory for the network (${message}). Close other pages and try again.`,
    };
  return { name: 'Error', message };
}
