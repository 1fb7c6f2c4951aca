/** Entry of the data worker: reads and draws datasets beside the page. */
import { answerHere } from '../wire/scope.ts';
import { FORMATS } from './formats/index.ts';
import { createServer } from './serve.ts';

// While the server is surely there: files are read by a page that has lost it, too.
for (const { load } of FORMATS) void load();

answerHere(createServer);
