import { useEffect, useRef } from 'react';
import { useLive } from '../../state/unsupervised/live.ts';
import { fitsStrip, levelsOf, paintStrip } from './strip.ts';
import { useRun } from '../shared/scene.ts';

/** Ten images, and what the autoencoder of DEC-large redraws from ten numbers each. */
export function ReconstructionStrip() {
  const strip = useLive((state) => state.strip);
  const courses = useLive((state) => state.courses);
  const dataset = useRun((session) => session.dataset);
  const canvas = useRef<HTMLCanvasElement>(null);
  const course = courses.find(({ exit, stage }) => exit === 'DEC-large' && stage === 'pretraining');
  const isDrawn = strip && dataset && fitsStrip(strip.images, strip.reconstruction, dataset.shape);
  useEffect(() => {
    if (!isDrawn) return;
    const painted = paintStrip(strip.images, strip.reconstruction, dataset);
    const element = canvas.current!;
    element.width = painted.width;
    element.height = painted.height;
    element.getContext('2d')!.putImageData(painted, 0, 0);
  }, [isDrawn, strip, dataset]);
  if (!isDrawn) return null;
  const loss = course?.moments.at(-1)?.loss ?? null;
  const error = loss === null ? '' : `${levelsOf(loss).toFixed(0)} of 255 grey levels`;
  return (
    <figure className="strip">
      <figcaption>
        Above: images. Below: redrawn from ten numbers each
        {error && (
          <>
            , off by <b>{error}</b>
          </>
        )}
        .
      </figcaption>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`${strip.images.length} images above their reconstructions${error && `, which are off by ${error} (root mean square over all images)`}`}
      />
    </figure>
  );
}
