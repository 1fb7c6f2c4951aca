import { describe, expect, it } from 'vitest';
import { METHOD_FLAGS, METHOD_HELP } from './method-options.ts';
import { HELP, OPTIONS, parseOptions } from './options.ts';

/** What is asked for by flags that split at spaces. */
function asked(flags: string) {
  const given = parseOptions(`--dataset strokes --network x --out y ${flags}`.split(' '));
  if (given.command !== 'record') throw new Error(`${given.command} was asked for`);
  return given.record;
}

describe('flags of methods', () => {
  it('are none of the recorder’s own, and each is explained', () => {
    for (const flag of Object.keys(METHOD_FLAGS)) {
      expect(Object.keys(OPTIONS)).not.toContain(flag);
      expect(METHOD_HELP).toMatch(new RegExp(`^ {2}--${flag} `, 'm'));
    }
    expect(HELP).toContain(METHOD_HELP);
  });

  it('are what they were', () => {
    expect(Object.keys(METHOD_FLAGS)).toEqual(
      expect.arrayContaining([
        ...['train-images', 'budget', 'seed', 'holdout', 'label', 'last-exit', 'agreement'],
        ...['clusters', 'refine-steps', 'interval', 'batch', 'refine-batch'],
      ]),
    );
  });

  it('give a method its defaults, and what was asked where it has that option', () => {
    const [e2cm, sdn] = asked('--method e2cm,sdn --holdout 0.2 --last-exit nearest-mean').runs;
    expect(e2cm).toEqual({
      method: 'e2cm',
      options: { label: 'normalised', lastExit: 'nearest-mean', trainImages: 0, holdout: 0.2 },
      ...{ furtherVariants: [], budget: null, keepsTraces: true },
    });
    expect(sdn).toMatchObject({ options: { epochs: 6, seed: 1, holdout: 0.2 } });
    expect(sdn!.options).not.toHaveProperty('lastExit');
    expect(asked('--method dec --refine-steps 10 --labelled no').runs[0]).toMatchObject({
      options: { epochs: 4, refineSteps: 10, labelled: false },
      budget: { epochs: 4 },
    });
  });

  it('ask for a run under every budget with every seed, and keep the traces of some', () => {
    const { runs } = asked('--method sdn --budget 1,100 --seed 1,2 --keep-traces 2');
    expect(
      runs.map(({ options, budget, keepsTraces }) => [budget, options.seed, keepsTraces]),
    ).toEqual([
      [{ epochs: 1 }, 1, false],
      [{ epochs: 1 }, 2, true],
      [{ epochs: 100 }, 1, false],
      [{ epochs: 100 }, 2, true],
    ]);
  });

  it('share one training among several rules, in the order in which it can serve them', () => {
    const [run, ...others] = asked('--method e2cm-sdn --agreement and-label,or').runs;
    expect(others).toEqual([]);
    expect(run!.options.agreement).toBe('or');
    expect(run!.furtherVariants).toEqual([{ agreement: 'and-label' }]);
  });

  it.each([
    [
      '--method sdn --budget 0',
      '--budget must be a whole number of epochs from 1 to 1000; got "0"',
    ],
    ['--method sdn --seed 1,x', '--seed must be a whole number up to 4294967295; got "x"'],
    ['--method e2cm --label best', '--label must be normalised or raw; got "best"'],
    ['--method sdn --label best', '--label must be normalised or raw; got "best"'],
    ['--method e2cm --holdout 0.9', '--holdout must be a share from 0 to 0.5; got "0.9"'],
    ['--method e2cm --label raw,raw', '--label must be normalised or raw; got "raw,raw"'],
    ['--method e2cm --nonsense 1', 'nonsense'],
  ])('%j is refused in a sentence', (flags, sentence) => {
    expect(() => asked(flags)).toThrow(sentence);
  });
});
