/** Images that are both learnt from and tested on. */
import { imageBytes, type ImageShape, type Split } from '../core/dataset.ts';
import { fingerprintsOf } from '../core/fingerprint.ts';
import { grouped } from './errors.ts';

/** How many test images are training images as well, pixel for pixel, in words; null where none is. */
export function duplicatesNote(train: Split, test: Split, shape: ImageShape): string | null {
  const size = imageBytes(shape);
  const first = new Map<number, number>();
  fingerprintsOf(train, shape).forEach((print, i) => {
    if (!first.has(print)) first.set(print, i);
  });
  let count = 0;
  fingerprintsOf(test, shape).forEach((print, i) => {
    const other = first.get(print);
    if (other === undefined) return;
    // Fingerprints only say where to look.
    for (let p = 0; p < size; p++)
      if (test.images[i * size + p] !== train.images[other * size + p]) return;
    count++;
  });
  if (count === 0) return null;
  return count === 1
    ? 'a test image is among the training images too'
    : `${grouped(count)} test images are among the training images too`;
}
