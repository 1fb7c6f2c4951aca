/** Entry of a compute worker in Node. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { createCompute } from '../src/engine/worker/compute.ts';
import type { Request } from '../src/engine/protocol.ts';

const port = parentPort!;
const dist = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
const handle = createCompute(
  (response, transfer) => port.postMessage(response, transfer),
  `${dist}/`,
);
port.on('message', (request: Request) => handle(request));
