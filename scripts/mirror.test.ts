import { createServer, type Server } from 'node:http';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadFolder } from '../cli/folder.ts';
import { loadDataset } from '../src/data/load.ts';
import { listMirror } from '../src/data/sources/mirror.ts';
import { gzipped, idxSet } from '../src/data/testing.ts';
import { mirrorHandler } from './mirror.ts';

let folder = '';
let server: Server;
let address = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'offramp-mirror-'));
  await mkdir(join(folder, 'mnist'));
  await mkdir(join(folder, 'holiday'));
  for (const [name, bytes] of idxSet()) {
    await writeFile(join(folder, 'mnist', `${name}.gz`), await gzipped(bytes));
  }
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(folder, 'mnist', 'secret.txt'), 'secret');
  const handlers = new Map([
    ['', mirrorHandler(folder, '/')],
    ['/sub', mirrorHandler(folder, '/sub/')],
    ['/none', mirrorHandler(undefined, '/none/')],
  ]);
  server = createServer((request, response) => {
    const base = [...handlers.keys()].findLast((key) => request.url?.startsWith(`${key}/`)) ?? '';
    handlers.get(base)!(request, response, () => response.writeHead(418).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const at = server.address();
  address = `http://127.0.0.1:${typeof at === 'object' && at ? at.port : 0}`;
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

describe('mirror', () => {
  it('lists the datasets that it finds, under any base', async () => {
    for (const base of ['/data/', '/sub/data/']) {
      const { datasets } = await listMirror(address + base);
      expect(datasets.map(({ id }) => id)).toEqual(['mnist']);
      expect(datasets[0]!.files.map(({ name }) => name)).toEqual([
        'train-images-idx3-ubyte.gz',
        'train-labels-idx1-ubyte.gz',
        't10k-images-idx3-ubyte.gz',
        't10k-labels-idx1-ubyte.gz',
      ]);
      expect(datasets[0]!.files.every(({ size }) => size > 0)).toBe(true);
    }
  });

  it('lists nothing without a folder', async () => {
    expect(await listMirror(`${address}/none/data/`)).toEqual({ datasets: [] });
  });

  it('serves files as they are stored, so that a dataset loads from it and from the folder alike', async () => {
    const name = 'train-images-idx3-ubyte.gz';
    const response = await fetch(`${address}/data/mnist/${name}`, { method: 'HEAD' });
    expect(response.headers.get('content-encoding')).toBeNull();
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    const mirror = `${address}/data/`;
    const dataset = await loadDataset({ id: 'mnist', base: 'mirror' }, { mirror });
    expect(dataset.train.count).toBe(30);
    const fromFolder = await loadFolder(folder, 'mnist');
    expect({ ...fromFolder, source: '' }).toEqual({ ...dataset, source: '' });
    expect(await loadFolder(join(folder, 'mnist'), 'mnist')).toEqual(fromFolder);
  });

  it('serves nothing else', async () => {
    for (const path of [
      'mnist/secret.txt',
      'mnist/..%2fsecret.txt',
      'secret.txt',
      'mnist',
      '',
      'mnist/a/b',
    ]) {
      expect((await fetch(`${address}/data/${path}`)).status).toBe(404);
    }
    expect((await fetch(`${address}/none/data/mnist/train-images-idx3-ubyte.gz`)).status).toBe(404);
    expect((await fetch(`${address}/index.html`)).status).toBe(418);
    expect((await fetch(`${address}/data/index.json`, { method: 'POST' })).status).toBe(418);
  });

  it('says when a folder is missing or lacks files', async () => {
    await expect(loadFolder(join(folder, 'no'), 'mnist')).rejects.toThrow('does not exist');
    await expect(loadFolder(folder, 'kmnist')).rejects.toThrow('KMNIST');
  });
});
