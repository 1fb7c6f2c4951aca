/**
 * Reading a trace, drawing it and what follows from another one: each takes a turn of the page's thread, not all one, so
 * that a hand on the mouse never waits long.
 */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
