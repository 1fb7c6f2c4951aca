import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { pathOf, tooHeavy, total, weigh } from './weight.ts';

const file = (path: string, bytes: number) => weigh(path, randomBytes(bytes));

describe('the weight of a visit', () => {
  const files = [file('index.html', 500), file('assets/index-1.js', 9000)];

  it('passes at its limit and fails a byte above it, naming what is heaviest', () => {
    const most = total(files);
    expect(tooHeavy({ name: 'a visit', most }, files)).toBeNull();
    expect(tooHeavy({ name: 'a visit', most: most - 1 }, files)).toMatch(
      /^a visit: [\d.]+ kB gzipped, expected [\d.]+ kB at most\. Heaviest: assets\/index-1\.js \(9\.\d kB\), index\.html/,
    );
  });

  it('counts a file that another one brings', () => {
    const most = total(files) + 1000;
    expect(tooHeavy({ name: 'a visit', most }, files)).toBeNull();
    const more = [...files, file('assets/chart-2.js', 2000)];
    expect(tooHeavy({ name: 'a visit', most }, more)).toContain('assets/chart-2.js');
  });

  it('counts bytes as they travel', () => {
    const { raw, gzipped } = weigh('assets/zeros.js', new Uint8Array(10_000));
    expect(raw).toBe(10_000);
    expect(gzipped).toBeLessThan(100);
  });

  it('does not pass where no script was seen', () => {
    expect(() => tooHeavy({ name: 'a visit', most: 1e9 }, [file('index.html', 10)])).toThrow(
      'No script was fetched (a visit)',
    );
  });
});

describe('what belongs to the page', () => {
  const base = 'http://localhost:4173/there/';
  it.each([
    ['http://localhost:4173/there/', 'index.html'],
    ['http://localhost:4173/there/?page=paper', 'index.html'],
    ['http://localhost:4173/there/assets/a%20b.js?x#y', 'assets/a b.js'],
    ['http://localhost:4173/there/runs/index.json', null],
    ['http://localhost:4173/there/networks/x/model.json', null],
    ['http://localhost:4173/there/data/index.json', null],
    ['http://localhost:4173/elsewhere.js', null],
    ['https://example.org/there/a.js', null],
    ['data:text/plain,x', null],
  ])('%s is %s', (address, path) => {
    expect(pathOf(address, base)).toBe(path);
  });
});
