/** Exits as a link and a command line say them. */
import { checkedExits, type ExitChoice } from './exits.ts';

/** "conv1,layer2.1=half" → the exits that are kept. @throws Error with a sentence. */
export function readExits(text: string): ExitChoice[] {
  const all = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part): ExitChoice => {
      const [at = '', name = at, ...more] = part.split('=').map((one) => one.trim());
      if (more.length > 0)
        throw new Error(`“${part.slice(0, 40)}” is no exit; expected NAME, or NAME=ANOTHER.`);
      return { at, name };
    });
  return checkedExits(all);
}

export const writeExits = (exits: readonly ExitChoice[]): string =>
  exits.map(({ at, name }) => (at === name ? at : `${at}=${name}`)).join(',');
