/** The page's side of the worker that writes exports. */
import { Channel } from '../wire/channel.ts';
import { portOf } from '../wire/port.ts';
import type { Progress, Wanted } from './bundle.ts';
import type { ExportCalls } from './protocol.ts';

/**
 * Writes an export in a worker of its own, which ends with it.
 * @param folder that everything in the zip lies in.
 * @throws Error with a sentence when something of it cannot be written.
 */
export async function writeExport(
  wanted: Wanted,
  folder: string,
  onProgress: (progress: Progress) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    type: 'module',
    name: 'export',
  });
  const channel = new Channel<ExportCalls>(
    portOf<ExportCalls>(worker),
    (reason) => new Error(`The export could not be written: ${reason}.`),
  );
  try {
    return await channel.call('write', { wanted, folder }, { onProgress });
  } finally {
    channel.terminate(new DOMException('The export is written.', 'AbortError'));
  }
}
