/** Runs a threshold search in a worker of its own, so that neither the page nor a run waits for it. */
import type { SearchStep } from '../../core/search/best.ts';
import { buffersOf, withOwnArrays } from '../../wire/buffers.ts';
import { Channel } from '../../wire/channel.ts';
import { portOf } from '../../wire/port.ts';
import type { SearchCalls, SearchRequest, SparingRequest } from '../searches.ts';

/**
 * A worker that has ended its last search and waits for the next one: a page that has lost its connection can search
 * again, since nothing needs to be fetched.
 */
let idle: Channel<SearchCalls> | null = null;

/**
 * Starts a search; its policies arrive as they are found.
 * @throws Error with a sentence; AbortError when the signal is aborted, which ends the worker at once.
 */
export const runSearch = (
  request: SearchRequest,
  onStep: (step: SearchStep) => void,
  signal?: AbortSignal,
): Promise<void> => ask('search', request, onStep, signal);

/** Starts the search for policies that spare every class; else as `runSearch`. */
export const runSparing = (
  request: SparingRequest,
  onStep: (step: SearchStep) => void,
  signal?: AbortSignal,
): Promise<void> => ask('spare', request, onStep, signal);

async function ask<Kind extends keyof SearchCalls>(
  kind: Kind,
  request: SearchCalls[Kind]['request'],
  onStep: (step: SearchStep) => void,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  // A browser that is short of memory may have ended one that did nothing.
  const channel = idle && !idle.isDead ? idle : start();
  idle = null;
  try {
    const own = withOwnArrays(request);
    await channel.call(kind, own, {
      ...{ signal, onProgress: onStep },
      transfer: buffersOf(own),
    });
    idle ??= channel;
  } finally {
    // One that searches on for nobody cannot be told: it listens between two searches.
    if (idle !== channel) channel.terminate(new Error('The search was ended.'));
  }
}

function start(): Channel<SearchCalls> {
  // In one expression: that is how the bundler knows a worker.
  const worker = new Worker(new URL('../worker/search.ts', import.meta.url), {
    type: 'module',
    name: 'search',
  });
  return new Channel<SearchCalls>(
    portOf(worker),
    (reason) => new Error(`The search worker stopped (${reason}). Run the search again.`),
  );
}
