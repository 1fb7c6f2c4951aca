/**
 * Reading a trace, drawing it and what follows from another one: each takes a turn of the page's thread, not all one, so
 * that a hand on the mouse never waits long.
 */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Milliseconds of work between two turns. */
const SLICE = 6;

/**
 * Does work that has pauses in turns, a slice of time each.
 * @returns null where the signal ended it before.
 */
export async function inSlices<Result>(
  work: Generator<undefined, Result>,
  signal?: AbortSignal,
): Promise<Result | null> {
  for (let begun = performance.now(); ;) {
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() - begun < SLICE) continue;
    await nextTurn();
    if (signal?.aborted) return null;
    begun = performance.now();
  }
}
