/** How a racer is called and drawn. */
import { within, type Schema } from '../../core/options/schema.ts';
import type { Member, Racer } from '../../state/compare/racers.ts';
import { isMethodId, METHODS } from '../../methods/registry.ts';
import { plural } from '../shared/format.ts';
import { methodWords, variantName } from '../shared/methods.ts';

/** "E2CM+SDN, both confident, 6 epochs, seeds 1, 2, 3, recorded". */
export function nameOf({ method, epochs, variant, members, kind, opened }: Racer): string {
  const seeds = members.map(({ seed }) => seed).filter((seed) => seed !== null);
  return [
    methodWords(method).name,
    opened ? `of ${opened.title}` : false,
    variantName(method, variant) ?? false,
    detailName(method, members[0]?.from) ?? false,
    epochs !== null && plural(epochs, 'epoch'),
    seeds.length > 0 && `${seeds.length === 1 ? 'seed' : 'seeds'} ${inOrder(seeds).join(', ')}`,
    heldName(members[0]?.from) ?? false,
    KINDS[kind],
    isHalved(members) && 'thresholds chosen on half of its test images',
  ]
    .filter((part) => part !== false)
    .join(', ');
}

const inOrder = (seeds: readonly number[]): number[] => [...seeds].sort((a, b) => a - b);

/** In what else than a method's defaults a recorded run was made, in words; null where in nothing. */
function detailName(method: string, from: Member['from'] | undefined): string | null {
  if (from?.kind !== 'recorded' || !isMethodId(method)) return null;
  const { run } = from;
  const schema: Schema = within(METHODS[method].options, 'detail');
  const words = Object.entries(schema).flatMap(([name, option]) => {
    const value = option.madeWith(run, name);
    const { control, title, usual } = option;
    if (value === usual || (typeof value !== 'string' && typeof value !== 'number')) return [];
    const choices = control.kind === 'choice' ? control.choices : [];
    return [choices.find((one) => one.value === value)?.name ?? `${title} ${value}`];
  });
  return words.length > 0 ? words.join(', ') : null;
}

/** By which confidence of its scores an opened trace is held; null where by its own. */
const heldName = (from: Member['from'] | undefined): string | null =>
  from?.kind === 'opened' && from.choice ? `held by ${from.test.unit}` : null;

/** The member of an opened trace that came without any images but those of test. */
const isHalved = (members: Racer['members']): boolean =>
  members.some(({ from }) => from.kind === 'opened' && from.isHalved);

const KINDS: Readonly<Record<Racer['kind'], string>> = {
  recorded: 'recorded',
  live: 'run here',
  opened: 'opened',
};

/** Of opened traces, which may all be of one colour. */
const OPENED_DASHES = ['1 3', '9 3 2 3', '14 4', '9 3 2 3 2 3'] as const;

/** What was run here is dashed, so that it can be told from what was recorded; what was opened has dots and dashes of its own. */
export function dashOf({ kind, opened }: Racer): string {
  if (opened) return OPENED_DASHES[opened.place % OPENED_DASHES.length]!;
  return kind === 'live' ? '6 3' : '';
}

/** Whether what it runs on is the network of the visitor: an opened trace's, and a jointly trained one, are others. */
export const isOnPlainNetwork = ({ method, opened }: Racer): boolean =>
  !opened && isMethodId(method) && !('ownNetwork' in METHODS[method]);
