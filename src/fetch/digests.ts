/** What the files of a folder of the page's server must be: SHA-256 by their names, in its digests.json. */
import type { Expected } from './file.ts';

/** Hex digests by the names of files. */
export type Digests = Readonly<Record<string, string>>;

export const DIGESTS = 'digests.json';

/** By the address of their folder; what could not be had is asked for again. */
const known = new Map<string, Promise<Digests | null>>();

/**
 * What a folder states of a file; where it states nothing, or cannot be asked, the file is not checked.
 * @param base address of the folder, with a slash at its end.
 */
export function statedIn(base: string, name: string): Expected {
  return async (isAgain) => {
    if (isAgain) known.delete(base);
    let asked = known.get(base);
    if (!asked) known.set(base, (asked = fetchDigests(base, isAgain)));
    const digests = await asked;
    if (!digests && known.get(base) === asked) known.delete(base);
    return digests && Object.hasOwn(digests, name) ? digests[name]! : null;
  };
}

async function fetchDigests(base: string, isAgain: boolean): Promise<Digests | null> {
  try {
    const response = await fetch(base + DIGESTS, isAgain ? { cache: 'reload' } : {});
    const read: unknown = response.ok ? await response.json() : null;
    const isRead = typeof read === 'object' && read !== null;
    return isRead && Object.values(read).every(isDigest) ? (read as Digests) : null;
  } catch {
    return null;
  }
}

const isDigest = (value: unknown): boolean =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
