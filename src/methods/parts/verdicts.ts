/** Room for what one exit says of some images. */
import type { Decisions } from '../run/stream.ts';

export const roomFor = (images: number): Decisions => ({
  prediction: new Uint8Array(images),
  confidence: new Float32Array(images),
  stride: images,
});
