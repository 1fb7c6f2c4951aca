import { describe, expect, it } from 'vitest';
import { Channel } from './channel.ts';
import { portOf, type WorkerLike } from './port.ts';
import { serve } from './serve.ts';
import type { Answer, Message } from './messages.ts';

interface Sums {
  add: { request: { readonly a: number; readonly b: number }; result: number };
  /** Tells each number up to `to`; never answers while nobody lets it. */
  count: { request: { readonly to: number }; result: { all: Int32Array }; progress: number };
  wait: { request: Record<string, never>; result: null };
  fail: { request: { readonly name: string }; result: null };
}

/** A worker on this thread, behind a channel that clones and transfers as a real one does. */
class Stand implements WorkerLike<Sums> {
  onmessage: WorkerLike<Sums>['onmessage'] = null;
  onmessageerror: ((event: MessageEvent) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  isEnded = false;
  readonly signals: AbortSignal[] = [];
  readonly handedOver: Int32Array[] = [];
  readonly server = serve<Sums>(
    (answer, transfer) => {
      const data = structuredClone(answer, { transfer });
      setTimeout(() => !this.isEnded && this.onmessage?.({ data } as MessageEvent<Answer>));
    },
    {
      add: ({ a, b }) => a + b,
      count: ({ to }, { tell }) => {
        const all = Int32Array.from({ length: to }, (_, i) => i);
        all.forEach((one) => tell(one));
        this.handedOver.push(all);
        return { all };
      },
      wait: (_, { signal }) => {
        this.signals.push(signal);
        return new Promise(() => undefined);
      },
      fail({ name }) {
        throw Object.assign(new Error('This went wrong.'), { name });
      },
    },
    { lossOf: (error) => (error instanceof Error && error.name === 'Gone' ? 'device gone' : null) },
  );

  postMessage(message: Message<Sums>): void {
    const copy = structuredClone(message);
    setTimeout(() => !this.isEnded && this.server.receive(copy));
  }

  terminate(): void {
    this.isEnded = true;
  }
}

function setUp() {
  const worker = new Stand();
  const channel = new Channel<Sums>(portOf(worker), (reason) => new RangeError(`Lost: ${reason}`));
  return { worker, channel };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('a channel', () => {
  it('gives each call its own answer', async () => {
    const { channel } = setUp();
    const [a, b] = [channel.call('add', { a: 1, b: 2 }), channel.call('add', { a: 3, b: 4 })];
    expect([await b, await a]).toEqual([7, 3]);
  });

  it('tells what is told on the way, and hands arrays over', async () => {
    const { channel, worker } = setUp();
    const told: number[] = [];
    const answer = await channel.call('count', { to: 3 }, { onProgress: (n) => told.push(n) });
    expect(told).toEqual([0, 1, 2]);
    expect([...answer.all]).toEqual([0, 1, 2]);
    expect(worker.handedOver[0]!.length).toBe(0);
  });

  it('rejects with the worker’s sentence, and keeps an AbortError one', async () => {
    const { channel } = setUp();
    await expect(channel.call('fail', { name: 'TypeError' })).rejects.toThrow('This went wrong.');
    await expect(channel.call('fail', { name: 'AbortError' })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(await channel.call('add', { a: 1, b: 1 })).toBe(2);
  });

  it('lets go of a cancelled call at once and tells the worker', async () => {
    const { channel, worker } = setUp();
    const controller = new AbortController();
    const call = channel.call('wait', {}, { signal: controller.signal });
    await turn();
    controller.abort(new Error('Not needed.'));
    await expect(call).rejects.toThrow('Not needed.');
    await turn();
    expect(worker.signals[0]!.aborted).toBe(true);
    const early = channel.call('wait', {}, { signal: controller.signal });
    await expect(early).rejects.toThrow('Not needed.');
    await turn();
    expect(worker.signals).toHaveLength(1);
  });

  it.each([
    [
      'breaks',
      (worker: Stand) => worker.onerror!({ message: 'no memory' } as ErrorEvent),
      'no memory',
    ],
    ['says so itself', (worker: Stand) => worker.server.lose('reset'), 'reset'],
    ['cannot be read', (worker: Stand) => worker.onmessageerror!({} as MessageEvent), 'a message'],
  ])('rejects everything that waits when the worker %s', async (_, kill, reason) => {
    const { channel, worker } = setUp();
    const calls = [channel.call('wait', {}), channel.call('add', { a: 1, b: 2 })];
    kill(worker);
    await expect(calls[0]).rejects.toThrow(`Lost: ${reason}`);
    await Promise.allSettled(calls);
    expect([channel.isDead, worker.isEnded]).toEqual([true, true]);
    await expect(channel.call('add', { a: 1, b: 2 })).rejects.toThrow(`Lost: ${reason}`);
  });

  it('is lost when an error of a call means that all is lost', async () => {
    const { channel } = setUp();
    const waiting = channel.call('wait', {});
    await expect(channel.call('fail', { name: 'Gone' })).rejects.toThrow('Lost: device gone');
    await expect(waiting).rejects.toThrow('Lost: device gone');
  });

  it('ends with the error that it is ended with', async () => {
    const { channel, worker } = setUp();
    const waiting = channel.call('wait', {});
    channel.terminate(new Error('The page was closed.'));
    await expect(waiting).rejects.toThrow('The page was closed.');
    expect(worker.isEnded).toBe(true);
  });
});
