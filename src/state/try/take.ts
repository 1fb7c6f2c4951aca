/** Takes a picture from a file, the camera or the drawing pad, and makes of it what the network is fed. */
import type { Dataset } from '../../core/dataset.ts';
import { inkBox, isOnLight, middleOf, pixelsOf, placeOf, type Box } from './picture.ts';

export interface Taken {
  /** uint8 HWC, of the shape of the dataset's images. */
  readonly pixels: Uint8Array;
  readonly from: 'drawing' | 'file' | 'camera';
  /** What was done to it, as a sentence. */
  readonly says: string;
}

/**
 * A file or what was pasted.
 * @throws Error with a sentence when it is no picture.
 */
export async function takeFile(file: Blob, dataset: Dataset): Promise<Taken> {
  const bitmap = await createImageBitmap(file).catch((cause: unknown) => {
    const name = file instanceof File ? file.name : 'What was pasted';
    throw new Error(
      `${name} is no picture that this browser reads; expected a PNG, JPEG or WebP.`,
      {
        cause,
      },
    );
  });
  try {
    return photograph(bitmap, bitmap.width, bitmap.height, dataset, 'file');
  } finally {
    bitmap.close();
  }
}

/** What the camera shows. */
export const takeVideo = (video: HTMLVideoElement, dataset: Dataset): Taken =>
  photograph(video, video.videoWidth, video.videoHeight, dataset, 'camera');

/** A square out of the middle; grey where the images are, and light on dark where they are. */
function photograph(
  source: CanvasImageSource,
  width: number,
  height: number,
  { shape, id }: Dataset,
  from: Taken['from'],
): Taken {
  const [rows, columns, channels] = shape;
  const whole = { left: 0, top: 0, width: columns, height: rows };
  const picture = drawn(source, middleOf({ width, height }), whole, rows, columns);
  const inverted = channels === 1 && isLightOnDark(id) && isOnLight(picture);
  const pixels = pixelsOf(picture, shape, inverted);
  const says =
    `A square out of its middle, ${rows} × ${columns}${channels === 1 ? ' grey' : ''}` +
    `${inverted ? ', dark on light turned into light on dark' : ''}, as the images that the network was trained on.`;
  return { pixels, from, says };
}

/**
 * What was drawn, light on dark; null while there is nothing.
 * @param canvas of any size.
 */
export function takeDrawing(canvas: HTMLCanvasElement, { shape }: Dataset): Taken | null {
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const box = inkBox(context.getImageData(0, 0, canvas.width, canvas.height));
  if (!box) return null;
  const [rows, columns, channels] = shape;
  const picture = drawn(canvas, box, placeOf(box, shape), rows, columns);
  const says = `${rows} × ${columns}${channels === 1 ? ' grey' : ' pixels'}, light on dark, its longer side 20/28 of the image and in the middle.`;
  return { pixels: pixelsOf(picture, shape, false), from: 'drawing', says };
}

/** Datasets whose images are light on dark, as MNIST's are. */
const isLightOnDark = (id: string): boolean =>
  ['strokes', 'mnist', 'fashion-mnist', 'kmnist', 'emnist', 'qmnist'].some((of) =>
    id.startsWith(of),
  );

function drawn(
  source: CanvasImageSource,
  from: Box,
  to: Box,
  rows: number,
  columns: number,
): ImageData {
  const canvas = new OffscreenCanvas(columns, rows);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = '#000';
  context.fillRect(0, 0, columns, rows);
  context.imageSmoothingQuality = 'high';
  context.drawImage(
    source,
    ...([from.left, from.top, from.width, from.height] as const),
    ...([to.left, to.top, to.width, to.height] as const),
  );
  return context.getImageData(0, 0, columns, rows);
}
