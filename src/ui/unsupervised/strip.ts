/** Paints originals over what the autoencoder makes of them. */
import { imageBytes, type Dataset, type ImageShape } from '../../core/dataset.ts';
import { PIXEL_SCALE } from '../../network/dec.ts';
import { scaled } from '../map/thumbs.ts';
import { clusteredImage } from './clustered.ts';

const GAP = 2;

/**
 * Two rows of images: originals, where they are here, and reconstructions.
 * @param reconstruction [n, inputs] on the scale of the encoder's input.
 */
export function paintStrip(
  images: Uint32Array,
  reconstruction: Float32Array,
  dataset: Dataset,
): ImageData {
  const { shape } = dataset;
  const side = Math.max(shape[0], shape[1]);
  const step = side + GAP;
  const strip = new ImageData(images.length * step - GAP, 2 * step - GAP);
  const pixels = new Uint32Array(strip.data.buffer);
  const put = (square: Uint32Array, left: number, top: number): void => {
    for (let y = 0; y < side; y++)
      pixels.set(square.subarray(y * side, (y + 1) * side), (top + y) * strip.width + left);
  };
  const bytes = imageBytes(shape);
  images.forEach((index, n) => {
    const image = clusteredImage(dataset, index);
    if (image) put(scaled(image.split.images, image.at * bytes, shape, side), n * step, 0);
    const made = bytesOf(reconstruction.subarray(n * bytes, (n + 1) * bytes));
    put(scaled(made, 0, shape, side), n * step, step);
  });
  return strip;
}

/** Whether a strip is of images of this shape: another dataset may be on its way. */
export function fitsStrip(images: Uint32Array, reconstruction: Float32Array, shape: ImageShape) {
  return reconstruction.length === images.length * imageBytes(shape);
}

/** Grey levels of a root mean squared error on the scale of the encoder's input. */
export function levelsOf(squaredError: number): number {
  return Math.sqrt(squaredError) / PIXEL_SCALE;
}

const bytesOf = (values: Float32Array): Uint8Array =>
  Uint8Array.from(values, (value) => Math.min(255, Math.max(0, Math.round(value / PIXEL_SCALE))));
