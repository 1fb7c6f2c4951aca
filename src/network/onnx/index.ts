/** An ONNX file, perhaps with its weights in others beside it → a network's layers and weights. */
import { convertOnnx, type Converted } from './convert.ts';
import { parseOnnx } from './model.ts';

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
    throw new Error(
      `The weights of ${name} lie in ${location}, which is not among the files. Give both together.`,
    );
  };
  return convertOnnx(parseOnnx(bytes, name), size, read);
}
