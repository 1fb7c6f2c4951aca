/** What a run goes in with: images, a network's files, and the commit of the code. */
import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstImages, type Dataset } from '../src/core/dataset.ts';
import { datasetIds, isDatasetId, isFileDatasetId } from '../src/data/catalogue.ts';
import { generateStrokes } from '../src/data/strokes/index.ts';
import { freshDec } from '../src/network/dec.ts';
import { networkFromFiles, type NetworkFiles } from '../src/network/files.ts';
import { loadFolder } from './folder.ts';
import type { ImagesAsked } from './options.ts';

/** @throws Error with a sentence when there is no such dataset, or its files are missing or wrong. */
export async function loadImages({
  id,
  folder,
  strokes,
  testImages,
}: ImagesAsked): Promise<Dataset> {
  if (!isDatasetId(id))
    throw new Error(`There is no dataset "${id}"; there are ${datasetIds.join(', ')}.`);
  if (isFileDatasetId(id) && !folder)
    throw new Error(`${id} needs its published files: give --data DIR or set OFFRAMP_DATA.`);
  const dataset = isFileDatasetId(id) ? await loadFolder(folder, id) : generateStrokes(strokes);
  if (testImages === 0) return dataset;
  return { ...dataset, test: firstImages(dataset.test, dataset.shape, testImages) };
}

/**
 * A network: one that this program makes, or from files.
 * @param network `dec` for DEC's encoder with fresh weights, an id under public/networks, or a folder.
 */
export async function loadNetworkFiles(
  network: string,
  { id, shape, classes }: Dataset,
  seed: number,
): Promise<NetworkFiles> {
  if (network === 'dec') return freshDec(shape, id, classes, seed);
  return networkFromFiles(await readNetwork(network));
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
