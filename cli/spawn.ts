/** Compute workers on Node's threads. */
import { Worker } from 'node:worker_threads';
import type { Response, WorkerPort } from '../src/engine/protocol.ts';

export function spawnThread(): WorkerPort {
  const worker = new Worker(new URL('./node-worker.mjs', import.meta.url), { execArgv: [] });
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen: (onResponse, onDeath) => {
      worker.on('message', (response: Response) => onResponse(response));
      worker.on('error', (error) => onDeath(error.message));
      worker.on('exit', (code) => onDeath(`the thread ended with code ${code}`));
    },
    terminate: () => void worker.terminate(),
  };
}
