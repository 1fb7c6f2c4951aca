import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withBlocks } from './blocks.ts';
import { recordedIn, RUNS } from './recorded-in.ts';
import { sectionsOf } from './result-blocks.ts';
import { spread } from './tables.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('docs/results.md', () => {
  it('has what the recorded runs have: `npm run results -- --into docs/results.md` changes nothing', async () => {
    const document = read('../docs/results.md');
    const sections = sectionsOf(await recordedIn(RUNS), true);
    const blocks = new Map(sections.flatMap((section) => [...section.blocks]));
    expect(withBlocks(document, blocks)).toBe(document);
  });
});

describe('blocks of a document', () => {
  const document = 'Before.\n\n<!-- results: one -->\nold\n<!-- end -->\n\nAfter.\n';

  it('are replaced, and what stands around them stays', () => {
    expect(withBlocks(document, new Map([['one', 'new $1']]))).toBe(
      'Before.\n\n<!-- results: one -->\n\nnew $1\n\n<!-- end -->\n\nAfter.\n',
    );
  });

  it('that nothing makes, or that have no place, are named', () => {
    expect(() => withBlocks(document, new Map([['two', '']]))).toThrow(
      'a block “one”, which no recorded run makes: expected two',
    );
    const both = new Map([
      ['one', ''],
      ['two', ''],
    ]);
    expect(() => withBlocks(document, both)).toThrow('no place for “two”');
  });
});

it('a range is said where values differ', () => {
  const print = (value: number): string => value.toFixed(1);
  expect(spread([1, 1], print)).toBe('1.0');
  expect(spread([1, 2], print)).toBe('1.5 (1.0–2.0)');
  expect(spread([-1, 2], print)).toBe('0.5 (-1.0 to 2.0)');
});
