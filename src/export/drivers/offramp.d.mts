/** Reads a file of the export by its name. */
type Read = (name: string) => Promise<Uint8Array>;
type Decide = (
  pixels: Uint8Array,
) => Promise<{ readonly exit: number; readonly label: number; readonly confidence: number }>;

export const fetched: Read;
export function whole(read: Read): Promise<Decide>;
export function staged(read: Read): Promise<Decide>;
/** @returns how many images came out otherwise, those near a threshold aside. */
export function check(read: Read, say?: (line: string) => void): Promise<number>;
