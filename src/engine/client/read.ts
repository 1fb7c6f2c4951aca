/** Reads networks in a worker, so that the page does not stand still while a hundred megabytes are converted. */
import { buffersOf } from '../../wire/buffers.ts';
import { Channel } from '../../wire/channel.ts';
import { portOf } from '../../wire/port.ts';
import type { ReadAnswer, ReadCalls, ReadRequest } from '../reading.ts';
import { WorkerLost } from './connection.ts';

/**
 * Reads a network in a worker of its own, which ends with it.
 * @param tell what it is about, in words.
 * @throws Error with a sentence when the files are no network that is read here; WorkerLost when the worker is gone, and
 * with it what was handed over; AbortError when the signal is aborted, which ends the worker at once.
 */
export async function readNetwork(
  request: ReadRequest,
  tell: (words: string) => void,
  signal?: AbortSignal,
): Promise<ReadAnswer> {
  signal?.throwIfAborted();
  // In one expression: that is how the bundler knows a worker.
  const worker = new Worker(new URL('../worker/read.ts', import.meta.url), {
    type: 'module',
    name: 'read',
  });
  const channel = new Channel<ReadCalls>(
    portOf(worker),
    (reason) =>
      new WorkerLost(
        `The worker that reads networks stopped (${reason}). Close other pages to free memory and try again.`,
      ),
  );
  const transfer = buffersOf(request.files.map(({ content }) => content));
  try {
    return await channel.call('read', request, { signal, onProgress: tell, transfer });
  } finally {
    // While it converts it hears nothing: what nobody waits for any more is ended.
    channel.terminate(new Error('The network is read.'));
  }
}
