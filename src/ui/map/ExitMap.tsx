import {
  useCallback,
  useEffect,
  useId,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
} from 'react';
import type { Arrangement } from '../../core/arrange.ts';
import type { Dataset } from '../../core/dataset.ts';
import type { Outcome } from '../../core/replay.ts';
import type { Trace } from '../../core/trace.ts';
import { selectImage } from '../../state/scene/selection.ts';
import { focusPanel } from '../shared/Panel.tsx';
import { useTheme } from '../shared/useTheme.ts';
import { exitAt, moved } from './cursor.ts';
import { MapCursor, useImageName } from './MapCursor.tsx';
import { cornerOf, imageAtPoint, imagesPerRow, mapHeight, paintMap } from './paint.ts';
import { useColumns } from './useColumns.ts';
import { useMapColours, useMapParts } from './useMapParts.ts';
import { useScene, useStory } from '../shared/scene.ts';

interface ExitMapProps {
  readonly trace: Trace;
  readonly outcome: Outcome;
  readonly arrangement: Arrangement;
  /** Null while the images themselves are not here: the map then shows the beginnings of their classes' names. */
  readonly dataset: Dataset | null;
  /** Width of one exit's column, CSS pixels. */
  readonly column: number;
}

/** Thumbnail and distance to the next, CSS pixels. */
const SIDE = 15;
const PITCH = 17;
/** Where the keyboard is, and whether it went there by itself. */
interface Cursor {
  readonly image: number | null;
  readonly isMoved: boolean;
}

/** Visible height at most. */
const HEIGHT = 440;

/** Every image as a thumbnail under the exit where it leaves; wrong ones framed in red. The keyboard goes from one to the next. */
export function ExitMap({ trace, outcome, arrangement, dataset, column }: ExitMapProps) {
  const scene = useScene();
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef(0);
  const sheet = useRef<ImageData>(null);
  const theme = useTheme();
  const colours = useMapColours();
  const selected = useStory((story) => story.image);
  const ratio = window.devicePixelRatio;
  const [top, setTop] = useState(0);
  const [cursor, setCursor] = useState<Cursor>({ image: null, isMoved: false });
  const id = useId();
  const nameOf = useImageName(trace, outcome);
  const { geometry, thumbs } = useMapParts(trace, dataset, { column, side: SIDE, pitch: PITCH });
  const height = mapHeight(arrangement, geometry);
  const visible = Math.min(HEIGHT, Math.max(PITCH * 2, Math.ceil(height / ratio)));
  const width = geometry.column * trace.exits.length;
  const columns = useColumns(canvas, column, trace.exits.length);
  const seen = {
    left: columns.from * geometry.column,
    width: (columns.to - columns.from) * geometry.column,
  };

  const draw = useCallback(() => {
    const context = canvas.current!.getContext('2d')!;
    const tall = Math.round(visible * ratio);
    // Fresh memory costs more than the painting: a drag paints the same sheet again.
    if (sheet.current?.width !== seen.width || sheet.current.height !== tall)
      sheet.current = context.createImageData(seen.width, tall);
    const image = sheet.current;
    const { count, label, prediction } = trace;
    paintMap(
      { data: new Uint32Array(image.data.buffer), width: image.width, height: image.height },
      { left: seen.left, top: Math.round(top * ratio) },
      arrangement,
      geometry,
      thumbs,
      { isWrong: (i) => prediction[outcome.exitOf[i]! * count + i] !== label[i], selected },
      colours.current,
    );
    if (canvas.current!.width !== image.width) canvas.current!.width = image.width;
    if (canvas.current!.height !== image.height) canvas.current!.height = image.height;
    context.putImageData(image, 0, 0);
    // The browser keeps every mark: one is enough.
    performance.clearMarks('offramp:map-drawn');
    performance.mark('offramp:map-drawn');
  }, [
    trace,
    outcome,
    arrangement,
    geometry,
    thumbs,
    selected,
    visible,
    seen.left,
    seen.width,
    top,
    ratio,
    colours,
  ]);

  useEffect(() => {
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame.current);
  }, [draw, theme]);

  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    const box = canvas.current!.getBoundingClientRect();
    const x = (event.clientX - box.left) * ratio + seen.left;
    const y = (event.clientY - box.top + top) * ratio;
    const image = imageAtPoint(arrangement, geometry, x, y);
    if (image === null) return;
    setCursor({ image, isMoved: false });
    selectImage(scene, image);
  };

  // The keyboard is where it was, where that is still shown; else at the selected image, else at the first.
  const places = [cursor.image, selected].map((image) =>
    image === null ? -1 : arrangement.images.indexOf(image),
  );
  const place = places.find((place) => place >= 0) ?? 0;
  const image = arrangement.images[place];
  const onKeyDown = (event: KeyboardEvent): void => {
    if (image === undefined || event.altKey || event.metaKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      selectImage(scene, image);
      if (event.key === 'Enter') focusPanel('One image');
    } else {
      const rows = Math.max(1, Math.floor(visible / PITCH) - 1);
      const next = moved(arrangement, imagesPerRow(geometry), rows, place, event);
      if (next === null) return;
      setCursor({ image: arrangement.images[next]!, isMoved: true });
    }
    event.preventDefault();
  };
  const exit = image === undefined ? 0 : exitAt(arrangement, place);
  const nth = place - arrangement.start[exit]!;
  const [left, y] = cornerOf(geometry, exit, nth);
  const optionId = `${id}-image`;

  return (
    <>
      <div
        className="map-scroll"
        style={{ height: visible, width: width / ratio }}
        tabIndex={0}
        {...(image === undefined
          ? { role: 'group' }
          : {
              role: 'listbox',
              'aria-activedescendant': optionId,
              'aria-describedby': `${id}-keys`,
            })}
        aria-label="Images under the exit where each leaves; the table below gives the counts"
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
        onPointerDown={onPointerDown}
        onKeyDown={onKeyDown}
      >
        <div className="map-sheet" style={{ height: Math.max(visible, height / ratio) }}>
          <canvas
            ref={canvas}
            className="map"
            style={{ width: seen.width / ratio, height: visible, marginLeft: seen.left / ratio }}
            aria-hidden="true"
          />
          {image !== undefined && (
            <MapCursor
              id={optionId}
              image={image}
              nth={nth}
              of={arrangement.start[exit + 1]! - arrangement.start[exit]!}
              name={nameOf(image)}
              isSelected={image === selected}
              isMoved={cursor.isMoved}
              left={left / ratio}
              top={y / ratio}
              side={SIDE}
            />
          )}
        </div>
      </div>
      {image !== undefined && (
        <p className="map-keys">
          <span aria-hidden="true">{nameOf(image)}. </span>
          <span id={`${id}-keys`}>
            Arrow keys move from image to image, with Ctrl from exit to exit; Enter opens one.
          </span>
        </p>
      )}
    </>
  );
}
