/** Runs a threshold search in a worker of its own, so that neither the page nor a run waits for it. */
import type { SearchStep } from '../../core/search/best.ts';
import type { SearchMessage, SearchRequest } from '../searches.ts';

/**
 * A worker that has ended its last search and waits for the next one: a page that has lost its connection can search
 * again, since nothing needs to be fetched.
 */
let idle: Worker | null = null;

/**
 * Starts a search; its policies arrive as they are found.
 * @throws Error with a sentence; AbortError when the signal is aborted, which ends the worker at once.
 */
export function runSearch(
  request: SearchRequest,
  onStep: (step: SearchStep) => void,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const worker =
      idle ??
      new Worker(new URL('../worker/search.ts', import.meta.url), {
        type: 'module',
        name: 'search',
      });
    idle = null;
    const finish = (settle: () => void, canGoOn = false): void => {
      if (canGoOn) idle ??= worker;
      if (idle !== worker) worker.terminate();
      signal?.removeEventListener('abort', onAbort);
      settle();
    };
    const onAbort = (): void => finish(() => reject(signal!.reason as Error));
    signal?.addEventListener('abort', onAbort);
    worker.onmessage = ({ data }: MessageEvent<SearchMessage>) => {
      if (data.type === 'step') onStep(data.step);
      else if (data.type === 'end') finish(resolve, true);
      else finish(() => reject(new Error(data.message)));
    };
    worker.onerror = (event) =>
      finish(() =>
        reject(
          new Error(
            `The search worker stopped${event.message ? ` (${event.message})` : ''}. Run the search again.`,
          ),
        ),
      );
    worker.postMessage(request);
  });
}
