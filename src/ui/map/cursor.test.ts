import { describe, expect, it } from 'vitest';
import { exitAt, moved } from './cursor.ts';

/** Three to a row: five images under the first exit, none under the second, four under the third. */
const map = {
  images: Uint32Array.from({ length: 9 }, (_, i) => 10 + i),
  start: Uint32Array.of(0, 5, 5, 9),
};
const after = (place: number, key: string, ctrlKey = false): number | null =>
  moved(map, 3, 2, place, { key, ctrlKey });

describe('the keyboard on the exit map', () => {
  it('knows under which exit a place is, empty ones passed over', () => {
    expect([0, 4, 5, 8].map((place) => exitAt(map, place))).toEqual([0, 0, 2, 2]);
  });

  it('moves along a row and on to the next exit that has images', () => {
    expect(after(0, 'ArrowRight')).toBe(1);
    expect(after(2, 'ArrowRight')).toBe(5);
    expect(after(4, 'ArrowRight')).toBe(8);
    expect(after(0, 'ArrowRight', true)).toBe(5);
    expect(after(5, 'ArrowLeft')).toBe(2);
    expect(after(8, 'ArrowLeft')).toBe(4);
    expect(after(0, 'ArrowLeft')).toBe(0);
    expect(after(8, 'ArrowRight')).toBe(8);
  });

  it('moves by rows within an exit, into a last row that is shorter', () => {
    expect(after(0, 'ArrowDown')).toBe(3);
    expect(after(2, 'ArrowDown')).toBe(4);
    expect(after(4, 'ArrowDown')).toBe(4);
    expect(after(3, 'ArrowDown')).toBe(3);
    expect(after(4, 'ArrowUp')).toBe(1);
    expect(after(1, 'ArrowUp')).toBe(1);
    expect(after(1, 'PageDown')).toBe(4);
    expect(after(8, 'PageUp')).toBe(5);
  });

  it('goes to both ends of an exit, and leaves other keys alone', () => {
    expect(after(1, 'End')).toBe(4);
    expect(after(7, 'Home')).toBe(5);
    expect(after(7, 'a')).toBeNull();
  });
});
