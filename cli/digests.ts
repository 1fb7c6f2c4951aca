/**
 * What the files of a folder are: digests.json, by which the page knows what arrives damaged.
 *   npm run digests            of public/runs and of every network in public/networks
 *   npm run digests -- FOLDER  of another folder
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DIGESTS, type Digests } from '../src/fetch/digests.ts';

const PUBLISHED = fileURLToPath(new URL('../public/', import.meta.url));

/** SHA-256 of every file of a folder but of digests.json itself, by name. */
export async function digestsOf(folder: string): Promise<Digests> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && entry.name !== DIGESTS && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
  const digests = names.map(async (name) => {
    const bytes = await readFile(join(folder, name));
    return [name, createHash('sha256').update(bytes).digest('hex')] as const;
  });
  return Object.fromEntries(await Promise.all(digests));
}

export async function writeDigests(folder: string): Promise<void> {
  const digests = await digestsOf(folder);
  await writeFile(join(folder, DIGESTS), `${JSON.stringify(digests, null, 1)}\n`);
}

/** The folders whose files the page fetches of its own. */
export async function publishedFolders(): Promise<string[]> {
  const networks = join(PUBLISHED, 'networks');
  return [join(PUBLISHED, 'runs'), ...(await readdir(networks)).map((id) => join(networks, id))];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const given = process.argv.slice(2);
  const folders = given.length > 0 ? given : await publishedFolders();
  await Promise.all(folders.map(writeDigests));
  console.log(`${DIGESTS} of ${folders.length} folders`);
}
