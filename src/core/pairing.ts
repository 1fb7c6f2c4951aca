/**
 * Two judges of one image: a classifier, whose label counts, and another one beside it. A trace keeps what both say; how they
 * go together is decided on the finished trace.
 */
import type { ClassIndices, Trace } from './trace.ts';

/** What the judge beside the classifier says; exit-major, as the trace's own. */
export interface SecondJudge {
  readonly prediction: ClassIndices;
  /** In its own unit; large ones are sure. */
  readonly confidence: Float32Array;
}

/**
 * When an image leaves, c being the classifier's confidence and m the other one's:
 * `and-confidence` — c reaches T and m reaches U;
 * `or` — either does;
 * `and-label` — c reaches T and both name the same class; where they do not, c counts as 0;
 * `by-label` — c reaches one T where both name the same class, and another where they do not.
 */
export type Pairing = 'and-confidence' | 'or' | 'and-label' | 'by-label';
export const pairings: readonly Pairing[] = ['and-confidence', 'or', 'and-label', 'by-label'];

/** What is needed of a trace to know how its judges go together. */
export interface Paired {
  readonly second?: object | undefined;
  readonly provenance?: { readonly options: Readonly<Record<string, unknown>> };
}

/** The rule that options name; null where they name none. */
export const statedPairing = (options: Readonly<Record<string, unknown>>): Pairing | null =>
  pairings.find((one) => one === options.agreement) ?? null;

/** How a trace's two judges go together, by its options; null where it has one judge. */
export function pairingOf({ second, provenance }: Paired): Pairing | null {
  if (!second) return null;
  return statedPairing(provenance?.options ?? {}) ?? 'and-confidence';
}

/** What says of exits without a trace how their judges go together; null where there is one. */
export const pairedBy = (pairing: Pairing | null | undefined): Paired =>
  pairing ? { second: {}, provenance: { options: { agreement: pairing } } } : {};

/** What the two thresholds of an exit are for; null where there is one judge, or the two are one. */
export function pairCell(of: Paired): 'judge' | 'label' | null {
  const pairing = pairingOf(of);
  if (!pairing || pairing === 'and-label') return null;
  return pairing === 'by-label' ? 'label' : 'judge';
}

/** The same two judges under another rule; what they said stays. */
export function underPairing(trace: Trace, pairing: Pairing): Trace {
  if (!trace.second || trace.provenance.options.agreement === pairing) return trace;
  const options = { ...trace.provenance.options, agreement: pairing };
  return { ...trace, provenance: { ...trace.provenance, options } };
}

/** What the first judge says alone. */
export function firstAlone(trace: Trace): Trace {
  const alone = { ...trace };
  delete alone.second;
  return alone;
}

/** Held by the trace: with it, they are forgotten. */
const scored = new WeakMap<Trace, Trace>();

/**
 * The trace that policies work on. Under `and-label` the two judges make one confidence, so that there is one judge from
 * here on; otherwise it is the trace itself.
 */
export function decided(trace: Trace): Trace {
  if (pairingOf(trace) !== 'and-label') return trace;
  const known = scored.get(trace);
  if (known) return known;
  const second = trace.second!;
  const last = (trace.exits.length - 1) * trace.count;
  const confidence = trace.confidence.map((own, at) =>
    at >= last || trace.prediction[at] === second.prediction[at] ? own : 0,
  );
  const one: Trace = { ...firstAlone(trace), confidence };
  scored.set(trace, one);
  return one;
}

/** Names of the thresholds that an exit of two has, in their order. */
export const PAIR_NAMES: Readonly<Record<'judge' | 'label', readonly [string, string]>> = {
  judge: ['own', 'other'],
  label: ['labels differ', 'same label'],
};
