/** The worker's side, apart from the worker's global scope so that it can be tested. */
import { DataError, isAbort } from './errors.ts';
import { loadDataset } from './load.ts';
import { inOrder } from './order.ts';
import { sourceOfFile } from './places.ts';
import { withFiles } from './request.ts';
import type { Send } from '../wire/messages.ts';
import { serve } from '../wire/serve.ts';
import type { DataCalls, DataRequest } from './protocol.ts';

/** Milliseconds between two progress messages. */
const PROGRESS_EVERY = 50;

/** Answers each call once. */
export function createServer(send: Send): (request: DataRequest) => void {
  const { receive } = serve<DataCalls>(
    send,
    {
      async load({ what, mirror, order }, { signal, tell }) {
        let last = -Infinity;
        const dataset = await loadDataset(withFiles(what, sourceOfFile), {
          signal,
          mirror,
          onProgress: (progress) => {
            const now = performance.now();
            if (now - last < PROGRESS_EVERY && progress.done !== progress.total) return;
            last = now;
            tell(progress);
          },
        });
        signal.throwIfAborted();
        return order ? inOrder(dataset, order) : dataset;
      },
      async inspect({ files, as, sharing }, { signal }) {
        const [{ inspectFiles }, { FORMATS }] = await Promise.all([
          import('./sources/files.ts'),
          import('./formats/index.ts'),
        ]);
        const { report } = await inspectFiles(
          files.map(sourceOfFile),
          as,
          signal,
          FORMATS,
          sharing,
        );
        return report;
      },
      async fetch({ address, most }, { signal, tell }) {
        const { fetchFile } = await import('./traces/fetch.ts');
        return fetchFile(new URL(address), most, signal, tell);
      },
      async hub({ name, known }, { signal, tell }) {
        const { fetchFromHub } = await import('./hub/fetch.ts');
        return fetchFromHub(name, known, { signal, onProgress: tell });
      },
      async traces(places, { signal }) {
        const { openTraces } = await import('./traces/open.ts');
        return openTraces(places, signal);
      },
      async revise({ id, tables }) {
        const { reviseDraft } = await import('./traces/drafts.ts');
        return reviseDraft(id, tables);
      },
      async hold(request, { signal }) {
        const { hold } = await import('./traces/hold.ts');
        return hold(request, signal);
      },
      async unpack({ runs }) {
        const { unpacked } = await import('./traces/packed.ts');
        return Promise.all(runs.map(unpacked));
      },
      async shift({ images, shape, shift }) {
        const { corrupted } = await import('./shift/corruptions.ts');
        return corrupted(images, shape, shift);
      },
      async build({ id, answers }) {
        const { buildDraft } = await import('./traces/drafts.ts');
        return buildDraft(id, answers);
      },
    },
    { wordsFor },
  );
  return receive;
}

function wordsFor(error: unknown): { name: string; message: string } {
  if (isAbort(error)) return { name: 'AbortError', message: 'Loading was cancelled.' };
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof DataError) return { name: error.name, message };
  if (error instanceof RangeError) {
    return {
      name: 'DataError',
      message: `There is not enough memory for what is to be loaded (${message}). Use fewer images, or close other pages.`,
    };
  }
  return { name: 'Error', message: `Loading failed: ${message}` };
}
