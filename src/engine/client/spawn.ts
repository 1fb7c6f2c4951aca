/** Makes the compute worker of a page. */
import type { Response, WorkerPort } from '../protocol.ts';

export function spawnWebWorker(): WorkerPort {
  const worker = new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module' });
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen: (onResponse, onDeath) => {
      worker.onmessage = ({ data }: MessageEvent<Response>) => onResponse(data);
      worker.onerror = (event) => {
        event.preventDefault();
        onDeath(event.message || 'its code could not be loaded');
      };
      worker.onmessageerror = () => onDeath('a message could not be read');
    },
    terminate: () => worker.terminate(),
  };
}
