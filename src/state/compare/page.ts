/** The Compare page in the address. */
import { comparedSearches } from '../../core/run-index.ts';
import { isMethodId } from '../../methods/registry.ts';
import { pageWith } from '../address/page.ts';
import { fieldOf } from '../address/property.ts';
import { list, oneOf, text } from '../address/values.ts';
import { methodIds, onStep, racerKinds, useCompare, type CompareChoices } from './choices.ts';

const choice = fieldOf<CompareChoices>();

export const comparePage = pageWith('compare', useCompare, [
  choice(
    'race',
    'methods',
    `some of ${methodIds.join(', ')} joined by _`,
    readMethods,
    (methods) => (methods.length > 0 ? methods.join('_') : 'none'),
  ),
  choice('by', 'search', list(comparedSearches), oneOf(comparedSearches), text),
  choice('at', 'pinned', 'relative FLOPs from 0 to 1', readCost, text),
  choice(
    'pair',
    'pair',
    'two of method.recorded or method.live joined by _',
    readPair,
    // Traces that came as files are in no link.
    (pair) =>
      pair?.every((racer) => !racer.startsWith('opened '))
        ? pair.map((racer) => racer.replace(' ', '.')).join('_')
        : null,
  ),
]);

/** Some of the methods joined by _, in the order of the page; none of them is `none`. */
function readMethods(value: string): CompareChoices['methods'] | undefined {
  if (value === 'none') return [];
  const parts = value.split('_');
  const known = methodIds.filter((id) => parts.includes(id));
  return known.length === parts.length ? known : undefined;
}

function readCost(value: string): number | undefined {
  const cost = Number(value);
  return /^\d(\.\d{1,4})?$/.test(value) && cost <= 1 ? onStep(cost) : undefined;
}

/** Two racers, each a method and where its run is from: `e2cm.recorded_sdn.live`. */
function readPair(value: string): CompareChoices['pair'] | undefined {
  const racers = value.split('_').map((racer) => racer.split('.'));
  const [first, second] = racers.map(([method, kind, ...more]) => {
    const isRacer = isMethodId(method ?? '') && racerKinds.some((known) => known === kind);
    return isRacer && more.length === 0 ? `${method} ${kind}` : undefined;
  });
  return first && second && racers.length === 2 ? [first, second] : undefined;
}
