import { describe, expect, it } from 'vitest';
import { amount, choice, share, whole, yesNo } from './kinds.ts';
import type { Made } from './option.ts';
import {
  checkOptions,
  defaultsOf,
  flagOf,
  idParts,
  isMadeWith,
  keyOf,
  pick,
  readOptions,
  within,
} from './schema.ts';

const about = { title: 'T', help: 'h' };
const schema = {
  tieRule: choice('mean', { mean: 'their mean', max: { choice: 'the most', name: 'most' } }, about),
  images: whole(0, [10, 500], { ...about, none: 'all', offered: [10, 100], scope: 'course' }),
  passes: whole(6, [1, 1000], {
    ...about,
    noun: 'a number of passes',
    scope: 'course',
    key: 'p',
    flag: 'budget',
    idPart: (passes) => `${passes}p`,
  }),
  memory: amount(1024, 1e6, about),
  kept: share(0, 0.5, { ...about, offers: [0, 0.1, 0.25], words: (kept) => `${100 * kept} %` }),
  seen: yesNo(true, about),
};

const made = (options: Made['provenance']['options']): Made => ({
  budget: null,
  provenance: { commit: 'abc', backend: 'test', seed: null, trainImages: 10, options },
});

describe('a schema', () => {
  it('gives defaults, a property of the link and a flag to every option', () => {
    expect(defaultsOf(schema)).toEqual({
      ...{ tieRule: 'mean', images: 0, passes: 6, memory: 1024, kept: 0, seen: true },
    });
    expect(Object.entries(schema).map(([name, option]) => keyOf(name, option))).toEqual([
      ...['tie-rule', 'images', 'p', 'memory', 'kept', 'seen'],
    ]);
    expect(flagOf('tieRule', schema.tieRule)).toBe('tie-rule');
    expect(flagOf('passes', schema.passes)).toBe('budget');
  });

  it.each([
    ['tieRule', 'max', 'max'],
    ['tieRule', 'min', undefined],
    ['images', '0', 0],
    ['images', '9', undefined],
    ['images', '100', 100],
    ['passes', ' 12 ', 12],
    ['passes', '0', undefined],
    ['passes', '1e2', undefined],
    ['passes', '1.5', undefined],
    ['passes', '-1', undefined],
    ['memory', '0.5', 0.5],
    ['memory', '0', undefined],
    ['kept', '0.25', 0.25],
    ['kept', '0.6', undefined],
    ['seen', 'no', false],
    ['seen', 'false', undefined],
  ] as const)(
    'reads %s from %j as %j, and writes it so that it is read again',
    (name, text, value) => {
      const option = schema[name];
      const { allowed } = option;
      const read = allowed.read(text);
      expect(read).toBe(value);
      if (read !== undefined) expect(allowed.read(option.write(read as never))).toBe(read);
    },
  );

  it('offers no more than it allows, and says what it expects of either', () => {
    expect(schema.images.allowed.read('500')).toBe(500);
    expect(schema.images.offered.read('500')).toBeUndefined();
    expect(schema.images.offered.expected).toBe('a whole number from 10 to 100, or 0 for all');
    expect(schema.kept.allowed.read('0.3')).toBe(0.3);
    expect(schema.kept.offered.read('0.3')).toBeUndefined();
    expect(schema.kept.offered.expected).toBe('one of 0, 0.1, 0.25');
    expect(schema.tieRule.allowed.expected).toBe('mean or max');
  });

  it('picks what it knows and allows', () => {
    const given = { tieRule: 'max', passes: 0, seen: 'no', stranger: 1 };
    expect(pick(schema, given)).toEqual({ tieRule: 'max' });
  });

  it('reads a file of before an option as it was then, and refuses what is none of it', () => {
    expect(readOptions(schema, { tieRule: 'max', passes: 3 })).toEqual({
      ...defaultsOf(schema),
      ...{ tieRule: 'max', passes: 3 },
    });
    expect(() => readOptions(schema, { tieRule: 'min' })).toThrow(
      'options.tieRule is "min"; expected mean or max.',
    );
    expect(() => readOptions(schema, { seen: 'no' })).toThrow('options.seen is "no"; expected yes');
  });

  it('checks what a method is given', () => {
    expect(() => checkOptions('DEC', schema, defaultsOf(schema))).not.toThrow();
    expect(() => checkOptions('DEC', schema, { ...defaultsOf(schema), passes: 0 })).toThrow(
      'DEC takes a number of passes from 1 to 1000; 0 came.',
    );
  });

  it('tells a run that was made with its values from any other', () => {
    const run = made({ tieRule: 'max', images: 50, passes: 6, seen: true });
    expect(isMadeWith(schema, { tieRule: 'max' }, run)).toBe(true);
    expect(isMadeWith(schema, { tieRule: 'max', images: 50 }, run)).toBe(true);
    expect(isMadeWith(schema, { tieRule: 'max', images: 60 }, run)).toBe(false);
    expect(isMadeWith(schema, {}, run)).toBe(false);
    // A run of before the option was made as the default still is.
    expect(isMadeWith(schema, { tieRule: 'max', kept: 0.1 }, run)).toBe(false);
    expect(isMadeWith(within(schema, 'course'), {}, run)).toBe(true);
  });

  it('names a run by the options that have a part in its name', () => {
    expect(idParts(schema, made({ tieRule: 'max', passes: 12 }))).toEqual(['12p']);
    expect(idParts(schema, made({}))).toEqual([]);
  });
});
