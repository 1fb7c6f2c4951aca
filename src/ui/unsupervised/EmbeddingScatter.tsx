import { useEffect, useMemo, useRef, useState } from 'react';
import { useClusters } from '../../state/unsupervised/choices.ts';
import { useLive } from '../../state/unsupervised/live.ts';
import { plural } from '../shared/format.ts';
import { useSize } from '../shared/useSize.ts';
import { useClusterColours } from './clusterColours.ts';
import { hueOf, shapeOf } from './shapes.ts';
import { classesOf, tally } from './clustered.ts';
import { ShapeKey } from './ShapeKey.tsx';
import { between, fitted, paintScatter, type Look } from './scatter.ts';
import { useRun } from '../shared/scene.ts';

/** Milliseconds from one view to the next; views come more slowly than that. */
const MOVE = 700;

interface EmbeddingScatterProps {
  /** CSS pixels. */
  readonly height: number;
}

/** Some images in the plane that shows most of their embedding's spread, in the colours of their clusters. */
export function EmbeddingScatter({ height }: EmbeddingScatterProps) {
  const plane = useLive((state) => state.plane);
  const view = useLive((state) => state.view);
  const dataset = useRun((session) => session.dataset);
  const labelled = useClusters((choices) => choices.labelled);
  const [byClass, setByClass] = useState(false);
  const sample = view?.sample ?? null;
  const classes = useMemo(
    () =>
      labelled && sample && dataset && dataset.labelled !== false
        ? classesOf(dataset, sample.images)
        : null,
    [labelled, sample, dataset],
  );
  if (!plane || !sample) return null;
  const { clusters } = sample;
  const showsClasses = byClass && classes !== null;
  const fill = showsClasses ? classes : clusters;
  const look: Look = { fill, ring: showsClasses ? clusters : null };
  const name = (k: number): string =>
    showsClasses ? (dataset?.classes[k] ?? `class ${k}`) : `cluster ${k + 1}`;
  return (
    <figure className="scatter">
      <figcaption className="scatter-head">
        <span>
          {plural(sample.images.length, 'image')}, first two principal components of the{' '}
          {sample.dimensions}-d embedding
        </span>
        {classes && (
          <label className="field small">
            colour
            <select
              value={showsClasses ? 'class' : 'cluster'}
              onChange={(event) => setByClass(event.target.value === 'class')}
            >
              <option value="cluster">by cluster</option>
              <option value="class">by true class{clusters ? ', ring by cluster' : ''}</option>
            </select>
          </label>
        )}
      </figcaption>
      <ScatterCanvas
        plane={plane}
        look={look}
        height={height}
        label={`${view!.exit}: where ${plural(sample.images.length, 'image')} lie in the embedding; the list below counts them`}
      />
      {fill ? (
        <ul className="scatter-key" aria-label={showsClasses ? 'Classes' : 'Clusters'}>
          {[...tally(fill)].map(([k, images]) => (
            <li key={k} style={{ color: hueOf(k) }}>
              <ShapeKey shape={shapeOf(k)} />
              <span>
                {name(k)} <b>{images}</b>
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <p className="scatter-none">Grey: there are no clusters yet.</p>
      )}
    </figure>
  );
}

interface ScatterCanvasProps {
  readonly plane: Float32Array;
  readonly look: Look;
  readonly height: number;
  readonly label: string;
}

function ScatterCanvas({ plane, look: { fill, ring }, height, label }: ScatterCanvasProps) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  /** Where the points are on screen. */
  const places = useRef<Float32Array | null>(null);
  const { width } = useSize(box);
  const colours = useClusterColours();
  const goal = useMemo(
    () => (width > 0 ? fitted(plane, { width, height }) : null),
    [plane, width, height],
  );
  useEffect(() => {
    if (!goal) return;
    const ratio = window.devicePixelRatio;
    const element = canvas.current!;
    element.width = Math.round(width * ratio);
    element.height = Math.round(height * ratio);
    const context = element.getContext('2d')!;
    const to = goal.at;
    const from = places.current;
    const isStill =
      from?.length !== to.length || window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const start = performance.now();
    let frame = 0;
    const draw = (now: number): void => {
      const share = isStill ? 1 : Math.min(1, Math.max(0, now - start) / MOVE);
      const at = share < 1 ? between(from!, to, share) : to;
      places.current = at;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      paintScatter(context, at, { fill, ring }, colours);
      if (share < 1) frame = requestAnimationFrame(draw);
    };
    draw(start);
    return () => cancelAnimationFrame(frame);
  }, [goal, fill, ring, width, height, colours]);
  return (
    <div ref={box} className="scatter-box">
      <canvas
        ref={canvas}
        className="scatter-canvas"
        style={{ height }}
        role="img"
        aria-label={label}
      />
      {goal && goal.stretch > 1.2 && (
        <span className="scatter-note">
          second component stretched {goal.stretch.toFixed(1)} times
        </span>
      )}
    </div>
  );
}
