/** Long loops on the page's thread must let it breathe. */

/** Lets the thread handle input and painting; not slowed down in background tabs, as a timer would be. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Calls `work(from, to)` over 0…count in steps of `chunk`, pausing whenever 8 ms have passed. */
export async function inChunks(
  count: number,
  chunk: number,
  work: (from: number, to: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  let since = performance.now();
  for (let from = 0; from < count; from += chunk) {
    work(from, Math.min(count, from + chunk));
    if (performance.now() - since > 8) {
      await pause();
      signal?.throwIfAborted();
      since = performance.now();
    }
  }
}
