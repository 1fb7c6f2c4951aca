/**
 * Every method by its id: one closed map serves menu, URL, engine and command line. It holds what is known of them; what
 * computes is loaded by `load` of each.
 */
import type { Rule } from '../core/policy.ts';
import type { Trace } from '../core/trace.ts';
import type { Confidence } from './contract/confidence.ts';
import { branchynet } from './branchynet/about.ts';
import { bwds } from './bwds/about.ts';
import { dec } from './dec/about.ts';
import { e2cm } from './e2cm/about.ts';
import { e2cmBranchynet } from './e2cm-branchynet/about.ts';
import { e2cmSdn } from './e2cm-sdn/about.ts';
import { classifierWords } from './parts/words.ts';
import { sdn } from './sdn/about.ts';

/** What is said of a method that is not known here: most train classifiers, and nobody said on what. */
export const wordsOfOthers = {
  ...classifierWords,
  heldOut: 'what they were held out from, the file does not say',
};

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

/** The method whose runs are clusterings. */
export const clusteringId = 'dec' satisfies MethodId;

/** Methods that tell classes apart, in the order of menus; DEC clusters, on a page of its own. */
export const classifierIds = (Object.keys(METHODS) as MethodId[]).filter(
  (id): id is ClassifierId => !('clusters' in METHODS[id]),
);

export type ClassifierId = Exclude<MethodId, 'dec'>;

/** Epochs of training by default; null for a method that trains nothing. */
export function trainsFor(id: MethodId): number | null {
  const { defaults } = METHODS[id];
  return 'epochs' in defaults ? defaults.epochs : null;
}

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

/**
 * How the confidences of a trace are held against thresholds: as it says, or as its method implies.
 * @throws Error with a sentence when neither is known.
 */
export const heldIn = ({ rule, method }: Pick<Trace, 'rule' | 'method'>): Rule =>
  rule ?? ruleOf(method);

/** What a search must know of a trace: how its confidences are held against thresholds, and on which scale they lie. */
export function searchedBy(
  trace: Pick<Trace, 'rule' | 'method'>,
): Pick<Confidence, 'rule' | 'logarithmic'> {
  const rule = heldIn(trace);
  if (!isMethodId(trace.method)) return { rule };
  const { logarithmic }: Confidence = METHODS[trace.method].confidence;
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
