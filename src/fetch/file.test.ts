import { createHash } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { statedIn } from './digests.ts';
import { fetchFile, SILENT, STILL, type Arriving } from './file.ts';

const whole = Buffer.from('weights as they were published');
const damaged = Buffer.from('weights as they were publishad');
const digest = createHash('sha256').update(whole).digest('hex');

/** What a server does at each request for a file, the last for all further ones. */
type Answer = (response: ServerResponse) => void;
const give =
  (bytes: Uint8Array): Answer =>
  (response) =>
    void response.end(bytes);
const refuse =
  (status: number): Answer =>
  (response) =>
    void response.writeHead(status).end();
const breakOff: Answer = (response) =>
  void response
    .writeHead(200, { 'content-length': 100 })
    .write('{', () => setTimeout(() => response.destroy(), 5));
const page: Answer = (response) =>
  void response.setHeader('content-type', 'text/html').end('<!doctype html>');

let answers: Record<string, Answer[]> = {};
let asked: string[] = [];
let server: Server;
let base: string;
beforeAll(async () => {
  server = createServer(({ url = '', headers }, response) => {
    const name = url.slice(url.lastIndexOf('/') + 1);
    asked.push(`${name}${headers['cache-control'] === 'no-cache' ? ' anew' : ''}`);
    const [next = refuse(404)] = answers[name] ?? [];
    if ((answers[name]?.length ?? 0) > 1) answers[name]!.shift();
    next(response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
});
afterAll(() => server.close());

let folder = 0;
beforeEach(() => {
  asked = [];
  // Digests are known by their folder: each test has one of its own.
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${++folder}/`;
});
afterEach(() => vi.unstubAllGlobals());

const name = 'a.bin of a network';
const get = (file = 'a.bin') => fetchFile(base + file, { name, digest: statedIn(base, file) });
const stating = (...digests: string[]): Answer[] =>
  digests.map((one) => give(Buffer.from(JSON.stringify({ 'a.bin': one }))));

describe('a file of the page’s server', () => {
  it.each<[string, Record<string, Answer[]>, number]>([
    ['whole', { 'digests.json': stating(digest), 'a.bin': [give(whole)] }, 1],
    ['damaged once', { 'digests.json': stating(digest), 'a.bin': [give(damaged), give(whole)] }, 2],
    ['broken off once', { 'digests.json': stating(digest), 'a.bin': [breakOff, give(whole)] }, 2],
    ['refused once', { 'digests.json': stating(digest), 'a.bin': [refuse(503), give(whole)] }, 2],
    [
      'newer than what was stated of it',
      { 'digests.json': stating('0'.repeat(64), digest), 'a.bin': [give(whole)] },
      2,
    ],
    ['without digests', { 'a.bin': [give(whole)] }, 1],
    ['beside digests that are none', { 'digests.json': stating('no'), 'a.bin': [give(whole)] }, 1],
    ['beside the page for digests', { 'digests.json': [page], 'a.bin': [give(whole)] }, 1],
  ])('comes that is %s', async (_, given, times) => {
    answers = given;
    expect(Buffer.from(await get())).toEqual(whole);
    expect(asked.filter((one) => one.startsWith('a.bin'))).toHaveLength(times);
    // The second time past every cache.
    if (times > 1) expect(asked).toContain('a.bin anew');
  });

  it.each<[string, Answer[], RegExp]>([
    ['damaged', [give(damaged)], /^a\.bin of a network arrived damaged: its 30 bytes are not/],
    ['cut off', [give(whole.subarray(0, 9))], /^a\.bin of a network arrived damaged: its 9 bytes/],
    ['of zeros', [give(Buffer.alloc(30))], /^a\.bin of a network arrived damaged/],
    [
      'broken off',
      [breakOff],
      /^a\.bin of a network could not be loaded: .* broke off\. Try again/,
    ],
    ['not there', [refuse(404)], /^There is no a\.bin of a network on the page’s server/],
    ['the page itself', [page], /^There is no a\.bin of a network on the page’s server/],
    ['refused', [refuse(403)], /^a\.bin of a network could not be loaded: the server answered 403/],
    ['refused for now', [refuse(503)], /answered 503\. Try again in a moment/],
  ])('that is %s is told in a sentence that names it', async (_, given, sentence) => {
    answers = { 'digests.json': stating(digest), 'a.bin': given };
    await expect(get()).rejects.toThrow(sentence);
  });

  it('cannot be checked where the browser computes no digests, and goes on', async () => {
    answers = { 'digests.json': stating(digest), 'a.bin': [give(damaged)] };
    vi.stubGlobal('crypto', {});
    expect(Buffer.from(await get())).toEqual(damaged);
  });

  it('is told when nobody answers, and is let go of when nobody wants it', async () => {
    await expect(fetchFile('http://127.0.0.1:9/a.bin', { name })).rejects.toThrow(
      'the server cannot be reached',
    );
    const signal = AbortSignal.abort(new Error('Not needed.'));
    await expect(fetchFile(`${base}a.bin`, { name, signal })).rejects.toThrow('Not needed.');
  });

  it('that arrives slowly says how far it is; one that falls silent is said to, then given up', async () => {
    let go = (): void => undefined;
    const bytes = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(whole.subarray(0, 10));
        go = () => controller.error(new Error('aborted'));
      },
    });
    vi.stubGlobal('fetch', (_: string, { signal }: RequestInit) => {
      signal!.addEventListener('abort', () => go());
      return Promise.resolve(new Response(bytes, { headers: { 'content-length': '30' } }));
    });
    vi.useFakeTimers();
    const told: Arriving[] = [];
    const call = fetchFile('a.bin', { name, onArriving: (one) => told.push(one) });
    const end = expect(call).rejects.toThrow('nothing has come for 60 seconds');
    await vi.advanceTimersByTimeAsync(STILL + 1);
    expect(told).toEqual([
      { done: 10, total: 30, isStill: false },
      { done: 10, total: 30, isStill: true },
    ]);
    await vi.advanceTimersByTimeAsync(2 * SILENT);
    vi.useRealTimers();
    await end;
  });

  it('is told to be still before anything has come at all', async () => {
    vi.useFakeTimers();
    vi.stubGlobal('fetch', () => new Promise(() => undefined));
    const told: Arriving[] = [];
    void fetchFile('a.bin', { name, onArriving: (one) => told.push(one) }).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(STILL + 1);
    expect(told).toEqual([{ done: 0, total: null, isStill: true }]);
    vi.useRealTimers();
  });
});
