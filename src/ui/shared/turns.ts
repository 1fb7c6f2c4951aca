/**
 * What is drawn a turn later: one part after the other, each after the frame of the one before, so that the page's thread
 * is never kept by all of them together.
 */
import { startTransition } from 'react';

const waiting: (() => void)[] = [];
let isGoing = false;

/** Longest wait for a frame: a page that nobody looks at draws none. */
const MOST_WAIT = 100;

/** Changes something in a turn of its own. @returns takes it back, where its turn has not come. */
export function inTurn(change: () => void): () => void {
  waiting.push(change);
  if (!isGoing) void go();
  return () => {
    const at = waiting.indexOf(change);
    if (at >= 0) waiting.splice(at, 1);
  };
}

async function go(): Promise<void> {
  isGoing = true;
  while (waiting.length > 0) {
    await frame();
    const change = waiting.shift();
    if (change) startTransition(change);
  }
  isGoing = false;
}

function frame(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, MOST_WAIT);
    // After the frame, not before it.
    requestAnimationFrame(() => setTimeout(resolve));
  });
}
