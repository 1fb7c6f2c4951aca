import { useEffect, useState, type RefObject } from 'react';

/** Content width and height of an element in CSS pixels, followed as it changes. */
export function useSize(element: RefObject<HTMLElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      setSize({ width, height });
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

/** What a reader's type measures, CSS pixels: 1rem. Asked once, since asking makes the browser compute the layout. */
export const typeSize = (): number =>
  parseFloat(getComputedStyle(document.documentElement).fontSize);
