import { describe, expect, it } from 'vitest';
import { csv, withRemark } from './csv.ts';

describe('a table as CSV', () => {
  it('has a line a row, numbers with every digit and empty cells', () => {
    expect(
      csv(
        ['what', 'cost'],
        [
          ['run', 0.1 + 0.2],
          [null, -1e-9],
          ['', Infinity],
        ],
      ),
    ).toBe('what,cost\nrun,0.30000000000000004\n,-1e-9\n,Infinity\n');
  });

  it('quotes what would break a cell, in the head as well', () => {
    expect(csv(['a, b', 'say "c"'], [['one\ntwo', 'x\ry']])).toBe(
      '"a, b","say ""c"""\n"one\ntwo","x\ry"\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])(
    'keeps the text %j from being computed, and leaves numbers alone',
    (text) => {
      const [, line] = csv(['name', 'n'], [[text, -2]]).split(/\n/);
      expect(line).toMatch(/^"?'/);
      expect(line).toMatch(/,-2$/);
    },
  );

  it('does not touch such signs within a name', () => {
    expect(csv(['name'], [['a-b=c+d@e']])).toBe('name\na-b=c+d@e\n');
  });

  it('refuses rows that do not fit the head', () => {
    expect(() => csv(['a', 'b'], [['x', 1], ['y']])).toThrow(
      'Row 1 of the table has 1 cells; expected 2, one a column.',
    );
  });
});

describe('a remark on a table', () => {
  it('is a last column that only the first row fills, whatever the cells hold', () => {
    const table = csv(
      ['what', 'n'],
      [
        ['two\nlines, "quoted"', 1],
        ['b', 2],
      ],
    );
    expect(withRemark(table, 'of', 'address: x\nimages: y')).toBe(
      'what,n,of\n"two\nlines, ""quoted""",1,"address: x\nimages: y"\nb,2,\n',
    );
  });

  it('leaves a table without rows its head', () => {
    expect(withRemark(csv(['a'], []), 'of', 'x')).toBe('a,of\n');
  });
});
