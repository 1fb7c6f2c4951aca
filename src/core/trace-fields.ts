/** Parts of a trace's header that the index of runs has as well, read from untrusted JSON. */
import { readMeaning } from './meaning.ts';
import { rules } from './policy.ts';
import { list, number, record, show, text, whole } from './read.ts';
import { NOT_STATED, type Exit, type Provenance, type Trace } from './trace.ts';
import type { Budget } from './trace-file.ts';

export function readExits(value: unknown, field: string): Exit[] {
  return list(value, field).map((entry, j) => {
    const exit = record(entry, `${field}[${j}]`);
    return {
      name: text(exit.name, `${field}[${j}].name`),
      stage: exit.stage === undefined ? j : whole(exit.stage, `${field}[${j}].stage`),
      flops: number(exit.flops, `${field}[${j}].flops`),
      ...(exit.size !== undefined && { size: whole(exit.size, `${field}[${j}].size`) }),
    };
  });
}

export function readClasses(value: unknown, field: string): string[] {
  return list(value, field).map((name, k) => text(name, `${field}[${k}]`));
}

/**
 * How confidences are held against thresholds, where a header says so: in fields of its own, or the rule among the
 * method's options.
 */
export function readHeld(
  header: Readonly<Record<string, unknown>>,
  { options }: Provenance,
): Pick<Trace, 'rule' | 'unit'> {
  const [field, stated] =
    header.rule === undefined ? ['provenance.options.rule', options.rule] : ['rule', header.rule];
  const rule = rules.find((known) => known === stated);
  if (stated !== undefined && !rule)
    throw new Error(`${field} is ${show(stated)}; expected ${rules.join(', ')}.`);
  const unit = header.unit === undefined ? undefined : text(header.unit, 'unit').slice(0, 80);
  return { ...(rule && { rule }), ...(unit && { unit }) };
}

/** Other programs need not state how their numbers came to be. */
export function readProvenance(value: unknown, field: string): Provenance {
  const provenance = record(value ?? {}, field);
  const options = record(provenance.options ?? {}, `${field}.options`);
  for (const [name, option] of Object.entries(options))
    if (!['string', 'number', 'boolean'].includes(typeof option))
      throw new Error(
        `${field}.options.${name} is ${show(option)}; expected text, number or yes/no.`,
      );
  const { seed } = provenance;
  const day = provenance.day === undefined ? undefined : text(provenance.day, `${field}.day`);
  if (day !== undefined && !/^\d{4}-\d\d-\d\d$/.test(day))
    throw new Error(`${field}.day is ${show(day)}; expected a day as yyyy-mm-dd.`);
  return {
    commit: text(provenance.commit ?? NOT_STATED, `${field}.commit`),
    backend: text(provenance.backend ?? NOT_STATED, `${field}.backend`),
    ...(day !== undefined && { day }),
    seed: seed === null || seed === undefined ? null : number(seed, `${field}.seed`),
    trainImages: whole(provenance.trainImages ?? 0, `${field}.trainImages`),
    ...(provenance.meaning !== undefined && {
      meaning: readMeaning(provenance.meaning, `${field}.meaning`),
    }),
    options: options as Provenance['options'],
  };
}

/** A training budget; null where nothing was trained. */
export function readBudget(value: unknown, field: string): Budget | null {
  if (value === undefined || value === null) return null;
  return { epochs: number(record(value, field).epochs, `${field}.epochs`) };
}
