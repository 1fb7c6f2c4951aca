/** A file or source is not what it should be. The message is a sentence for a person: what was expected, what came, what to do. */
export class DataError extends Error {
  override readonly name = 'DataError';
}

/** True for what a cancelled load rejects with. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** 60000 → "60,000"; of a fraction three digits. By hand: the first use of `Intl` costs a page more than all that it formats. */
export function grouped(count: number): string {
  const digits = String(Math.round(count * 1000) / 1000);
  return digits.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ',');
}
