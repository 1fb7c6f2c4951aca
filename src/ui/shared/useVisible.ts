import { useEffect, useState, type RefObject } from 'react';

/** Whether any of an element is on screen, or nearly: what is not need not be painted. */
export function useVisible(element: RefObject<HTMLElement | null>): boolean {
  const [isVisible, setIsVisible] = useState(false);
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    const observer = new IntersectionObserver(
      (entries) => setIsVisible(entries.at(-1)!.isIntersecting),
      { rootMargin: '120px' },
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return isVisible;
}
