/** An ONNX file, perhaps with its weights in others beside it → a network's layers and weights. */
import { convertOnnx, type Converted } from './convert.ts';
import { parseOnnx } from './model.ts';

/** Weights lie in another file, which is not among those given. */
export class MissingFile extends Error {
  /** @param location of it, as the model names it. */
  constructor(
    message: string,
    readonly location: string,
  ) {
    super(message);
  }

  /** What lies behind an error, if it is that. */
  static in(error: unknown): MissingFile | null {
    for (let at = error; at instanceof Error; at = at.cause)
      if (at instanceof MissingFile) return at;
    return null;
  }
}

/**
 * @param name of the file, for messages.
 * @param files others by their names: those in which the weights lie, where they do not lie in the model itself.
 * @param size height and width of the images where the model leaves them open.
 * @throws Error with a sentence when it is no ONNX model, a file is missing, or a node is not read here.
 */
export function openOnnx(
  name: string,
  bytes: Uint8Array,
  files: ReadonlyMap<string, Uint8Array> = new Map(),
  size: number | null = null,
): Converted {
  const read = (location: string): Uint8Array => {
    const found = files.get(location.split(/[\\/]/).at(-1)!);
    if (found) return found;
    throw new MissingFile(
      `The weights of ${name} lie in ${location}, which is not among the files. Give both together.`,
      location,
    );
  };
  return convertOnnx(parseOnnx(bytes, name), size, read);
}
