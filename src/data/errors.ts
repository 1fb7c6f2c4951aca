/** A file or source is not what it should be. The message is a sentence for a person: what was expected, what came, what to do. */
export class DataError extends Error {
  override readonly name = 'DataError';
}

/** True for what a cancelled load rejects with. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** 60000 → "60,000". */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
