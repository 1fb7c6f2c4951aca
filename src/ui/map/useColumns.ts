import { useLayoutEffect, useState, type RefObject } from 'react';

/** Columns of the exits that are on screen, with one more on either side: first, and first after them. */
export interface Columns {
  readonly from: number;
  readonly to: number;
}

/** Columns that are taken to be seen until the browser has looked. */
const AT_FIRST = 16;

/**
 * The columns that the box around an element lets be seen, as it is scrolled and resized: nobody paints the others.
 * @param column width of one, CSS pixels.
 */
export function useColumns(
  inside: RefObject<HTMLElement | null>,
  column: number,
  exits: number,
): Columns {
  const [{ from, to }, set] = useState<Columns>({ from: 0, to: Math.min(exits, AT_FIRST) });
  useLayoutEffect(() => {
    const box = inside.current?.closest('.columns-box');
    if (!box) return undefined;
    const look = (): void => set((before) => columnsIn(box, column, exits, before));
    // Looks once at the beginning too, when the browser has laid the page out: asking before makes it do that twice.
    const observer = new ResizeObserver(look);
    observer.observe(box);
    box.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener('scroll', look);
    };
  }, [inside, column, exits]);
  return { from: Math.min(from, exits), to: Math.min(to, exits) };
}

/** The same object where nothing changed, so that nothing is drawn anew. */
export function columnsIn(
  { scrollLeft, clientWidth }: Pick<Element, 'scrollLeft' | 'clientWidth'>,
  column: number,
  exits: number,
  before: Columns,
): Columns {
  const from = Math.min(exits - 1, Math.max(0, Math.floor(scrollLeft / column) - 1));
  const to = Math.min(exits, Math.ceil((scrollLeft + clientWidth) / column) + 1);
  return from === before.from && to === before.to ? before : { from, to };
}
