/** How a method is spoken of and drawn where it may be one that is not known here. */
import type { MethodWords } from '../../methods/contract/about.ts';
import type { CurveId } from '../../state/scene/curve.ts';
import type { Trace } from '../../core/trace.ts';
import { within, type Schema } from '../../core/options/schema.ts';
import { agreementOf } from '../../methods/parts/options/agreement.ts';
import { METHODS, isMethodId, wordsOfOthers, type MethodId } from '../../methods/registry.ts';

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

/** The one of two judges whose label it is: "classifier". */
const judgeOf = (id: MethodId): string => {
  const of = METHODS[id];
  return 'judges' in of ? of.judges[0] : 'classifier';
};

/**
 * What is held against a threshold: a method's confidence in its own unit. The patience curve holds repetitions,
 * whatever the method's unit is; a rule of agreement says which of two judges it is.
 */
export function unitHeld(
  curve: CurveId,
  trace: Pick<Trace, 'method' | 'unit' | 'provenance'>,
): string {
  if (curve === 'patience') return 'the number of repetitions of its label';
  const { method } = trace;
  if (trace.unit) return trace.unit;
  if (!isMethodId(method)) return 'confidence';
  const { unit } = METHODS[method].confidence;
  switch (agreementOf(trace.provenance)) {
    case 'or':
      return `the higher ${unit}`;
    case 'and-confidence':
      return `the lower ${unit}`;
    case 'and-label':
      return `the ${judgeOf(method)}’s own confidence, 0 where E2CM names another class,`;
    case null:
      return unit;
  }
}

/** Words for a method; of one that is not known here, its id. */
export function methodWords(id: string): SpokenOf {
  if (!isMethodId(id)) return { ...wordsOfOthers, name: id, hue: 'var(--muted)' };
  const { name, words } = METHODS[id];
  return { ...words, name, hue: `var(--${id})` };
}
