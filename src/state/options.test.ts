/** What follows from the options of methods without anybody naming one: a new one must be in all of this at once. */
import { describe, expect, it } from 'vitest';
import type { Option, OptionValue } from '../core/options/option.ts';
import { keyOf } from '../core/options/schema.ts';
import { classifierIds, METHODS } from '../methods/registry.ts';
import { defaultLink, readLink, writeLink } from './address/url.ts';
import {
  defaultSettings,
  isSameRun,
  offeredOptions,
  optionsOf,
  type Settings,
} from './settings.ts';

/** A value that is offered and is not the default. */
function otherOf({ control, usual }: Option): OptionValue {
  if (control.kind === 'yes-no') return usual !== true;
  if (control.kind === 'number') return usual === control.most ? control.least : control.most;
  return control.choices.find(({ value }) => value !== usual)!.value;
}

const every = classifierIds.flatMap((method) =>
  Object.entries<Option>(METHODS[method].options).map(
    ([name, option]) => [method, name, option] as const,
  ),
);

describe.each(every)('%s has an option %s', (method, name, option) => {
  const usual: Settings = { ...defaultSettings, method };
  const value = otherOf(option);
  const settings: Settings = { ...usual, [name]: value };

  it('that is a setting and a property of the link', () => {
    expect({ ...defaultSettings }).toHaveProperty(name, option.usual);
    const query = writeLink({ ...defaultLink, settings });
    expect(new URLSearchParams(query).get(keyOf(name, option))).toBe(option.write(value));
    expect(readLink(query)).toMatchObject({ state: { settings }, dropped: [] });
    expect(readLink(`?${keyOf(name, option)}=~`).dropped).toHaveLength(1);
  });

  it('that makes another run, reaches the method and has a control', () => {
    expect(isSameRun(usual, settings)).toBe(false);
    expect(optionsOf(settings)).toMatchObject({ [name]: value });
    expect(offeredOptions(method).map(([offered]) => offered)).toContain(name);
  });
});
