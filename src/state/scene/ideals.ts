/** What rules that know more than confidences would reach on a trace: found once, in turns, and kept with it. */
import { finished } from '../../core/pauses.ts';
import { ideals, type Ideals } from '../../core/room.ts';
import type { Trace } from '../../core/trace.ts';
import { inSlices, nextTurn } from './turn.ts';

const found = new WeakMap<Trace, Ideals>();
const coming = new WeakMap<Trace, Promise<Ideals>>();

/** At once, of a trace that is on screen most often already found. */
export const idealsNow = (trace: Trace): Ideals =>
  found.get(trace) ?? kept(trace, finished(ideals(trace)));

/** In turns of the page's thread. */
export function idealsOf(trace: Trace): Promise<Ideals> {
  const known = coming.get(trace) ?? find(trace);
  coming.set(trace, known);
  return known;
}

async function find(trace: Trace): Promise<Ideals> {
  await nextTurn();
  return found.get(trace) ?? kept(trace, (await inSlices(ideals(trace)))!);
}

function kept(trace: Trace, of: Ideals): Ideals {
  found.set(trace, of);
  return of;
}
