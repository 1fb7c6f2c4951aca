/** How a method is spoken of and drawn where it may be one that is not known here. */
import type { MethodWords } from '../../methods/contract/about.ts';
import type { CurveId } from '../../state/scene/curve.ts';
import { PAIR_NAMES, statedPairing } from '../../core/pairing.ts';
import { cellOf, type Policy } from '../../core/policy.ts';
import type { Trace } from '../../core/trace.ts';
import { within, type Schema } from '../../core/options/schema.ts';
import { METHODS, isMethodId, wordsOfOthers } from '../../methods/registry.ts';

interface SpokenOf extends MethodWords {
  readonly name: string;
  /** CSS colour. */
  readonly hue: string;
}

/** How the variant of a run is called: "both confident"; null of a method that has none. */
export function variantName(method: string, options: object): string | null {
  const schema: Schema = isMethodId(method) ? within(METHODS[method].options, 'variant') : {};
  const values: Readonly<Record<string, unknown>> = { ...options };
  const names = Object.entries(schema).flatMap(([name, { control }]) => {
    if (control.kind !== 'choice') return [];
    return control.choices.filter(({ value }) => value === values[name]).map((one) => one.name);
  });
  return names.length > 0 ? names.join(', ') : null;
}

/** The two judges of a trace: "classifier" and "class means". */
export function judgeNames({ method }: Pick<Trace, 'method'>): readonly [string, string] {
  const of = isMethodId(method) ? METHODS[method] : null;
  return of && 'judges' in of ? of.judges : PAIR_NAMES.judge;
}

/** What each of the thresholds is for that an exit has several of; null where it has one. */
export function cellNames(
  trace: Trace,
  { thresholds }: Pick<Policy, 'thresholds'>,
  classes: readonly string[],
): readonly string[] | null {
  switch (cellOf(thresholds, trace)) {
    case 'class':
      return classes;
    case 'judge':
      return judgeNames(trace);
    case 'label':
      return PAIR_NAMES.label;
    case 'exit':
    case null:
      return null;
  }
}

/** Of runs that were recorded while two judges shared one threshold. */
const RANKED = 'rank of the two among the training images';

/**
 * What is held against a threshold: a method's confidence in its own unit. The patience curve holds repetitions,
 * whatever the method's unit is; a rule of agreement says what two judges make of it.
 */
export function unitHeld(
  curve: CurveId,
  trace: Pick<Trace, 'method' | 'unit' | 'provenance' | 'second'>,
): string {
  if (curve === 'patience') return 'the number of repetitions of its label';
  const { method } = trace;
  if (trace.unit) return trace.unit;
  if (!isMethodId(method)) return 'confidence';
  const { unit } = METHODS[method].confidence;
  const rule = statedPairing(trace.provenance.options);
  if (rule === 'and-label')
    return `the ${judgeNames(trace)[0]}’s own confidence, 0 where E2CM names another class,`;
  if (rule === null || trace.second) return unit;
  return `the ${rule === 'or' ? 'higher' : 'lower'} ${RANKED}`;
}

/** Words for a method; of one that is not known here, its id. */
export function methodWords(id: string): SpokenOf {
  if (!isMethodId(id)) return { ...wordsOfOthers, name: id, hue: 'var(--muted)' };
  const { name, words } = METHODS[id];
  return { ...words, name, hue: `var(--${id})` };
}
