/** What a run goes in with: images, a network's files, and the commit of the code. */
import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstImages, type Dataset } from '../src/core/dataset.ts';
import { datasetIds, isDatasetId, isFileDatasetId } from '../src/data/catalogue.ts';
import { generateStrokes } from '../src/data/strokes/index.ts';
import { checkExits } from '../src/network/exit-names.ts';
import { readExits } from '../src/network/exits-text.ts';
import { freshDec } from '../src/network/dec.ts';
import { networkFromFiles, type NetworkFiles } from '../src/network/files.ts';
import type { GivenNetwork } from '../src/network/given.ts';
import { readGiven } from '../src/network/reading.ts';
import { isSingleFile, stemOf } from '../src/network/single-file.ts';
import { loadFolder } from './folder.ts';
import { isOwn, loadOwnImages } from './own-images.ts';
import type { ImagesAsked } from './options.ts';

/** @throws Error with a sentence when there is no such dataset, or its files are missing or wrong. */
export async function loadImages({
  id,
  folder,
  strokes,
  testImages,
  pictures,
}: ImagesAsked): Promise<Dataset> {
  if (isFileDatasetId(id) && !folder)
    throw new Error(`${id} needs its published files: give --data DIR or set OFFRAMP_DATA.`);
  if (!isDatasetId(id) && !(pictures && (await isOwn(id))))
    throw new Error(
      `There is no dataset "${id}"; there are ${datasetIds.join(', ')}, whatever folder or archive lies at a path, and hf:owner/name of the Hugging Face Hub.`,
    );
  const dataset = isFileDatasetId(id)
    ? await loadFolder(folder, id)
    : isDatasetId(id)
      ? generateStrokes(strokes)
      : await loadOwnImages(id, pictures!.network, pictures!);
  if (testImages === 0) return dataset;
  return { ...dataset, test: firstImages(dataset.test, dataset.shape, testImages) };
}

/**
 * A network: one that this program makes, or from files.
 * @param network `dec` for DEC's encoder with fresh weights, an id under public/networks, a folder, or an ONNX or Keras file.
 * @throws Error with a sentence when it is not there, is not read here, or lacks its card.
 */
export async function loadNetworkFiles(
  network: string,
  { id, shape, classes }: Dataset,
  seed: number,
): Promise<NetworkFiles> {
  if (network === 'dec') return freshDec(shape, id, classes, seed);
  if (!isSingleFile(network)) return networkFromFiles(await readNetwork(network));
  const given = await readGiven(await filesBeside(network));
  if (!given.card) throw new Error(cardWanted(network, given, classes));
  return given.complete(given.card);
}

/** The network with some of its exits alone, as `--exits` names them. @throws Error with a sentence when they are none. */
export function withExits(files: NetworkFiles, exits: string): NetworkFiles {
  if (exits === '') return files;
  const card = { ...files.card, exits: readExits(exits) };
  checkExits({ ...files, card });
  return { ...files, card };
}

/** Files beside a network's file that are read with it: its card, and those in which its weights may lie. */
async function filesBeside(path: string): Promise<Map<string, Uint8Array>> {
  const [folder, name] = [dirname(path), basename(path)];
  const files = new Map<string, Uint8Array>();
  try {
    const model = await readFile(path);
    files.set(name, model);
    const text = model.toString('latin1');
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const isCard = [`${stemOf(name)}.card.json`, 'card.json'].includes(entry.name);
      // A model names the files in which its weights lie.
      const isNamed = !isSingleFile(entry.name) && text.includes(entry.name);
      if (entry.isFile() && (isCard || isNamed))
        files.set(entry.name, await readFile(join(folder, entry.name)));
    }
  } catch (error) {
    throw new Error(`The file ${path} cannot be read; expected a network.`, { cause: error });
  }
  return files;
}

/** What a card beside a network has to say, filled in with what its file says. */
function cardWanted(
  path: string,
  { name, size, channels, outputs }: GivenNetwork,
  classes: readonly string[],
): string {
  const depth = channels ?? 3;
  const card = {
    id: name,
    classes: outputs === null || outputs === classes.length ? classes : `${outputs} names`,
    input: {
      ...{ size: size ?? 32, channels: depth, fit: 'resize' },
      ...{ mean: Array<number>(depth).fill(0), std: Array<number>(depth).fill(1) },
    },
  };
  return (
    `${path} has no card, so nobody says how it is fed: write ${name}.card.json beside it, with the mean and std of its ` +
    `training for pixels in 0…1 (docs/own-network.md). It begins as\n${JSON.stringify(card, null, 2)}`
  );
}

/**
 * The files of a network by name.
 * @param network an id under public/networks, or a folder.
 * @throws Error with a sentence when there is neither.
 */
export async function readNetwork(network: string): Promise<Map<string, Uint8Array>> {
  const bundled = fileURLToPath(new URL(`../public/networks/${network}`, import.meta.url));
  const folder = /^[\w.-]+$/.test(network) ? bundled : network;
  const files = new Map<string, Uint8Array>();
  try {
    for (const entry of await readdir(folder, { withFileTypes: true }))
      if (entry.isFile()) files.set(entry.name, await readFile(join(folder, entry.name)));
  } catch (error) {
    throw new Error(
      `There is no network "${network}": neither an id under public/networks nor a folder.`,
      { cause: error },
    );
  }
  return files;
}

/** The commit, with a mark when the tree differs from it; "unknown" outside a repository. */
export function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
    const changed = git('status', '--porcelain', '--', 'src', 'cli', 'public') !== '';
    return git('rev-parse', '--short=12', 'HEAD') + (changed ? '+changes' : '');
  } catch {
    return 'unknown';
  }
}
