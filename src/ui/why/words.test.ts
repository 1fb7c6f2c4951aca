import { describe, expect, it } from 'vitest';
import { WORDS } from './words.ts';

const sources = import.meta.glob<string>('../**/*.tsx', {
  eager: true,
  import: 'default',
  query: '?raw',
});

/** Frames that have a title, as they are opened in a source, with what they are told up to the next tag. */
const framesIn = (source: string): string[] => source.match(/<(Panel|Section)\s[^<]*/g) ?? [];

describe('what can be asked why', () => {
  it.each(Object.entries(WORDS))('%s has a sentence', (_, { says, formulas, isOfMethod }) => {
    expect(says).toMatch(/^[A-Z][^]*\.$/);
    expect(formulas.length > 0 || isOfMethod).toBe(true);
  });

  it('is every panel, and every section of the Paper page', () => {
    const frames = Object.entries(sources).flatMap(([file, source]) =>
      framesIn(source).map((frame) => ({ file, title: /title=.*/.exec(frame)?.[0], frame })),
    );
    expect(frames.length).toBeGreaterThan(20);
    expect(frames.filter(({ title, frame }) => title && !/\bwhy=/.test(frame))).toEqual([]);
  });
});
