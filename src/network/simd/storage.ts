/** How a node's output lies in memory: blocks of eight images, each [pixel][channel][8]. */

export const LANES = 8;

export interface Storage {
  readonly pixels: number;
  readonly channels: number;
  /** Channels with those that fill the last four up; they are 0. */
  readonly stored: number;
}

export const storageOf = (pixels: number, channels: number): Storage => ({
  pixels,
  channels,
  stored: 4 * Math.ceil(channels / 4),
});

export const pixelBytes = ({ stored }: Storage): number => 4 * LANES * stored;
export const blockBytes = (storage: Storage): number => storage.pixels * pixelBytes(storage);

/** One operation on blocks. */
export interface Step {
  readonly inputs: readonly number[];
  readonly output: number;
  readonly storage: Storage;
  /** @param x addresses of the inputs' blocks. */
  readonly run: (x: readonly number[], y: number, blocks: number) => void;
  /** Addresses that belong to this step. */
  readonly owned: readonly number[];
}
