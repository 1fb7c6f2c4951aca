/** Tells the page around a frame how high the frame's content is. */

/** What a page around is told, at first and whenever it changes. */
export interface HeightMessage {
  readonly type: 'offramp-height';
  /** CSS pixels that the content takes at the frame's width. */
  readonly height: number;
}

/**
 * Follows the height of an element and posts it to the page around, if there is one. To whatever page: nothing but a number
 * is told.
 * @returns ends that.
 */
export function followHeight(element: HTMLElement): () => void {
  const { parent } = window;
  if (parent === window) return () => undefined;
  let before = 0;
  const observer = new ResizeObserver(() => {
    const height = Math.ceil(element.getBoundingClientRect().height);
    if (height === before) return;
    before = height;
    const message: HeightMessage = { type: 'offramp-height', height };
    parent.postMessage(message, '*');
  });
  observer.observe(element);
  return () => observer.disconnect();
}
