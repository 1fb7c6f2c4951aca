/** Entry of the data worker: reads and draws datasets beside the page. */
import { createServer } from './serve.ts';
import { FORMATS } from './formats/index.ts';
import type { DataRequest } from './protocol.ts';

// While the server is surely there: files are read by a page that has lost it, too.
for (const { load } of FORMATS) void load();

declare const self: DedicatedWorkerGlobalScope;

const serve = createServer((response, transfer) => self.postMessage(response, transfer));

self.addEventListener('message', (event: MessageEvent<DataRequest>) => serve(event.data));
