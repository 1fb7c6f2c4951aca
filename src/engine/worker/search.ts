/** Entry of the search worker: one search after the other; the client ends it to cancel. */
import { answerHere } from '../../wire/scope.ts';
import { serve } from '../../wire/serve.ts';
import type { SearchStep } from '../../core/search/best.ts';
import { gathered, searchSteps, sparingSteps, type SearchCalls } from '../searches.ts';

function tellAll(steps: Iterable<SearchStep>, tell: (step: SearchStep) => void): null {
  for (const step of gathered(steps)) tell(step);
  return null;
}

answerHere(
  (send) =>
    serve<SearchCalls>(send, {
      search: (request, { tell }) => tellAll(searchSteps(request), tell),
      spare: (request, { tell }) => tellAll(sparingSteps(request), tell),
    }).receive,
);
