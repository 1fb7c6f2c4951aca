/** Where the keyboard goes on the exit map: from one image to the next, and from one exit's stack to the next. */
import type { Arrangement } from '../../core/arrange.ts';

/** The exit under which a place of the arrangement stands. */
export function exitAt({ start }: Pick<Arrangement, 'start'>, place: number): number {
  let exit = 0;
  while (place >= start[exit + 1]!) exit++;
  return exit;
}

export interface Step {
  readonly key: string;
  /** Whether a whole exit is stepped over. */
  readonly ctrlKey: boolean;
}

/**
 * The place after a key: arrows move in the picture, from the edge of a stack to the same row of the next one that has
 * images; with Ctrl at once. Home and End go to an exit's first and last image, Page keys by `screen` rows.
 * @param perRow images side by side under an exit.
 * @returns the place in `images`; null where the key moves nothing.
 */
export function moved(
  { start }: Arrangement,
  perRow: number,
  screen: number,
  place: number,
  { key, ctrlKey }: Step,
): number | null {
  const exit = exitAt({ start }, place);
  const first = start[exit]!;
  const last = start[exit + 1]! - 1;
  const across = (place - first) % perRow;
  const rows = (by: number): number => {
    const goal = place + by * perRow;
    if (goal < first) return by === -1 ? place : first + across;
    // The last row may be shorter.
    return goal <= last || place - across + perRow <= last ? Math.min(goal, last) : place;
  };
  switch (key) {
    case 'ArrowRight':
      if (!ctrlKey && across + 1 < perRow && place < last) return place + 1;
      return beside(start, perRow, place, 1);
    case 'ArrowLeft':
      return !ctrlKey && across > 0 ? place - 1 : beside(start, perRow, place, -1);
    case 'ArrowDown':
      return rows(1);
    case 'ArrowUp':
      return rows(-1);
    case 'PageDown':
      return rows(screen);
    case 'PageUp':
      return rows(-screen);
    case 'Home':
      return first;
    case 'End':
      return last;
    default:
      return null;
  }
}

/** The near end of the same row, or of the last one, in the next stack that is not empty; the place itself at the end. */
function beside(start: Uint32Array, perRow: number, place: number, way: 1 | -1): number {
  const from = exitAt({ start }, place);
  let exit = from + way;
  while (exit >= 0 && exit + 1 < start.length && start[exit] === start[exit + 1]) exit += way;
  if (exit < 0 || exit + 1 >= start.length) return place;
  const first = start[exit]!;
  const last = start[exit + 1]! - 1;
  const row = Math.min(
    Math.floor((place - start[from]!) / perRow),
    Math.floor((last - first) / perRow),
  );
  const left = first + row * perRow;
  return way === 1 ? left : Math.min(last, left + perRow - 1);
}
