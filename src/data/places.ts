/** Where files lay that a person gave: a `File` forgets it on its way to a worker, and dropped ones never knew. */
import type { Bytes, ByteSource } from './formats/bytes.ts';

/** A file on its way to a worker. */
export interface PlacedFile {
  /** Folders and name: "pets/train/cat/1.png". */
  readonly path: string;
  readonly file: File;
}

const places = new WeakMap<File, string>();

/** Remembers where a file lay. */
export function place(file: File, path: string): File {
  places.set(file, path);
  return file;
}

export const pathOf = (file: File): string =>
  places.get(file) ?? (file.webkitRelativePath || file.name);

export const placed = (file: File): PlacedFile => ({ path: pathOf(file), file });

/** A file that has arrived. */
export const sourceOfFile = ({ path, file }: PlacedFile): ByteSource => ({
  ...{ name: file.name, path, size: file.size, blob: file },
  stream: () => file.stream() as ReadableStream<Bytes>,
});
