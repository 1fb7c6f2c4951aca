/** Work that a reload would lose without a word: the browser asks first while it goes on. */

/** Does work of which a page alone keeps the result: the browser asks before the page goes away in the middle of it. */
export async function askBeforeLeaving<Result>(work: () => Promise<Result>): Promise<Result> {
  // One listener a piece of work: several may go on side by side.
  const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
  window.addEventListener('beforeunload', ask);
  try {
    return await work();
  } finally {
    window.removeEventListener('beforeunload', ask);
  }
}
