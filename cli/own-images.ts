/** A person's own images on the command line: a folder, an archive or a file by its path. */
import { openAsBlob } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Dataset } from '../src/core/dataset.ts';
import type { PlacedSource } from '../src/data/archives/placed.ts';
import { catalogue, isDatasetId } from '../src/data/catalogue.ts';
import type { Bytes } from '../src/data/formats/bytes.ts';
import { fetchFromHub } from '../src/data/hub/fetch.ts';
import { HUB } from '../src/data/hub/name.ts';
import { loadDataset } from '../src/data/load.ts';
import type { Reading, Target } from '../src/data/pictures/read.ts';
import { parseCard } from '../src/network/card.ts';
import { isSingleFile, stemOf } from '../src/network/single-file.ts';
import { fileSource } from './folder.ts';
import { decodeWithPackages } from './picture-codecs.ts';

const OF_HUB = /^hf:/;

/** Whether what is called a dataset is something on disk, or of the Hugging Face Hub. */
export const isOwn = async (path: string): Promise<boolean> =>
  OF_HUB.test(path) ||
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * Loads images as the page does that gets the same files.
 * @param network what the images are for, as `--network` names it: pictures are brought to its size.
 * @throws Error with a sentence when they make no dataset.
 */
export async function loadOwnImages(
  path: string,
  network: string,
  how: Omit<Reading, 'target'>,
): Promise<Dataset> {
  decodeWithPackages();
  const { files, hub } = OF_HUB.test(path)
    ? await filesOfHub(path)
    : { files: await filesAt(path) };
  const dataset = await loadDataset({
    ...{ files, ...(hub !== undefined && { hub }) },
    reading: { ...how, target: await targetOf(network) },
  });
  // Several sets of a person's own may be recorded into one folder.
  if (dataset.id !== 'files') return dataset;
  return {
    ...dataset,
    id: idOf(hub?.replace(/[:@].*/, '') ?? path),
    ...(hub === undefined && { title: basename(path) }),
  };
}

/** Where the Hub is, or what stands for it, as its own tools are told. */
const endpoint = (): string => (process.env.HF_ENDPOINT ?? HUB).replace(/\/+$/, '');

/**
 * The parquet files of a dataset of the Hub, fetched whole.
 * @throws Error with a sentence that says what to do on a command line.
 */
async function filesOfHub(name: string): Promise<{ files: PlacedSource[]; hub: string }> {
  const at = endpoint();
  const ask = (address: string): Promise<Response> => fetch(address.replace(HUB, at));
  const { name: hub, files } = await fetchFromHub(name, [], { ask }).catch((error: unknown) => {
    if (!(error instanceof Error)) throw error;
    const here = error.message
      .replace(
        /The Hugging Face Hub could not be reached: .*? \(CORS\)\./,
        `${at} could not be reached.`,
      )
      .replace(
        'download its files there and drop them here, parquet files or folders of pictures.',
        'download its parquet files there and give their folder to --dataset.',
      );
    throw new Error(here, { cause: error });
  });
  console.log(hub);
  const sources = files.map(({ path, content }) => ({
    ...{ name: basename(path), path, size: content.size, blob: content },
    stream: () => content.stream() as ReadableStream<Bytes>,
  }));
  return { files: sources, hub };
}

function idOf(path: string): string {
  const name = basename(path)
    .toLowerCase()
    .replace(/(\.tar)?\.\w+$/, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name === '' || isDatasetId(name) ? `own-${name || 'files'}` : name;
}

async function filesAt(path: string): Promise<PlacedSource[]> {
  const found = await stat(path);
  if (found.isFile()) return [await sourceAt(path, basename(path), found.size)];
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async ({ parentPath, name }) => {
      const full = join(parentPath, name);
      return sourceAt(full, relative(path, full), (await stat(full)).size);
    }),
  );
}

async function sourceAt(full: string, path: string, size: number): Promise<PlacedSource> {
  const source = { ...fileSource(full, basename(full), size), path: path.replaceAll('\\', '/') };
  if (!/\.(zip|tar|parquet)$/i.test(full)) return source;
  // Of an archive only what is wanted is read.
  const blob = await openAsBlob(full);
  return { ...source, blob, stream: () => blob.stream() as ReadableStream<Bytes> };
}

/** The size that pictures are brought to for a network. */
async function targetOf(network: string): Promise<Target> {
  const { input, dataset } = await cardOf(network);
  const size = isDatasetId(dataset) ? catalogue[dataset].shape[0] : input.size;
  return { size, most: input.size, channels: input.channels === 1 ? 1 : 3 };
}

async function cardOf(network: string) {
  if (network === 'dec') return { input: { size: 28, channels: 1 }, dataset: '' };
  const bundled = fileURLToPath(new URL(`../public/networks/${network}`, import.meta.url));
  const path = isSingleFile(network)
    ? `${stemOf(network)}.card.json`
    : join(/^[\w.-]+$/.test(network) ? bundled : network, 'card.json');
  try {
    return parseCard(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The card of ${network} cannot be read (${why}); it says to which size pictures are brought.`,
      { cause: error },
    );
  }
}
