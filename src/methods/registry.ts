/** Every method by its id: one closed map serves menu, URL, engine and command line. */
import type { Rule } from '../core/policy.ts';
import type { Confidence } from './contract/confidence.ts';
import { branchynet } from './branchynet/method.ts';
import { bwds } from './bwds/method.ts';
import { dec } from './dec/method.ts';
import { e2cm } from './e2cm/method.ts';
import { e2cmBranchynet } from './e2cm-branchynet/method.ts';
import { e2cmSdn } from './e2cm-sdn/method.ts';
import { sdn } from './sdn/method.ts';

export const METHODS = {
  e2cm,
  sdn,
  'e2cm-sdn': e2cmSdn,
  branchynet,
  'e2cm-branchynet': e2cmBranchynet,
  bwds,
  dec,
} as const;

export type MethodId = keyof typeof METHODS;

/** Methods that tell classes apart, in the order of menus; DEC clusters, on a page of its own. */
export const classifierIds = (Object.keys(METHODS) as MethodId[]).filter(
  (id): id is ClassifierId => id !== 'dec',
);

export type ClassifierId = Exclude<MethodId, 'dec'>;

export type MethodOptions<Id extends MethodId> = (typeof METHODS)[Id]['defaults'];

/**
 * How a method holds confidences against thresholds.
 * @throws Error with a sentence when there is no such method.
 */
export function ruleOf(method: string): Rule {
  if (!isMethodId(method))
    throw new Error(
      `There is no method "${method}"; there are ${Object.keys(METHODS).join(', ')}.`,
    );
  return METHODS[method].confidence.rule;
}

/** What a search must know of a method: how its confidences are held against thresholds, and on which scale they lie. */
export function searchedBy(method: string): Pick<Confidence, 'rule' | 'logarithmic'> {
  const rule = ruleOf(method);
  const { logarithmic }: Confidence = METHODS[method as MethodId].confidence;
  return { rule, ...(logarithmic && { logarithmic }) };
}

/** The options of a method by name, its defaults where none is given, others left out. */
export function knownOptions<Options extends object>(defaults: Options, options: object): Options {
  const known = Object.entries(options).filter(([name]) => Object.hasOwn(defaults, name));
  return { ...defaults, ...Object.fromEntries(known) };
}

export function isMethodId(id: string): id is MethodId {
  return Object.hasOwn(METHODS, id);
}
