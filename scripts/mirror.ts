/**
 * Vite plugin: `OFFRAMP_DATA=DIR npm start` serves DIR/<dataset id>/<published file> under `data/`, and a list of
 * what is there as `data/index.json`. Only file names of the catalogue are served.
 */
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { fileDatasetIds, isFileDatasetId, knownFileNames } from '../src/data/catalogue.ts';
import type { FileDatasetId } from '../src/data/catalogue.ts';
import type { MirrorDataset, MirrorFile, MirrorIndex } from '../src/data/sources/mirror.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connect, Plugin } from 'vite';

/** @param folder defaults to the environment's OFFRAMP_DATA; without one the list is empty. */
export function mirror(folder: string | undefined = process.env['OFFRAMP_DATA']): Plugin {
  const install = async (
    middlewares: Connect.Server,
    base: string,
    warn: (message: string) => void,
  ): Promise<void> => {
    if (folder && !(await isFolder(folder))) {
      warn(`OFFRAMP_DATA: the folder ${folder} does not exist; no dataset files are served.`);
    }
    middlewares.use(mirrorHandler(folder, base));
  };
  return {
    name: 'offramp-mirror',
    configureServer: ({ middlewares, config }) =>
      install(middlewares, config.base, (message) => config.logger.warn(message)),
    configurePreviewServer: ({ middlewares, config }) =>
      install(middlewares, config.base, (message) => config.logger.warn(message)),
  };
}

type Handler = (
  request: Pick<IncomingMessage, 'url' | 'method'>,
  response: ServerResponse,
  next: () => void,
) => void;

/** Answers everything under `<base>data/`, with 404 for what is not there; passes the rest on. */
export function mirrorHandler(folder: string | undefined, base: string): Handler {
  const prefix = `${base.startsWith('/') ? base : '/'}data/`;
  return (request, response, next) => {
    const path = request.url?.split('?')[0] ?? '';
    if (!path.startsWith(prefix) || !['GET', 'HEAD'].includes(request.method ?? '')) {
      next();
      return;
    }
    answer(folder, path.slice(prefix.length), request.method === 'HEAD', response).catch(
      (error: unknown) => {
        console.warn(`mirror: ${error instanceof Error ? error.message : String(error)}`);
        if (!response.headersSent) response.writeHead(500);
        response.end();
      },
    );
  };
}

async function answer(
  folder: string | undefined,
  path: string,
  headOnly: boolean,
  response: ServerResponse,
): Promise<void> {
  if (path === 'index.json') {
    const json = JSON.stringify(await indexOf(folder));
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache' });
    response.end(headOnly ? undefined : json);
    return;
  }
  const [id = '', name = '', ...rest] = path.split('/');
  const isKnown = isFileDatasetId(id) && rest.length === 0 && knownFileNames(id).includes(name);
  const file = folder && isKnown ? await fileAt(folder, id, name) : null;
  if (!folder || !file) {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(headOnly ? undefined : 'There is no such dataset file here.\n');
    return;
  }
  // No Content-Encoding for .gz: the page unpacks what it is given, the browser must not do so before.
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': file.size,
    'cache-control': 'no-cache',
  });
  if (headOnly) {
    response.end();
    return;
  }
  await new Promise<void>((resolve) => {
    // A page that cancels closes the connection, which is no failure.
    pipeline(createReadStream(join(folder, id, name)), response, () => resolve());
  });
}

/** What a folder has: known files in subfolders that are named by a dataset's id. */
async function indexOf(folder: string | undefined): Promise<MirrorIndex> {
  const datasets: MirrorDataset[] = [];
  for (const id of folder ? fileDatasetIds : []) {
    const names = await readdir(join(folder ?? '', id)).catch((): string[] => []);
    const known = knownFileNames(id).filter((name) => names.includes(name));
    const files = await Promise.all(known.map((name) => fileAt(folder ?? '', id, name)));
    const found = files.filter((file) => file !== null);
    if (found.length > 0) datasets.push({ id, files: found });
  }
  return { datasets };
}

async function fileAt(folder: string, id: FileDatasetId, name: string): Promise<MirrorFile | null> {
  const entry = await stat(join(folder, id, name)).catch(() => null);
  return entry?.isFile() ? { name, size: entry.size } : null;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}
