import { describe, expect, it } from 'vitest';
import { defaultSettings, isSameRun, readBudget } from './settings.ts';

describe('a training budget', () => {
  it.each([
    ['1', 1],
    [' 6 ', 6],
    ['1000', 1000],
  ])('%j is one', (text, epochs) => expect(readBudget(text)).toBe(epochs));

  it.each([
    ['0', '“0”'],
    ['-1', '“-1”'],
    ['1.5', '“1.5”'],
    ['1e9', '“1e9”'],
    ['', 'no number'],
    ['NaN', '“NaN”'],
  ])('%j is refused with what was expected and what came', (text, came) =>
    expect(readBudget(text)).toBe(
      `A training budget is a whole number of epochs from 1 to 1000; ${came} came.`,
    ),
  );
});

describe('the same run', () => {
  it('is asked for by whatever budget where nothing is trained, and on any backend', () => {
    expect(isSameRun(defaultSettings, { ...defaultSettings, epochs: 1, backend: 'wasm' })).toBe(
      true,
    );
  });

  it('is asked for by whatever is chosen for methods that are not run', () => {
    const sdn = { ...defaultSettings, method: 'sdn' } as const;
    expect(isSameRun(sdn, { ...sdn, agreement: 'or', label: 'raw' })).toBe(true);
    expect(isSameRun(sdn, { ...sdn, unconfident: 'most-confident' })).toBe(false);
    const pair = { ...defaultSettings, method: 'e2cm-branchynet' } as const;
    expect(isSameRun(pair, { ...pair, agreement: 'or' })).toBe(false);
  });

  it('is another one with another budget where something is, or with other images', () => {
    const sdn = { ...defaultSettings, method: 'sdn' } as const;
    expect(isSameRun(sdn, { ...sdn, epochs: 1 })).toBe(false);
    expect(isSameRun(defaultSettings, { ...defaultSettings, trainImages: 10 })).toBe(false);
  });
});
