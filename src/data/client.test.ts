import { describe, expect, it } from 'vitest';
import { createDataClient, type DataWorkerPort } from './client.ts';
import { FileCollector } from './collector.ts';
import { createServer } from './serve.ts';
import { idxSet } from './testing.ts';
import type { DataRequest, DataResponse } from './protocol.ts';

/** The real server behind a channel that clones and transfers as a worker's does. */
class ServerPort implements DataWorkerPort {
  onmessage: DataWorkerPort['onmessage'] = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  terminated = false;
  readonly sent: DataRequest[] = [];
  readonly #serve = createServer((response, transfer) => {
    const data = structuredClone(response, { transfer });
    setTimeout(() => this.onmessage?.({ data } as MessageEvent<DataResponse>));
  });

  postMessage(request: DataRequest): void {
    this.sent.push(request);
    setTimeout(() => {
      if (!this.terminated) this.#serve(request);
    });
  }

  terminate(): void {
    this.terminated = true;
  }
}

const strokes = { id: 'strokes', seed: 1, train: 40, test: 20 } as const;
const many = { ...strokes, train: 100_000 };

function setUp() {
  const ports: ServerPort[] = [];
  const spawn = () => {
    const port = new ServerPort();
    ports.push(port);
    return port;
  };
  return { client: createDataClient({ spawn, mirror: 'http://here/data/' }), ports };
}

function fileList(): File[] {
  return [...idxSet()].map(([name, bytes]) => new File([bytes], name));
}

describe('data client', () => {
  it('loads in the worker, with progress', async () => {
    const { client, ports } = setUp();
    const seen: number[] = [];
    const dataset = await client.load(strokes, { onProgress: ({ done }) => seen.push(done) });
    expect(dataset.train.count).toBe(40);
    expect(seen.at(-1)).toBe(60);
    expect(ports).toHaveLength(1);
  });

  it('lets the latest request win', async () => {
    const { client, ports } = setUp();
    const first = client.load(many);
    const second = client.load(strokes);
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    expect((await second).test.count).toBe(20);
    expect(ports[0]!.sent.map(({ type }) => type)).toEqual(['load', 'cancel', 'load']);
  });

  it('cancels by signal', async () => {
    const { client, ports } = setUp();
    const controller = new AbortController();
    const loading = client.load(many, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(loading).rejects.toMatchObject({ name: 'AbortError' });
    expect(ports[0]!.sent.at(-1)).toMatchObject({ type: 'cancel' });
    await expect(client.load(strokes, { signal: controller.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('passes sentences on as DataError', async () => {
    const { client } = setUp();
    const loading = client.load({ files: [new File(['hello'], 'notes.txt')] });
    await expect(loading).rejects.toMatchObject({
      name: 'DataError',
      message: expect.stringContaining('notes.txt is neither an idx file') as string,
    });
  });

  it('rejects what is pending when it is disposed, or when the worker dies, and starts anew', async () => {
    const { client, ports } = setUp();
    const ended = client.load(many);
    client.dispose();
    await expect(ended).rejects.toMatchObject({ name: 'AbortError' });
    expect(ports[0]!.terminated).toBe(true);
    const dying = client.load(many);
    const turn = () => new Promise((resolve) => setTimeout(resolve));
    ports[1]!.onerror?.({ message: 'out of memory' } as ErrorEvent);
    await turn();
    ports[2]!.onerror?.({ message: 'out of memory' } as ErrorEvent);
    await expect(dying).rejects.toThrow('The data worker stopped (out of memory)');
    const lost = client.load(strokes);
    await turn();
    ports[3]!.onerror?.({ message: 'ended by the browser' } as ErrorEvent);
    expect((await lost).train.count).toBe(40);
    expect(ports).toHaveLength(5);
  });

  it('gathers files until a dataset is complete', async () => {
    const { client } = setUp();
    const collector = new FileCollector(client.inspect);
    const [a, b, c, d] = fileList();
    const bad = new File(['hello'], 'notes.txt');
    const first = await collector.add([a!, b!, bad], 'mnist');
    expect(first).toMatchObject({ id: 'mnist', complete: false });
    expect(first.sentence).toContain('notes.txt is neither');
    expect(collector.files).toEqual([a, b]);
    const second = await collector.add([c!, d!, a!], 'mnist');
    expect(second).toMatchObject({ complete: true, sentence: 'MNIST is complete.' });
    expect(collector.files).toHaveLength(4);
    const dataset = await client.load({ files: collector.files, as: 'mnist' });
    expect(dataset.train.count).toBe(30);
    collector.clear();
    expect(collector.files).toHaveLength(0);
  });
});
