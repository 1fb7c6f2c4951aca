/** NumPy archives of images: Keras's (x_train, y_train, x_test, y_test) and MedMNIST's (train_images, train_labels, …). */
import { DataError } from '../errors.ts';
import { fileAt, type Chosen, type Format } from './format.ts';
import { entryOf, labelsOf, pixelsOf, splitOf, wholeOf } from './whole.ts';

const NAMES = /^(x|y)_(train|test)\.npy$|^(train|val|test)_(images|labels)\.npy$/;

export const npz: Format = {
  headBytes: 128,

  recognise({ bytes }) {
    if (bytes[0] !== 0x50 || bytes[1] !== 0x4b || bytes.length < 30) return null;
    const length = bytes[26]! + 256 * bytes[27]!;
    const first = new TextDecoder('latin1').decode(bytes.subarray(30, 30 + length));
    if (!NAMES.test(first)) return null;
    return { ...{ dataset: null, split: 'both', role: 'arrays' }, count: null, shape: null };
  },

  choose(_, parts): Chosen {
    const file = parts.at(-1)?.source;
    return file ? { files: [file] } : { files: null, missing: ['the archive'], conflicts: [] };
  },

  async read(files, wanted) {
    const file = fileAt(files, 0, 'arrays');
    const { split } = wanted;
    const { readArrays } = await import('../arrays/read.ts');
    const content = readArrays(await wholeOf(file, wanted), file.name);
    const images = entryOf(content, [`x_${split}`, `${split}_images`], file.name);
    const labels = entryOf(content, [`y_${split}`, `${split}_labels`], file.name);
    const pixels = pixelsOf(images, file.name);
    const classes = labelsOf(labels, file.name);
    if (classes.length > pixels.count)
      throw new DataError(
        `${file.name} gives every image several labels; expected one class an image.`,
      );
    return splitOf(pixels, classes, file.name, wanted);
  },
};
