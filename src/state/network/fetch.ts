/** A network at an address: its file or its folder, and what lies beside. */
import type { NetworkFile } from '../../engine/reading.ts';
import { isSingleFile, MOST_FILE_BYTES, stemOf } from '../../network/single-file.ts';
import { data } from '../lease/images.ts';

/** Something that takes a while, as a person is told of it. */
export interface Told {
  readonly signal: AbortSignal;
  readonly say: (words: string) => void;
}

/** The files of a network at an address, and what fetches others from beside them. */
export async function filesAt(url: URL, { signal, say }: Told) {
  const isFile = isSingleFile(url.pathname);
  const base = isFile || url.pathname.endsWith('/') ? url : new URL(`${url.href}/`);
  const files: NetworkFile[] = [];
  const fetched = async (at: URL) => {
    const name = decodeURIComponent(at.pathname.split('/').at(-1)!);
    const content = await data().fetch(at, MOST_FILE_BYTES, {
      signal,
      onProgress: ({ done, total }) =>
        say(
          `Fetching ${name} from ${at.host}: ${(done / 1e6).toFixed(1)} ${total ? `of ${(total / 1e6).toFixed(1)} ` : ''}MB`,
        ),
    });
    const file = { name, content };
    files.push(file);
    return file;
  };
  const beside = (path: string) =>
    fetched(new URL(path.split(/[\\/]/).map(encodeURIComponent).join('/'), base));
  const perhaps = async (path: string): Promise<boolean> => {
    try {
      await beside(path);
      return true;
    } catch {
      signal.throwIfAborted();
      return false;
    }
  };
  if (isFile) {
    const { name } = await fetched(url);
    await perhaps(`${stemOf(name)}.card.json`);
    await perhaps(`${stemOf(name)}.golden.json`);
  } else {
    const { content } = await beside('model.json');
    if (!(await perhaps('card.json'))) await perhaps('metadata.json');
    for (const path of shardsOf(content)) await beside(path);
    await perhaps('golden.json');
  }
  return { files, beside };
}

/** Paths of the weights that a model.json names; none where it is none, which its reader says. */
function shardsOf(bytes: Uint8Array): string[] {
  let model: unknown;
  try {
    model = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return [];
  }
  const { weightsManifest } = (model ?? {}) as { weightsManifest?: unknown };
  const groups = (Array.isArray(weightsManifest) ? weightsManifest : []) as { paths?: unknown }[];
  return groups.flatMap(({ paths }) => (Array.isArray(paths) ? (paths as string[]) : []));
}
