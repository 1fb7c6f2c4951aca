/** Tables of pixels as Kaggle has MNIST: a line of names (label,pixel0,…), then a line an image. */
import { DataError, grouped } from '../errors.ts';
import { fileAt, splitByName, type Chosen, type Format } from './format.ts';
import { splitOf, wholeOf } from './whole.ts';

const HEAD = /^\uFEFF?"?label"?,"?(pixel|pix|p|\d+x\d+|px)/i;

export const pixelTable: Format = {
  headBytes: 64,

  recognise({ bytes, name }) {
    if (!HEAD.test(new TextDecoder('latin1').decode(bytes.subarray(0, 64)))) return null;
    return {
      ...{ dataset: null, split: splitByName(name), role: 'table' },
      ...{ count: null, shape: null },
    };
  },

  choose(split, parts): Chosen {
    const file = parts.at(-1)?.source;
    const name = split === 'train' ? 'training' : 'test';
    return file
      ? { files: [file] }
      : { files: null, missing: [`the table of ${name} images`], conflicts: [] };
  },

  async read(files, wanted) {
    const file = fileAt(files, 0, 'pixels');
    const text = new TextDecoder().decode(await wholeOf(file, wanted));
    const lines = text.split(/\r?\n/).filter((line) => line !== '');
    const pixels = lines[0]!.split(',').length - 1;
    const side = Math.sqrt(pixels);
    if (!Number.isInteger(side))
      throw new DataError(
        `${file.name} has ${grouped(pixels)} pixels a line, which make no square image.`,
      );
    const count = lines.length - 1;
    const images = new Uint8Array(count * pixels);
    const labels = new Uint8Array(count);
    lines.slice(1).forEach((line, i) => {
      const values = line.split(',').map(Number);
      const isLine = values.length === pixels + 1;
      if (
        !isLine ||
        !values.every((value) => Number.isInteger(value) && value >= 0 && value <= 255)
      )
        throw new DataError(
          `${file.name}: line ${grouped(i + 2)} is no image: expected a label and ${grouped(pixels)} whole numbers from 0 to 255.`,
        );
      labels[i] = values[0]!;
      images.set(values.slice(1), i * pixels);
    });
    return splitOf({ images, count, shape: [side, side, 1] }, labels, file.name, wanted);
  },
};
