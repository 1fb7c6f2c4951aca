import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { Dataset } from '../../core/dataset.ts';
import { takeDrawing, type Taken } from '../../state/try/take.ts';

/** Pixels of the pad; a pen draws lines as wide, beside it, as those of handwritten digits. */
const SIDE = 280;
const PEN = 22;
/** How far an arrow key moves the pen. */
const STEP = 14;

interface Place {
  readonly x: number;
  readonly y: number;
}

interface DrawPadProps {
  readonly dataset: Dataset;
  readonly onTaken: (taken: Taken | null) => void;
}

/** Draws by mouse, pen or finger; by keyboard the arrows move the pen, and Space sets it down or lifts it. */
export function DrawPad({ dataset, onTaken }: DrawPadProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const from = useRef<Place | null>(null);
  const [pen, setPen] = useState<Place & { readonly isDown: boolean }>({
    x: SIDE / 2,
    y: SIDE / 2,
    isDown: false,
  });
  const [isFocused, setIsFocused] = useState(false);

  const context = (): CanvasRenderingContext2D =>
    canvas.current!.getContext('2d', { willReadFrequently: true })!;
  const clear = (): void => {
    context().fillStyle = '#000';
    context().fillRect(0, 0, SIDE, SIDE);
  };
  useEffect(() => {
    const first = canvas.current!.getContext('2d', { willReadFrequently: true })!;
    first.fillStyle = '#000';
    first.fillRect(0, 0, SIDE, SIDE);
  }, []);

  const line = (a: Place, b: Place): void => {
    const on = context();
    on.strokeStyle = '#fff';
    on.lineWidth = PEN;
    on.lineCap = 'round';
    on.lineJoin = 'round';
    on.beginPath();
    on.moveTo(a.x, a.y);
    on.lineTo(b.x, b.y);
    on.stroke();
  };
  const placeOf = (event: PointerEvent): Place => {
    const box = canvas.current!.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) / box.width) * SIDE,
      y: ((event.clientY - box.top) / box.height) * SIDE,
    };
  };
  const finish = (): void => onTaken(takeDrawing(canvas.current!, dataset));

  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-STEP, 0],
      ArrowRight: [STEP, 0],
      ArrowUp: [0, -STEP],
      ArrowDown: [0, STEP],
    };
    const move = moves[event.key];
    if (move) {
      event.preventDefault();
      const within = (n: number) => Math.min(SIDE - PEN, Math.max(PEN, n));
      const to = { x: within(pen.x + move[0]), y: within(pen.y + move[1]) };
      if (pen.isDown) line(pen, to);
      setPen({ ...to, isDown: pen.isDown });
    } else if (event.key === ' ') {
      event.preventDefault();
      if (pen.isDown) finish();
      else line(pen, pen);
      setPen({ ...pen, isDown: !pen.isDown });
    }
  };

  return (
    <div className="draw">
      <div className="draw-pad">
        <canvas
          ref={canvas}
          width={SIDE}
          height={SIDE}
          tabIndex={0}
          role="application"
          aria-roledescription="drawing pad"
          aria-label="Draw here. By keyboard: arrows move the pen, Space sets it down and lifts it."
          onFocus={() => setIsFocused(true)}
          onBlur={() => setIsFocused(false)}
          onKeyDown={onKeyDown}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            from.current = placeOf(event);
            line(from.current, from.current);
          }}
          onPointerMove={(event) => {
            if (!from.current) return;
            const to = placeOf(event);
            line(from.current, to);
            from.current = to;
          }}
          onPointerUp={() => {
            from.current = null;
            finish();
          }}
          onPointerCancel={() => (from.current = null)}
        />
        {isFocused && (
          <span
            className={`pen ${pen.isDown ? 'down' : ''}`}
            style={{ left: `${(100 * pen.x) / SIDE}%`, top: `${(100 * pen.y) / SIDE}%` }}
          />
        )}
      </div>
      <p className="panel-help">
        Mouse, pen or finger; by keyboard arrows move the pen and Space sets it down and lifts it.{' '}
        <button
          type="button"
          className="button small"
          onClick={() => {
            clear();
            onTaken(null);
          }}
        >
          Clear
        </button>
      </p>
      <span className="visually-hidden" role="status">
        {isFocused && (pen.isDown ? 'The pen is down.' : 'The pen is up.')}
      </span>
    </div>
  );
}
