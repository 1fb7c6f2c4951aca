import { describe, expect, it } from 'vitest';
import type { Option } from '../core/options/option.ts';
import { flagOf, keyOf, type Schema } from '../core/options/schema.ts';
import { METHODS } from './registry.ts';

const schemas: readonly (readonly [string, Schema])[] = Object.entries(METHODS).map(
  ([id, { options }]) => [id, options],
);
const every = schemas.flatMap(([id, schema]) =>
  Object.entries(schema).map(([name, option]) => ({ id, name, option })),
);

/** What an option means, but for its words. */
const meaning = ({ usual, allowed, offered, control, scope, place }: Option) => ({
  ...{ usual, scope, place, kind: control.kind, allowed: allowed.expected },
  offered: offered.expected,
});

describe('options of all methods', () => {
  it('have a default that is offered, a title and one line of help', () => {
    for (const { id, name, option } of every) {
      const said = [
        id,
        name,
        option.title !== '',
        /^[^.]+\.$/.test(option.help.replace('0.1', '')),
      ];
      expect(said).toEqual([id, name, true, true]);
      expect([id, name, option.allowed.has(option.usual)]).toEqual([id, name, true]);
      expect([id, name, option.offered.has(option.usual)]).toEqual([id, name, true]);
    }
  });

  it('mean the same on Explore where they have the same name', () => {
    for (const { id, name, option } of every.filter((one) => one.id !== 'dec'))
      for (const other of every.filter((one) => one.id !== 'dec' && one.name === name))
        expect([id, name, meaning(option)]).toEqual([id, name, meaning(other.option)]);
  });

  it('never share a flag or a property of the link with another one', () => {
    for (const nameIn of [flagOf, keyOf]) {
      const names = new Map(every.map(({ name, option }) => [nameIn(name, option), name]));
      for (const { name, option } of every) expect(names.get(nameIn(name, option))).toBe(name);
    }
  });
});
