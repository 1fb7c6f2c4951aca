import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HUB } from '../src/data/hub/name.ts';
import { hubAnswer } from '../src/data/hub/testing.ts';
import { parquetOf } from '../src/data/parquet/testing.ts';
import { pattern, pngFile } from '../src/data/pictures/testing.ts';
import { loadImages } from './inputs.ts';
import { parseOptions } from './options.ts';

const pictures = Object.fromEntries(
  ['cat', 'dog', 'eel'].flatMap((name, k) =>
    [1, 2, 3, 4].map((n): [string, Uint8Array] => [
      `My Pets/${name}/${n}.png`,
      pngFile(pattern(28, 28, 1, 10 * k + n)),
    ]),
  ),
);
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'offramp-own-'));
  for (const [path, bytes] of Object.entries(pictures)) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), bytes);
  }
  await writeFile(join(home, 'My Pets.zip'), zipSync(pictures));
});
afterAll(() => rm(home, { recursive: true }));

/** Images as `npm run record` loads them. */
async function load(name: string, network: string, ...more: string[]) {
  const dataset = join(home, name);
  const asked = parseOptions([
    ...['--dataset', dataset, '--network', network, '--out', home],
    ...more,
  ]);
  if (asked.command !== 'record') throw new Error('nothing is recorded');
  return loadImages(asked.record.images);
}

describe('images at a path', () => {
  it('are the same from a folder and a zip, as the network takes them', async () => {
    const folder = await load('My Pets', 'resnet18-w16-mnist', '--split-seed', '3');
    expect(folder).toMatchObject({
      ...{ id: 'my-pets', title: 'My Pets', classes: ['cat', 'dog', 'eel'], shape: [28, 28, 1] },
      seed: 3,
    });
    expect([folder.train.count, folder.test.count]).toEqual([9, 3]);
    const zip = await load('My Pets.zip', 'resnet18-w16-mnist', '--split-seed', '3');
    expect({ ...zip, title: '' }).toEqual({ ...folder, title: '' });
    const colour = await load('My Pets', 'resnet18-cifar10', '--test-share', '0.5');
    expect(colour.shape).toEqual([28, 28, 3]);
    expect(colour.test.count).toBe(6);
    expect(colour.note).toContain('grey is made colour');
  });

  it('of the Hub are fetched from where it is, or from what HF_ENDPOINT says stands for it', async () => {
    const sha = 'ab'.repeat(20);
    const table = (count: number) =>
      parquetOf({
        rows: Array.from({ length: count }, (_, i) => ({
          picture: pngFile(pattern(28, 28, 1, i)),
          label: i % 2,
        })),
        names: ['cat', 'dog'],
      });
    const files = { 'data/train-0.parquet': table(6), 'data/test-0.parquet': table(4) };
    const server = createServer((request, response) => {
      const { status, body } = hubAnswer({ id: 'own/pets', sha, files }, `${HUB}${request.url!}`);
      response.writeHead(status).end(body);
    });
    await new Promise<void>((ready) => server.listen(0, 'localhost', ready));
    const { port } = server.address() as AddressInfo;
    vi.stubEnv('HF_ENDPOINT', `http://localhost:${port}/`);
    const ask = (name: string) => {
      const asked = parseOptions([
        '--dataset',
        name,
        '--network',
        'resnet18-w16-mnist',
        '--out',
        home,
      ]);
      if (asked.command !== 'record') throw new Error('nothing is recorded');
      return loadImages(asked.record.images);
    };
    const dataset = await ask('hf:own/pets');
    expect(dataset).toMatchObject({ id: 'pets', classes: ['cat', 'dog'], shape: [28, 28, 1] });
    expect([dataset.train.count, dataset.test.count]).toEqual([6, 4]);
    await expect(ask('hf:own/other')).rejects.toThrow(/no public dataset “own\/other”/);
    await new Promise((done) => server.close(done));
    await expect(ask('hf:own/pets')).rejects.toThrow(
      `http://localhost:${port} could not be reached. Its page is ${HUB}/datasets/own/pets: download its parquet files ` +
        'there and give their folder to --dataset.',
    );
    vi.unstubAllEnvs();
  });

  it('are refused with a sentence where there are none', async () => {
    await expect(load('nowhere', 'resnet18-w16-mnist')).rejects.toThrow(/There is no dataset/);
    await expect(load('My Pets', 'none')).rejects.toThrow(/The card of none cannot be read/);
    expect(() =>
      parseOptions(['--dataset', 'a', '--network', 'b', '--out', 'c', '--fit', 'x']),
    ).toThrow('--fit must be one of crop, stretch, pad');
  });
});
