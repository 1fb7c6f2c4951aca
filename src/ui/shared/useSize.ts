import { useEffect, useState, type RefObject } from 'react';

interface Size {
  readonly width: number;
  readonly height: number;
  /** What the reader's type measures: 1rem. */
  readonly type: number;
}

/** Content width and height of an element in CSS pixels, followed as it changes. */
export function useSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0, type: 13 });
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      const type = parseFloat(getComputedStyle(document.documentElement).fontSize);
      setSize({ width, height, type });
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
