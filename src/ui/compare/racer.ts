/** How a racer is called and drawn. */
import type { Racer } from '../../state/compare/racers.ts';
import { plural } from '../shared/format.ts';
import { methodWords, variantName } from '../shared/methods.ts';

/** "E2CM+SDN, both confident, 6 epochs, seeds 1, 2, 3, recorded". */
export function nameOf({ method, epochs, variant, members, kind }: Racer): string {
  const seeds = members.map(({ seed }) => seed).filter((seed) => seed !== null);
  return [
    methodWords(method).name,
    variantName(method, variant) ?? false,
    epochs !== null && plural(epochs, 'epoch'),
    seeds.length > 0 && `${seeds.length === 1 ? 'seed' : 'seeds'} ${inOrder(seeds).join(', ')}`,
    kind === 'recorded' ? 'recorded' : 'run here',
  ]
    .filter((part) => part !== false)
    .join(', ');
}

const inOrder = (seeds: readonly number[]): number[] => [...seeds].sort((a, b) => a - b);

/** What was run here is dashed, so that it can be told from what was recorded. */
export function dashOf({ kind }: Racer): string {
  return kind === 'live' ? '6 3' : '';
}
