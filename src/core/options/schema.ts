/** Options by name, and what follows from all of them alike. */
import { show } from '../read.ts';
import type { Made, Option, OptionValue, OptionValues, Scope } from './option.ts';

export type Schema = Readonly<Record<string, Option>>;

/** The schema of values that are known by name. */
export type SchemaOf<Values> = {
  readonly [Name in keyof Values]: Values[Name] extends OptionValue ? Option<Values[Name]> : never;
};

/** The values that a schema describes. */
export type ValuesOf<Of> = {
  readonly [Name in keyof Of]: Of[Name] extends Option<infer Value> ? Value : never;
};

/** What holds where nothing is chosen. */
export function defaultsOf<Of extends Schema>(schema: Of): ValuesOf<Of> {
  const defaults = Object.entries(schema).map(([name, { usual }]) => [name, usual] as const);
  return Object.fromEntries(defaults) as OptionValues as ValuesOf<Of>;
}

/** The values of a schema's names among others, where they are allowed; those that are not are left out. */
export function pick<Of extends Schema>(schema: Of, values: object): Partial<ValuesOf<Of>> {
  const given: Readonly<Record<string, unknown>> = { ...values };
  const known = Object.entries(schema).filter(([name, { allowed }]) => allowed.has(given[name]));
  const picked = known.map(([name]) => [name, given[name]]);
  return Object.fromEntries(picked) as Partial<ValuesOf<Of>>;
}

/**
 * The options that a file names; what it does not name, because it is older than the option, is as it was before.
 * @throws Error with a sentence when one is not allowed.
 */
export function readOptions<Of extends Schema>(
  schema: Of,
  saved: Readonly<Record<string, unknown>>,
): ValuesOf<Of> {
  for (const [name, { allowed }] of Object.entries(schema))
    if (saved[name] !== undefined && !allowed.has(saved[name]))
      throw new Error(`options.${name} is ${show(saved[name])}; expected ${allowed.expected}.`);
  return { ...defaultsOf(schema), ...pick(schema, saved) };
}

/**
 * @param who takes the options: "DEC".
 * @throws Error with a sentence that says what was expected and what came.
 */
export function checkOptions(who: string, schema: Schema, values: object): void {
  const given: Readonly<Record<string, unknown>> = { ...values };
  for (const [name, { allowed }] of Object.entries(schema))
    if (!allowed.has(given[name]))
      throw new Error(`${who} takes ${allowed.expected}; ${show(given[name])} came.`);
}

/** Whether a run was made with these values; of a value that is missing, with its default. */
export function isMadeWith(schema: Schema, values: object, made: Made): boolean {
  const asked: Partial<OptionValues> = pick(schema, values);
  return Object.entries(schema).every(([name, option]) =>
    option.matches(asked[name] ?? option.usual, option.madeWith(made, name)),
  );
}

/** What a run was made with, said or not. */
export const madeWith = (schema: Schema, made: Made): Partial<OptionValues> =>
  Object.fromEntries(
    Object.entries(schema).flatMap(([name, option]) => {
      const value = option.madeWith(made, name);
      return isOptionValue(value) ? [[name, value] as const] : [];
    }),
  );

const isOptionValue = (value: unknown): value is OptionValue =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** The options of some scopes. */
export function within(schema: Schema, ...scopes: readonly Scope[]): Schema {
  return filtered(schema, ({ scope }) => scopes.includes(scope));
}

function filtered(schema: Schema, keeps: (option: Option, name: string) => boolean): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([name, option]) => keeps(option, name)));
}

/** `lastExit` → "last-exit". */
const dashed = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `-${letter}`.toLowerCase());

/** Property of the link. */
export const keyOf = (name: string, { key }: Pick<Option, 'key'>): string => key ?? dashed(name);

/** Flag of the recorder, without its dashes. */
export const flagOf = (name: string, { flag }: Pick<Option, 'flag'>): string =>
  flag ?? dashed(name);

/** What tells a run from its neighbours: variants first, then the course, each as its option writes it. */
export function idParts(schema: Schema, made: Made): string[] {
  return (['variant', 'course', 'detail'] as const).flatMap((scope) =>
    Object.entries(within(schema, scope)).flatMap(([name, option]) => {
      const value = option.madeWith(made, name);
      return option.idPart && option.allowed.has(value) ? option.idPart(value as OptionValue) : [];
    }),
  );
}
