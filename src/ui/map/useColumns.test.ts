import { describe, expect, it } from 'vitest';
import { columnsIn } from './useColumns.ts';

describe('the columns of the map that are painted', () => {
  const all = { from: 0, to: 52 };

  it('are those on screen and one on either side', () => {
    expect(columnsIn({ scrollLeft: 840, clientWidth: 420 }, 84, 52, all)).toEqual({
      from: 9,
      to: 16,
    });
  });

  it('end where the exits do', () => {
    expect(columnsIn({ scrollLeft: 0, clientWidth: 840 }, 84, 10, all)).toEqual({
      from: 0,
      to: 10,
    });
    expect(columnsIn({ scrollLeft: 4000, clientWidth: 420 }, 84, 52, all).to).toBe(52);
  });

  it('stay the same object while nothing comes or goes', () => {
    const before = columnsIn({ scrollLeft: 100, clientWidth: 420 }, 84, 52, all);
    expect(columnsIn({ scrollLeft: 110, clientWidth: 420 }, 84, 52, before)).toBe(before);
  });
});
