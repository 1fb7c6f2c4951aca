/** How a racer is called and drawn. */
import type { Racer } from '../../state/compare/racers.ts';
import { plural } from '../shared/format.ts';
import { methodWords } from '../shared/methods.ts';

/** "SDN, 6 epochs, 3 seeds, recorded". */
export function nameOf({ method, epochs, members, kind }: Racer): string {
  const seeds = members.map(({ seed }) => seed).filter((seed) => seed !== null);
  return [
    methodWords(method).name,
    epochs !== null && plural(epochs, 'epoch'),
    seeds.length === 1 && `seed ${seeds[0]}`,
    seeds.length > 1 && `${seeds.length} seeds`,
    kind === 'recorded' ? 'recorded' : 'run here',
  ]
    .filter((part) => part !== false)
    .join(', ');
}

/** What was run here is dashed, so that it can be told from what was recorded. */
export function dashOf({ kind }: Racer): string {
  return kind === 'live' ? '6 3' : '';
}
