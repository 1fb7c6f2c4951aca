import { useEffect, useRef, useState } from 'react';
import { useLearning } from '../../state/explore/learn.ts';
import { give, tryImage, tryTest } from '../../state/try/drive.ts';
import { useTry } from '../../state/try/store.ts';
import type { Taken } from '../../state/try/take.ts';
import type { Dataset } from '../../core/dataset.ts';
import { imageAt } from '../../core/dataset.ts';
import { scaled } from '../map/thumbs.ts';
import { count } from '../shared/format.ts';
import { Panel } from '../shared/Panel.tsx';
import { useRun } from '../shared/scene.ts';
import { Camera } from './Camera.tsx';
import { DrawPad } from './DrawPad.tsx';

const WAYS = [
  ['draw', 'Draw'],
  ['test', 'Test image'],
  ['file', 'File or paste'],
  ['camera', 'Camera'],
] as const;

type Way = (typeof WAYS)[number][0];

/** Where the image comes from, and what the network sees of it. */
export function PicturePanel() {
  const shown = useRun((state) => state.dataset);
  const learnt = useLearning((state) => state.dataset);
  const dataset = shown ?? learnt;
  const [way, setWay] = useState<Way>('test');
  const taken = useTry((state) => state.taken);
  const accept = (next: Taken | null): void => {
    useTry.setState({ taken: next });
    void tryImage();
  };
  return (
    <Panel
      title="An image"
      why="picture"
      help="Draw one, give one, take one, or step through test images. No image leaves the page."
    >
      <div className="ways" role="group" aria-label="Where the image comes from">
        {WAYS.map(([id, name]) => (
          <button
            key={id}
            type="button"
            className="button small"
            aria-pressed={way === id}
            onClick={() => setWay(id)}
          >
            {name}
          </button>
        ))}
      </div>
      {dataset ? (
        <>
          {way === 'draw' && <DrawPad dataset={dataset} onTaken={accept} />}
          {way === 'test' && <TestImages dataset={dataset} />}
          {way === 'file' && (
            <label className="field give-file">
              An image file; pasting one or dropping it on the page does the same
              <input
                type="file"
                accept="image/*"
                onChange={(event) => {
                  const file = event.target.files?.[0];
                  if (file) void give(file);
                }}
              />
            </label>
          )}
          {way === 'camera' && <Camera dataset={dataset} onTaken={accept} />}
          <Preview dataset={dataset} />
          {taken && <p className="panel-help">{kindOf(dataset, taken)}</p>}
        </>
      ) : (
        <p className="panel-help">
          The images are on their way, or not here. Those of Strokes are drawn on this machine:
          choose them under Images.
        </p>
      )}
    </Panel>
  );
}

/** What to expect of a picture that is not from the dataset. */
function kindOf({ id, title, classes }: Dataset, { from }: Taken): string {
  const known = `This network was trained on ${title} and knows nothing but ${classes.slice(0, 3).join(', ')} … ${classes.at(-1)}.`;
  if (from !== 'drawing')
    return `${known} Whatever else a picture shows, it is taken for one of them.`;
  const isDigits = classes.join('') === '0123456789';
  if (id === 'strokes')
    return `${known} Its digits are drawn by code; a hand draws otherwise, so expect mistakes.`;
  return isDigits
    ? `${known} A mouse draws other lines than a pen, so expect mistakes.`
    : `${known} A drawing is of another kind, and is judged badly: choose Strokes or MNIST to draw digits.`;
}

function TestImages({ dataset }: { readonly dataset: Dataset }) {
  const image = useTry((state) => state.image);
  const taken = useTry((state) => state.taken);
  const n = dataset.test.count;
  const at = Math.min(image, n - 1);
  const go = (to: number): void => tryTest(((to % n) + n) % n);
  return (
    <div className="try-test">
      <span className="stepper">
        <button
          type="button"
          className="button quiet"
          onClick={() => go(at - 1)}
          aria-label="Previous image"
        >
          ‹
        </button>
        <label className="field small">
          test #
          <input
            type="number"
            min={0}
            max={n - 1}
            value={at}
            onChange={(event) => {
              const value = Number(event.target.value);
              if (event.target.value !== '' && Number.isInteger(value) && value >= 0 && value < n)
                go(value);
            }}
          />
        </label>
        <button
          type="button"
          className="button quiet"
          onClick={() => go(at + 1)}
          aria-label="Next image"
        >
          ›
        </button>
      </span>
      <span className="panel-note">
        of {count(n)}
        {taken === null && `, truth: ${dataset.classes[dataset.test.labels[at]!]}`}
      </span>
      {taken !== null && (
        <button type="button" className="button small" onClick={() => go(at)}>
          Take test image {count(at)}
        </button>
      )}
    </div>
  );
}

/** Exactly the pixels that go into the network. */
function Preview({ dataset }: { readonly dataset: Dataset }) {
  const image = useTry((state) => state.image);
  const taken = useTry((state) => state.taken);
  const canvas = useRef<HTMLCanvasElement>(null);
  const card = useRun((state) => state.card);
  const { shape, test } = dataset;
  const [height, width, channels] = shape;
  const side = Math.max(height, width);
  useEffect(() => {
    const pixels = taken?.pixels ?? imageAt(test, shape, Math.min(image, test.count - 1));
    if (pixels.length !== height * width * channels) return;
    const data = new ImageData(side, side);
    new Uint32Array(data.data.buffer).set(scaled(pixels, 0, shape, side));
    canvas.current!.getContext('2d')!.putImageData(data, 0, 0);
  }, [taken, image, test, shape, side, height, width, channels]);
  const size = card?.input.size ?? side;
  return (
    <div className="preview">
      <canvas
        ref={canvas}
        width={side}
        height={side}
        className="big-image"
        role="img"
        aria-label={taken ? `What the network sees of the ${taken.from}` : `Test image ${image}`}
      />
      <p className="panel-help">
        What the network sees: {height} × {width} {channels === 1 ? 'grey' : 'in colour'}
        {size > side && `, padded with black to ${size} × ${size}`}, as in training.
        {taken && ` ${taken.says}`}
      </p>
    </div>
  );
}
