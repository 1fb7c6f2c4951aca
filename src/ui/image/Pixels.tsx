import { useEffect, useRef } from 'react';
import { imageBytes, type ImageShape } from '../../core/dataset.ts';
import { scaled } from '../map/thumbs.ts';

interface PixelsProps {
  /** [count, height, width, channels]. */
  readonly images: Uint8Array;
  readonly shape: ImageShape;
  readonly image: number;
  readonly label: string;
  readonly className: string;
}

/** One image, a canvas pixel each. */
export function Pixels({ images, shape, image, label, className }: PixelsProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const side = Math.max(shape[0], shape[1]);
  useEffect(() => {
    const data = new ImageData(side, side);
    new Uint32Array(data.data.buffer).set(scaled(images, image * imageBytes(shape), shape, side));
    canvas.current!.getContext('2d')!.putImageData(data, 0, 0);
  }, [images, image, shape, side]);
  return (
    <canvas
      ref={canvas}
      width={side}
      height={side}
      className={className}
      role="img"
      aria-label={label}
    />
  );
}
