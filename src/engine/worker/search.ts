/** Entry of the search worker: one search after the other; the client ends it to cancel. */
import { answerHere } from '../../wire/scope.ts';
import { serve } from '../../wire/serve.ts';
import { gathered, searchSteps, type SearchCalls } from '../searches.ts';

answerHere(
  (send) =>
    serve<SearchCalls>(send, {
      search(request, { tell }) {
        for (const step of gathered(searchSteps(request))) tell(step);
        return null;
      },
    }).receive,
);
