/** The numbers that a person may type on the Unsupervised page, read with a sentence for what is none. */
import type { Schema } from '../../core/options/schema.ts';
import { clusterOptions, type ClusterChoices } from './choices.ts';

export type NumberChoice = {
  [Key in keyof ClusterChoices]: ClusterChoices[Key] extends number ? Key : never;
}[keyof ClusterChoices];

export interface NumberField {
  readonly name: NumberChoice;
  readonly label: string;
  /** One line: what the number does. */
  readonly help: string;
  readonly least: number;
  readonly most: number;
  /** What an empty field, or 0, stands for; null where there must be a number. */
  readonly none: string | null;
}

const options: Schema = clusterOptions;

export const numberFields: readonly NumberField[] = Object.entries(options).flatMap(
  ([name, { title, help, control }]) =>
    control.kind === 'number' ? { name: name as NumberChoice, label: title, help, ...control } : [],
);

/** What a person wrote, or the sentence that says what was expected and what came. */
export function readField(
  { label, least, most, none }: NumberField,
  text: string,
): number | string {
  const written = text.trim();
  if (none !== null && (written === '' || written === '0')) return 0;
  const value = Number(written);
  if (written !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
  const came = written === '' ? 'nothing' : `“${written.slice(0, 20)}”`;
  const empty = none === null ? '' : `, or nothing for ${none}`;
  return `${label}: expected a whole number from ${least} to ${most}${empty}; ${came} came.`;
}
