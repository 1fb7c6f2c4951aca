/** What arrives of an answer, part by part. */

/**
 * @param heard is told how many bytes there are after each part; where it throws, no more is asked for.
 * @throws whatever the transfer or `heard` throws.
 */
export async function partsOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  heard: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = body.getReader();
  let bytes = 0;
  for (;;) {
    const part = await reader.read();
    if (part.done) return parts;
    parts.push(part.value);
    try {
      heard((bytes += part.value.length));
    } catch (error) {
      await reader.cancel();
      throw error;
    }
  }
}

/** The parts as one. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
