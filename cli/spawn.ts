/** Compute workers on Node's threads. */
import { Worker } from 'node:worker_threads';
import type { ComputePort } from '../src/engine/protocol.ts';
import type { Answer } from '../src/wire/messages.ts';

export function spawnThread(): ComputePort {
  const worker = new Worker(new URL('./node-worker.mjs', import.meta.url), { execArgv: [] });
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen: (onAnswer, onDeath) => {
      worker.on('message', (answer: Answer) => onAnswer(answer));
      worker.on('error', (error) => onDeath(error.message));
      worker.on('exit', (code) => onDeath(`the thread ended with code ${code}`));
    },
    terminate: () => void worker.terminate(),
  };
}
