/**
 * Variants: what decides on what a method learnt, as the rule of agreement does. A run under another one is another racer,
 * and a race is run under those that a person chose for all methods that have them.
 */
import type { Option, OptionValues } from '../../core/options/option.ts';
import { defaultsOf, pick, within, type Schema } from '../../core/options/schema.ts';
import { METHODS, type MethodId } from '../../methods/registry.ts';
import { settingOptions } from '../settings.ts';

/** The options of a method that decide on what it learnt; none of most methods. */
export const variantsOf = (method: MethodId): Schema => within(METHODS[method].options, 'variant');

/** Those of several methods, each once. */
export function sharedVariants(methods: readonly MethodId[]): [name: string, option: Option][] {
  const all = methods.reduce<Schema>((before, id) => ({ ...variantsOf(id), ...before }), {});
  return Object.entries(all);
}

/** A method's variant among what is chosen, or among what a run was made with; {} of a method that has none. */
export const variantIn = (method: MethodId, values: object): OptionValues =>
  valuesIn(variantsOf(method), values);

/** The variant that is chosen for all methods that have one. */
export const chosenVariant = (settings: object): OptionValues =>
  valuesIn(within(settingOptions, 'variant'), settings);

const valuesIn = (schema: Schema, values: object): OptionValues =>
  Object.assign(defaultsOf(schema), pick(schema, values));

/** Whether a racer is of the variant that is chosen. */
export function isOfVariant(variant: OptionValues, chosen: object): boolean {
  const values: Readonly<Record<string, unknown>> = { ...chosen };
  return Object.entries(variant).every(([name, value]) => values[name] === value);
}
