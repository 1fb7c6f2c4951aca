/** An export as one file. */
import { zipSync, type Zippable } from 'fflate';
import type { Files } from './bundle.ts';

/** The same for the same files, whenever it is made. */
const WHEN = new Date(2000, 0, 1);

/** @param folder that all of it lies in. */
export function zipped(files: Files, folder: string): Uint8Array<ArrayBuffer> {
  const entries: Zippable = {};
  for (const [name, bytes] of files)
    // Weights hardly pack.
    entries[`${folder}/${name}`] = [
      bytes,
      { level: /\.(onnx|bin)$/.test(name) ? 1 : 6, mtime: WHEN },
    ];
  return zipSync(entries) as Uint8Array<ArrayBuffer>;
}
