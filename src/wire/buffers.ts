/** How deep plain objects are looked through: a dataset's splits hold arrays. */
const DEPTH = 2;

/** The buffers of the arrays in a value, each once: to be handed over instead of copied. */
export function buffersOf(value: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const look = (at: unknown, depth: number): void => {
    if (ArrayBuffer.isView(at)) {
      if (at.buffer instanceof ArrayBuffer) found.add(at.buffer);
    } else if (typeof at === 'object' && at !== null && !Array.isArray(at) && depth > 0) {
      for (const inner of Object.values(at)) look(inner, depth - 1);
    }
  };
  look(value, DEPTH);
  return [...found];
}
