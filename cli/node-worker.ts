/** Entry of a compute worker in Node. */
import { parentPort } from 'node:worker_threads';
import { createCompute } from '../src/engine/worker/compute.ts';
import { wasmFolder } from './wasm.ts';
import type { Request } from '../src/engine/protocol.ts';

const port = parentPort!;
const handle = createCompute(
  (answer, transfer) => port.postMessage(answer, transfer),
  wasmFolder(),
);
port.on('message', (request: Request) => handle(request));
