import { useEffect, useRef, type PointerEvent } from 'react';
import type { Arrangement } from '../../core/arrange.ts';
import { selectImage } from '../../state/scene/selection.ts';
import { imageAtPoint, mapHeight, paintMap, type MapGeometry } from '../map/paint.ts';
import type { ThumbOf } from '../map/thumbs.ts';
import { useMapColours } from '../map/useMapParts.ts';
import { count, plural } from '../shared/format.ts';
import { useTheme } from '../shared/useTheme.ts';
import { useVisible } from '../shared/useVisible.ts';
import { ClusterName } from './ClusterName.tsx';
import { useScene } from '../shared/scene.ts';

interface ClusterRowProps {
  readonly dataset: string;
  /** As the trace has it, and as a person calls it. */
  readonly cluster: string;
  readonly name: string;
  /** Its images by exit. */
  readonly map: Arrangement;
  /** How many of them are wrong, by exit. */
  readonly wrong: Uint32Array;
  readonly wrongWord: string;
  readonly geometry: MapGeometry;
  readonly thumbs: ThumbOf;
  readonly isWrong: (image: number) => boolean;
  readonly selected: number | null;
  readonly isOpen: boolean;
  readonly onOpen: (open: boolean) => void;
}

/** Lines of thumbnails in a row, and in one that is opened: more would not be looked at. */
const LINES = 3;
const OPEN_LINES = 20;

/** One cluster: its name, its size, and its images under the exit where they leave. */
export function ClusterRow(props: ClusterRowProps) {
  const scene = useScene();
  const { dataset, cluster, name, map, wrong, wrongWord, geometry, thumbs } = props;
  const { isWrong, selected, isOpen, onOpen } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  const isVisible = useVisible(canvas);
  const colours = useMapColours();
  const ratio = window.devicePixelRatio;
  const exits = map.start.length - 1;
  const size = map.start[exits]! - map.start[0]!;
  const needed = Math.ceil(mapHeight(map, geometry) / geometry.pitch);
  const lines = Math.min(needed, isOpen ? OPEN_LINES : LINES);
  const width = geometry.column * exits;
  // A line more than nothing: rows keep their place while a slider empties them.
  const height = Math.max(1, lines) * geometry.pitch;

  useEffect(() => {
    if (!isVisible) return;
    const frame = requestAnimationFrame(() => {
      const element = canvas.current!;
      const context = element.getContext('2d')!;
      const image = context.createImageData(width, height);
      paintMap(
        { data: new Uint32Array(image.data.buffer), width, height },
        { left: 0, top: 0 },
        map,
        geometry,
        thumbs,
        { isWrong, selected },
        colours.current,
      );
      if (element.width !== width) element.width = width;
      if (element.height !== height) element.height = height;
      context.putImageData(image, 0, 0);
    });
    return () => cancelAnimationFrame(frame);
  }, [map, geometry, thumbs, isWrong, selected, width, height, theme, isVisible, colours]);

  const onPointerDown = (event: PointerEvent): void => {
    const box = canvas.current!.getBoundingClientRect();
    const x = (event.clientX - box.left) * ratio;
    const y = (event.clientY - box.top) * ratio;
    const image = imageAtPoint(map, geometry, x, y);
    if (image !== null) selectImage(scene, image);
  };

  return (
    <section className="cluster-row" aria-label={name}>
      <header className="cluster-head">
        <ClusterName dataset={dataset} cluster={cluster} name={name} />
        <span>{plural(size, 'image')}</span>
        {needed > LINES && (
          <button
            type="button"
            className="link"
            aria-expanded={isOpen}
            aria-label={`${isOpen ? 'Fewer' : 'More'} images of ${name}`}
            onClick={() => onOpen(!isOpen)}
          >
            {isOpen ? 'fewer' : 'more'}
          </button>
        )}
      </header>
      <div
        className="cluster-counts"
        style={{ gridTemplateColumns: `repeat(${exits}, ${geometry.column / ratio}px)` }}
      >
        {Array.from(wrong, (bad, j) => (
          <span key={j}>
            {count(map.start[j + 1]! - map.start[j]!)}
            {bad > 0 && (
              <span className="wrong-text">
                {' '}
                · {count(bad)} {wrongWord}
              </span>
            )}
          </span>
        ))}
      </div>
      <canvas
        ref={canvas}
        className="cluster-canvas"
        style={{ width: width / ratio, height: height / ratio }}
        aria-hidden="true"
        onPointerDown={onPointerDown}
      />
    </section>
  );
}
