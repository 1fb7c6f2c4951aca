import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomTrace } from '../core/fixture.ts';
import { encodeTrace } from '../core/trace-file.ts';
import { loadFingerprints, loadRunIndex, loadTrace } from './runs.ts';

const trace = randomTrace(20, 3);
const { header, bytes } = encodeTrace(trace, { epochs: 6 });
const prints = Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 255);
const index = { format: 'offramp-runs/1', searchSeed: 1, runs: [], images: {} };

const files: Record<string, string | Uint8Array> = {
  '/runs/index.json': JSON.stringify(index),
  '/runs/good.trace.json': JSON.stringify(header),
  '/runs/good.trace.bin': bytes,
  '/runs/short.trace.json': JSON.stringify(header),
  '/runs/short.trace.bin': bytes.subarray(0, 40),
  '/runs/lone.trace.json': JSON.stringify(header),
  '/runs/prints.images.bin': prints,
  '/cut/index.json': JSON.stringify(index).slice(0, 30),
  '/old/index.json': JSON.stringify({ ...index, format: 'offramp-runs/0' }),
};

let server: Server;
let base: string;
beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    const file = files[url];
    if (file !== undefined) response.end(file);
    else if (url.startsWith('/spa/'))
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>Page</title>');
    else if (url.startsWith('/sick/')) response.writeHead(503).end();
    else if (url.startsWith('/broken/'))
      response.writeHead(200, { 'content-length': 100 }).write('{', () => response.destroy());
    else response.writeHead(404).end();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => server.close());

describe('recorded runs', () => {
  it('are read from their folder', async () => {
    expect(await loadRunIndex(`${base}runs/`)).toEqual(index);
    expect(await loadTrace(`${base}runs/`, 'good.trace')).toEqual({ trace, budget: { epochs: 6 } });
    const found = await loadFingerprints(`${base}runs/`, 'prints.images.bin', 2);
    expect([...found]).toEqual([1, 0xff000002]);
    expect(await loadFingerprints(`${base}runs/`, 'prints.images.bin', 1)).toHaveLength(1);
  });

  it.each([
    ['not there', 'nowhere/', /There is no index.json of the recorded runs on the page’s server/],
    [
      'answered with the page',
      'spa/',
      /There is no index.json of the recorded runs on the page’s server/,
    ],
    ['refused by the server', 'sick/', /index.json .* the server answered 503/],
    ['broken off', 'broken/', /index.json .* could not be loaded: the server cannot be reached/],
    ['cut off', 'cut/', /index.json of the recorded runs is not JSON; it may have been cut off/],
    ['of another format', 'old/', /index.json cannot be used. The index of runs has the format/],
  ])('say in a sentence when the index is %s', async (_, folder, sentence) => {
    await expect(loadRunIndex(base + folder)).rejects.toThrow(sentence);
  });

  it('say in a sentence when a trace or its images are incomplete', async () => {
    await expect(loadTrace(`${base}runs/`, 'lone.trace')).rejects.toThrow(
      /There is no lone.trace.bin of the recorded runs/,
    );
    await expect(loadTrace(`${base}runs/`, 'short.trace')).rejects.toThrow(
      /short.trace cannot be used. The array label ends at byte .* only 40/,
    );
    await expect(loadFingerprints(`${base}runs/`, 'prints.images.bin', 3)).rejects.toThrow(
      /prints.images.bin has 8 bytes; expected 12 for 3 images/,
    );
  });

  it('say in a sentence when nothing answers, and stop when told to', async () => {
    await expect(loadRunIndex('http://127.0.0.1:9/')).rejects.toThrow(/cannot be reached/);
    const stopped = AbortSignal.abort();
    await expect(loadRunIndex(`${base}runs/`, 'index.json', stopped)).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    );
  });
});
