/** A network of a person's own before anyone has said how it is fed, and what comes of it under a card. */
import type { NetworkCard } from './card.ts';
import { checkExits } from './exit-names.ts';
import type { NetworkFiles } from './files.ts';

/** What files say of a network: plain data, that passes from one thread to another. */
export interface Reading {
  /** Its layers and weights; null where the size of the images must be known first. */
  readonly network: Pick<NetworkFiles, 'topology' | 'weights' | 'data'> | null;
  /** Of the file, without its ending. */
  readonly name: string;
  /** Height = width of the images; null where the file leaves it open. */
  readonly size: number | null;
  /** Null where the file leaves them open as well. */
  readonly channels: number | null;
  /** Numbers in the network's own output; null where the size must be known first. */
  readonly outputs: number | null;
  /** The card that came with the files; null where it is to be asked for. */
  readonly card: NetworkCard | null;
  /** Bytes of the golden.json that came with the files, or what says the same. */
  readonly golden?: Uint8Array | undefined;
  /** What a card has to agree with; null where nothing but the layers themselves says it. */
  readonly demands: {
    /** As messages name it. */
    readonly file: string;
    readonly size: number;
    readonly channels: number;
    /** Numbers in each of its outputs. */
    readonly outputs: readonly number[];
  } | null;
}

/** A network whose card may still be asked for. */
export interface GivenNetwork extends Omit<Reading, 'network' | 'demands'> {
  /** @throws (rejects with) an Error with a sentence when the card does not go with the network. */
  complete(card: NetworkCard): Promise<NetworkFiles>;
}

/** @param again reads the files once more, for images of a size that they leave open. */
export function givenOf(
  { network, demands, ...said }: Reading,
  again: (size: number) => Promise<Reading>,
): GivenNetwork {
  return {
    ...said,
    complete: async (card) => {
      const reading = network ? { network, demands } : await again(card.input.size);
      const files = { ...reading.network!, card };
      if (reading.demands) check(card, reading.demands);
      if (card.exits) checkExits(files);
      return files;
    },
  };
}

function check(
  { input, embedding, classes }: NetworkCard,
  { file, size, channels, outputs }: NonNullable<Reading['demands']>,
): void {
  if (input.size !== size)
    throw new Error(`${file} takes images of ${size} pixels; the card says ${input.size}.`);
  if (input.channels !== channels)
    throw new Error(
      `${file} takes images of ${channels} channel${channels === 1 ? '' : 's'}; the card says ${input.channels}.`,
    );
  const other = outputs.find((count) => count !== (embedding ?? classes.length));
  if (other !== undefined)
    throw new Error(
      `${file} has an output of ${other} numbers; the card ` +
        `${embedding === null ? `lists ${classes.length} classes` : `says that they are ${embedding}`}.`,
    );
}
