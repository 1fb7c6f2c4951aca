import { useMemo } from 'react';
import { corruptions, strengthOf, type Corruption } from '../../data/shift/corruptions.ts';
import {
  chooseCorruption,
  chooseMost,
  IMAGES,
  shiftImages,
  stopShift,
  useShift,
} from '../../state/shift/store.ts';
import { shiftRow } from '../../state/shift/rows.ts';
import { Pixels } from '../image/Pixels.tsx';
import { all } from '../shared/all.ts';
import { count, percent, plural } from '../shared/format.ts';
import { rightWords } from '../shared/rightWords.ts';
import { useSearches, useShown, useStory } from '../shared/scene.ts';
import { LeavingBar } from './LeavingBar.tsx';

const WORDS: Readonly<Record<Corruption, { readonly name: string; readonly unit: string }>> = {
  noise: { name: 'Gaussian noise', unit: 'deviation' },
  blur: { name: 'Gaussian blur', unit: 'deviation in pixels' },
  contrast: { name: 'less contrast', unit: 'of the contrast' },
  brightness: { name: 'brighter', unit: 'added to the value' },
  pixelation: { name: 'pixelated', unit: 'of the side' },
  blocks: { name: 'a grey block', unit: 'of the side' },
};

/** How the thresholds on screen hold when the test images are corrupted: accuracy, cost, harm and where images leave. */
export function Shift() {
  const { corruption, most, done, isRunning, problem } = useShift(all);
  const test = useShown((state) => state.test);
  if (!test) return null;
  return (
    <div className="room">
      <div className="shift-fields">
        <label className="field small">
          Test images
          <select value={corruption} onChange={({ target }) => chooseCorruption(target.value)}>
            {corruptions.map((one) => (
              <option key={one} value={one}>
                {WORDS[one].name}
              </option>
            ))}
          </select>
        </label>
        <label className="field small">
          the first
          <select value={most} onChange={({ target }) => chooseMost(Number(target.value))}>
            {IMAGES.map((images) => (
              <option key={images} value={images}>
                {count(images)}
              </option>
            ))}
          </select>
        </label>
        {isRunning ? (
          <button type="button" className="button small" onClick={stopShift}>
            Stop
          </button>
        ) : (
          <button type="button" className="button small" onClick={() => void shiftImages()}>
            Corrupt and trace
          </button>
        )}
      </div>
      <p role="status" className="panel-help">
        {problem ?? (isRunning ? `Severity ${Math.max(1, done?.traces.length ?? 1)} of 5 …` : null)}
      </p>
      {done?.of === test && <Rows />}
      <p className="panel-help">
        Corruptions and severities of CIFAR-10-C (Hendrycks and Dietterich 2019), the block of
        Cutout (DeVries and Taylor 2017). Thresholds stay where they are: move them, and the table
        follows.
      </p>
    </div>
  );
}

function Rows() {
  const done = useShift((state) => state.done);
  const policy = useShown((state) => state.policy);
  const curve = useShown((state) => state.chosen);
  const costs = useShown((state) => state.costs);
  const promised = useSearches((state) => state.promised);
  const source = useShown((state) => state.source);
  const selected = useStory((state) => state.image);
  const rows = useMemo(
    () =>
      policy && done
        ? done.traces.map(({ severity, trace }) =>
            shiftRow(severity, trace, policy, { curve, costs }),
          )
        : [],
    [done, policy, curve, costs],
  );
  if (!done || rows.length === 0) return null;
  const { traces, dataset, corruption, seed } = done;
  const { trace } = traces[0]!;
  const image = selected !== null && selected < trace.count ? selected : 0;
  const words = rightWords(trace);
  const epsilon = source === 'certified' ? promised : null;
  return (
    <>
      <div className="table-scroll" tabIndex={0} role="group" aria-label="Corrupted images">
        <table>
          <thead>
            <tr>
              <th scope="col">severity</th>
              <th scope="col">image {image}</th>
              <th scope="col">{words.right}</th>
              <th scope="col" title={`${words.thePlain} on the same images`}>
                plain
              </th>
              <th scope="col" title={`${words.wrong} where they leave, ${words.right} at the end`}>
                harm
              </th>
              <th scope="col">cost</th>
              <th scope="col">leave at</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ severity, accuracy, plain, harm, cost, leaving }, n) => (
              <tr key={severity}>
                <th
                  scope="row"
                  title={
                    severity === 0
                      ? 'as they are'
                      : `${strengthOf(corruption, severity)} ${WORDS[corruption].unit}`
                  }
                >
                  {severity === 0 ? 'none' : severity}
                </th>
                <td>
                  <Pixels
                    images={traces[n]!.images}
                    shape={dataset.shape}
                    image={image}
                    className="shift-image"
                    label={`image ${image}, severity ${severity}`}
                  />
                </td>
                <td>{percent(accuracy)}</td>
                <td>{percent(plain)}</td>
                <td className={epsilon !== null && harm > epsilon ? 'wrong-text' : ''}>
                  {percent(harm)}
                </td>
                <td>{cost.toFixed(2)}</td>
                <td>
                  <LeavingBar leaving={leaving} exits={trace.exits} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="panel-help">
        The first {plural(trace.count, 'test image')}, seed {seed}.
        {epsilon !== null &&
          ` Risk control promised a harm of at most ${percent(epsilon, 1)} on images like those it was certified on; ${brokenWords(rows, epsilon)}`}
      </p>
    </>
  );
}

/** From which severity on a promise no longer holds. */
function brokenWords(rows: readonly { severity: number; harm: number }[], epsilon: number): string {
  const broken = rows.find(({ severity, harm }) => severity > 0 && harm > epsilon);
  return broken
    ? `from severity ${broken.severity} on it does not hold.`
    : 'it holds in every severity that was traced.';
}
