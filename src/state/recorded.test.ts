/** The runs that come with the page, as its settings ask for them. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Option } from '../core/options/option.ts';
import { idParts, pick } from '../core/options/schema.ts';
import { hasTraces, parseRunIndex, type RecordedRun } from '../core/run-index.ts';
import { isMethodId, METHODS } from '../methods/registry.ts';
import { hasDefaults } from './defaults.ts';
import { recordedRun } from './lease/runs.ts';
import { defaultSettings, settingOptions, type Settings } from './settings.ts';
import { defaultLink, readLink, writeLink } from './address/url.ts';

const read = (name: string) =>
  parseRunIndex(
    JSON.parse(readFileSync(new URL(`../../public/runs/${name}`, import.meta.url), 'utf8')),
  );
const index = read('index.json');
const all = [...index.runs, ...read('curves.json').runs];
const classifying = all.filter(({ method }) => method !== 'dec');

/** Settings that ask for a run and for nothing beside it. */
function settingsOf(run: RecordedRun): Settings {
  const { dataset, network, method, provenance } = run;
  if (!isMethodId(method)) throw new Error(`There is no method ${method}.`);
  // What a run does not say, it was made with all the same.
  const made = Object.entries<Option>(METHODS[method].options).flatMap(([name, option]) => {
    const value = option.madeWith(run, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const asked = pick(settingOptions, { ...provenance.options, ...Object.fromEntries(made) });
  const seed = provenance.seed ?? asked.seed ?? defaultSettings.seed;
  return {
    ...{ ...defaultSettings, ...asked, dataset, network, method, seed },
    trainImages: 0,
  };
}

describe('every recorded run', () => {
  it.each(classifying.filter(hasTraces).map((run) => [run.id, run]))(
    '%s is found again by the settings that it was made with, and by a link to them',
    (_, run) => {
      const settings = settingsOf(run);
      expect(recordedRun(index, settings, run.network)).toBe(run);
      const { state, dropped } = readLink(writeLink({ ...defaultLink, settings }));
      expect([state.settings, dropped]).toEqual([settings, []]);
    },
  );

  it('is not found by another value of any option of its method that is held against it', () => {
    for (const run of classifying.filter(hasTraces)) {
      const settings = settingsOf(run);
      for (const [name, { control }] of Object.entries<Option>(METHODS[settings.method].options)) {
        const others: readonly unknown[] =
          control.kind === 'choice' ? control.choices.map(({ value }) => value) : [3];
        for (const value of others)
          if (value !== { ...settings }[name])
            expect(recordedRun(index, { ...settings, [name]: value }, run.network)).not.toBe(run);
      }
    }
  });

  it('has the id that its options give it', () => {
    for (const run of all) {
      const { id, dataset, network, method } = run;
      const schema = isMethodId(method) ? METHODS[method].options : {};
      expect([dataset, network, method, ...idParts(schema, run)].join('-')).toBe(id);
    }
  });

  it('names values of its options that its method still allows', () => {
    for (const { id, method, provenance } of classifying) {
      const known = isMethodId(method) ? Object.entries<Option>(METHODS[method].options) : [];
      const named = known.filter(([name]) => provenance.options[name] !== undefined);
      expect([id, named.length > 0]).toEqual([id, true]);
      for (const [name, { allowed }] of named)
        expect([id, name, allowed.has(provenance.options[name])]).toEqual([id, name, true]);
    }
  });

  it('has the options of its method, but for the rule of agreement', () => {
    for (const run of classifying) {
      // Before SDN's features were the default of BWDS, channel means were.
      const isEarlier = run.method === 'bwds' && run.provenance.options.pooling === undefined;
      expect([run.id, hasDefaults(run, ['detail'])]).toEqual([run.id, !isEarlier]);
    }
  });
});
