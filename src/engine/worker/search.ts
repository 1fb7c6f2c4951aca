/** Entry of the search worker: one search after the other; the client ends it to cancel. */
import { searchSteps, type SearchMessage, type SearchRequest } from '../searches.ts';

const post = (message: SearchMessage): void => self.postMessage(message);

self.onmessage = ({ data }: MessageEvent<SearchRequest>): void => {
  try {
    for (const step of searchSteps(data)) post({ type: 'step', step });
    post({ type: 'end' });
  } catch (error) {
    post({ type: 'error', message: error instanceof Error ? error.message : String(error) });
  }
};
