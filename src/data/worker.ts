/** Entry of the data worker: reads and draws datasets beside the page. */
import { answerHere } from '../wire/scope.ts';
import { createServer } from './serve.ts';

answerHere(createServer);
