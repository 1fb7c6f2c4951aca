/** Parts of a trace's header that the index of runs has as well, read from untrusted JSON. */
import { readMeaning } from './meaning.ts';
import { list, number, record, show, text, whole } from './read.ts';
import type { Exit, Provenance } from './trace.ts';
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

export function readProvenance(value: unknown, field: string): Provenance {
  const provenance = record(value, field);
  const options = record(provenance.options ?? {}, `${field}.options`);
  for (const [name, option] of Object.entries(options))
    if (!['string', 'number', 'boolean'].includes(typeof option))
      throw new Error(
        `${field}.options.${name} is ${show(option)}; expected text, number or yes/no.`,
      );
  const { seed } = provenance;
  return {
    commit: text(provenance.commit, `${field}.commit`),
    backend: text(provenance.backend, `${field}.backend`),
    seed: seed === null || seed === undefined ? null : number(seed, `${field}.seed`),
    trainImages: whole(provenance.trainImages, `${field}.trainImages`),
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
