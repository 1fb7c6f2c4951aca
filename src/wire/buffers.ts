/** How deep plain objects and lists are looked through: traces of runs, splits of datasets, and what may come. */
const DEPTH = 8;
/** How many of them: an answer of more parts than these is a table of small things, of which little is handed over. */
const MOST = 100_000;

/**
 * The buffers in a value, each once, however many arrays share it: to be handed over instead of copied. Whoever sends the
 * value has them no longer. What lies deeper than `DEPTH`, or comes after `MOST` objects, is copied.
 */
export function buffersOf(value: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const seen = new Set<object>();
  const look = (at: unknown, depth: number): void => {
    if (typeof at !== 'object' || at === null) return;
    if (at instanceof ArrayBuffer) found.add(at);
    else if (ArrayBuffer.isView(at)) {
      if (at.buffer instanceof ArrayBuffer) found.add(at.buffer);
    } else if (depth > 0 && seen.size < MOST && !seen.has(at)) {
      const parts = partsOf(at);
      if (parts.length === 0) return;
      seen.add(at);
      for (const part of parts) look(part, depth - 1);
    }
  };
  look(value, DEPTH);
  return [...found];
}

/** What a list, a map, a set or a plain object holds; nothing of what is cloned in a way of its own, as a blob is. */
function partsOf(at: object): readonly unknown[] {
  if (Array.isArray(at)) return at;
  if (at instanceof Map || at instanceof Set) return [...at].flat();
  const kind: unknown = Object.getPrototypeOf(at);
  return kind === Object.prototype || kind === null ? Object.values(at) : [];
}

/**
 * The same value with arrays of its own, to be handed over by whoever keeps what it has: one copy of each array, where
 * cloning a message makes several and blocks the thread that sends it ten times as long. Lists and plain objects alone are
 * looked through; the rest is the same object.
 */
export function withOwnArrays<Value>(value: Value): Value {
  return owned(value, DEPTH) as Value;
}

function owned(at: unknown, depth: number): unknown {
  if (ArrayBuffer.isView(at)) return 'slice' in at ? (at as Uint8Array).slice() : at;
  if (typeof at !== 'object' || at === null || depth === 0) return at;
  if (Array.isArray(at)) return at.map((part) => owned(part, depth - 1));
  const kind: unknown = Object.getPrototypeOf(at);
  if (kind !== Object.prototype && kind !== null) return at;
  return Object.fromEntries(
    Object.entries(at).map(([name, part]) => [name, owned(part, depth - 1)]),
  );
}
