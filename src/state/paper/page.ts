/** The Paper page in the address. */
import { searchNames } from '../../core/run-index.ts';
import { pageWith } from '../address/page.ts';
import { fieldOf } from '../address/property.ts';
import { identifier, integer, list, oneOf, text } from '../address/values.ts';
import { usePaperChoices, type PaperChoices } from './choices.ts';

const choice = fieldOf<PaperChoices>();
const MOST_MATRICES = 6;

export const paperPage = pageWith('paper', usePaperChoices, [
  choice('paper-by', 'search', list(searchNames), oneOf(searchNames), text),
  choice('figure', 'figureRun', 'the id of a recorded run', identifier, text),
  choice(
    'exits',
    'figureExits',
    `up to ${MOST_MATRICES} different exits, counted from 0, joined by _`,
    readExits,
    (exits) => exits?.join('_') ?? null,
  ),
]);

/** Exits of Figure 1, each another one. */
function readExits(value: string): number[] | undefined {
  const exits = value.split('_').map(integer(0, 254));
  const known = exits.filter((exit) => exit !== undefined);
  const isSet = new Set(known).size === exits.length;
  return isSet && exits.length <= MOST_MATRICES ? known : undefined;
}
