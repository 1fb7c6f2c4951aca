/** Options in the address: each has the property that its schema names. */
import type { OptionValue } from '../../core/options/option.ts';
import { keyOf, type Schema } from '../../core/options/schema.ts';
import { property, type Property } from './property.ts';

/**
 * @param prefix of every key, where two pages have options of the same name.
 * @param put the state with other values in the place of some.
 */
export function optionProperties<State>(
  schema: Schema,
  prefix: string,
  get: (state: State) => object,
  put: (state: State, change: Readonly<Record<string, OptionValue>>) => State,
): Property<State>[] {
  return Object.entries(schema).map(([name, option]) =>
    property<State, OptionValue>(
      `${prefix}${keyOf(name, option)}`,
      option.offered.expected,
      (state) => ({ [name]: option.usual, ...get(state) })[name] ?? option.usual,
      (state, value) => put(state, { [name]: value }),
      (text) => option.offered.read(text),
      (value) => option.write(value),
    ),
  );
}
