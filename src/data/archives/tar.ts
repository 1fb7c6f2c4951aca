/** The entries of a tar archive (POSIX ustar, with the long names of pax and GNU), without copying them. */
import { DataError } from '../errors.ts';
import { isTar } from './starts.ts';

export interface TarEntry {
  readonly path: string;
  readonly content: Blob;
}

const BLOCK = 512;

/** @throws DataError with a sentence when it is damaged or cut off. */
export async function tarEntries(tar: Blob, name: string): Promise<TarEntry[]> {
  const entries: TarEntry[] = [];
  const damaged = (why: string): DataError =>
    new DataError(`${name} is no whole tar archive (${why}). Write or download it again.`);
  let longName: string | null = null;
  for (let at = 0; at < tar.size;) {
    if (at + BLOCK > tar.size) throw damaged('it is cut off');
    const head = new Uint8Array(await tar.slice(at, at + BLOCK).arrayBuffer());
    if (head.every((byte) => byte === 0)) break;
    const text = (from: number, length: number): string =>
      new TextDecoder().decode(head.subarray(from, from + length)).replace(/\0.*$/s, '');
    if (!isSound(head)) throw damaged(`its entry at byte ${at} does not add up`);
    const size = sizeOf(head);
    const from = at + BLOCK;
    if (!(from + size <= tar.size)) throw damaged('it is cut off');
    const content = tar.slice(from, from + size);
    const type = text(156, 1);
    if (type === 'x') longName = pathOfPax(await content.text()) ?? longName;
    else if (type === 'L') longName = (await content.text()).replace(/\0.*$/s, '');
    else {
      const prefix = isTar(head) ? text(345, 155) : '';
      const path = longName ?? (prefix ? `${prefix}/` : '') + text(0, 100);
      if (type === '' || type === '0' || type === '7') entries.push({ path, content });
      longName = null;
    }
    at = from + Math.ceil(size / BLOCK) * BLOCK;
    if (at > tar.size) throw damaged('it is cut off');
  }
  return entries;
}

/** The header's bytes add up to its checksum, its own eight read as spaces. */
function isSound(head: Uint8Array): boolean {
  const sum = head.reduce((all, byte, i) => all + (i >= 148 && i < 156 ? 32 : byte), 0);
  return sum === octal(head.subarray(148, 156));
}

function sizeOf(head: Uint8Array): number {
  const field = head.subarray(124, 136);
  // GNU writes sizes of more than 8 GB in binary.
  if (field[0]! & 0x80) return field.subarray(1).reduce((all, byte) => all * 256 + byte, 0);
  return octal(field);
}

const octal = (field: Uint8Array): number =>
  parseInt(
    String.fromCharCode(...field)
      .replace(/[\0 ]+$/, '')
      .trim() || '0',
    8,
  );

/** The path of a pax header: lines of "LENGTH KEY=VALUE". */
const pathOfPax = (text: string): string | null =>
  /(?:^|\n)\d+ path=([^\n]*)\n/.exec(text)?.[1] ?? null;
