/** Entry of the data worker: reads and draws datasets beside the page. */
import { createServer } from './serve.ts';
import type { DataRequest } from './protocol.ts';

declare const self: DedicatedWorkerGlobalScope;

const serve = createServer((response, transfer) => self.postMessage(response, transfer));

self.addEventListener('message', (event: MessageEvent<DataRequest>) => serve(event.data));
