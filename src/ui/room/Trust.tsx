import { useDeferredValue, useMemo, useState } from 'react';
import { areProbabilities, reliabilityAt, type Reliability } from '../../core/reliability.ts';
import { heldIn } from '../../methods/registry.ts';
import { count, percent } from '../shared/format.ts';
import { unitHeld } from '../shared/methods.ts';
import { rightWords } from '../shared/rightWords.ts';
import { useRun, useShown } from '../shared/scene.ts';
import '../shared/drawing.css';

/** What an exit's confidences are worth: whether they are the chances to be right, and whether they tell failures. */
export function Trust() {
  const trace = useShown((state) => state.trace);
  // A drag goes on while this is worked out.
  const outcome = useDeferredValue(useShown((state) => state.outcome));
  const tempering = useRun((state) => state.opened?.tempering ?? null);
  const [chosen, setChosen] = useState(0);
  const held = useMemo(() => {
    if (!trace) return null;
    const rule = heldIn(trace);
    return { rule, isProbability: areProbabilities(trace, rule) };
  }, [trace]);
  const all = useMemo(
    () => trace && held && trace.exits.map((_, j) => reliabilityAt(trace, j, held)),
    [trace, held],
  );
  const arriving = useMemo(
    () =>
      trace &&
      held &&
      outcome &&
      trace.exits.map((_, j) => reliabilityAt(trace, j, held, (i) => outcome.exitOf[i]! >= j)),
    [trace, held, outcome],
  );
  if (!trace || !held || !all || !arriving || trace.count === 0) return null;
  const words = rightWords(trace);
  const at = Math.min(chosen, trace.exits.length - 1);
  const unit = unitHeld('frontier', trace);
  const before = tempering?.before[trace.split] ?? null;
  return (
    <div className="room">
      <ReliabilityDiagram
        of={all[at]!}
        before={before?.[at] ?? null}
        isProbability={held.isProbability}
        unit={unit}
      />
      <div className="table-scroll" tabIndex={0} role="group" aria-label="Confidences by exit">
        <table>
          <thead>
            <tr>
              <th scope="col">exit</th>
              <th scope="col">{words.right}</th>
              <th scope="col">mean confidence</th>
              {before && <th scope="col">temperature</th>}
              {before && held.isProbability && <th scope="col">ECE before</th>}
              {held.isProbability && <th scope="col">{before ? 'ECE after' : 'ECE'}</th>}
              {before && <th scope="col">AUROC before</th>}
              <th scope="col">{before ? 'AUROC after' : 'AUROC'}</th>
              <th scope="col">AUROC of those that arrive</th>
            </tr>
          </thead>
          <tbody>
            {trace.exits.map(({ name }, j) => (
              <tr key={name} className={j === at ? 'here' : ''}>
                <th scope="row">
                  <button
                    type="button"
                    className="link"
                    aria-pressed={j === at}
                    onClick={() => setChosen(j)}
                  >
                    {name}
                  </button>
                </th>
                <td>{percent(all[j]!.accuracy)}</td>
                <td>{all[j]!.confidence.toPrecision(3)}</td>
                {before && <td>{tempering!.temperatures[j]!.value.toPrecision(3)}</td>}
                {before && held.isProbability && <td>{share(before[j]!.ece)}</td>}
                {held.isProbability && <td>{share(all[j]!.ece)}</td>}
                {before && <td>{share(before[j]!.auroc)}</td>}
                <td>{share(all[j]!.auroc)}</td>
                <td>
                  {share(arriving[j]!.auroc)}
                  <small>{count(arriving[j]!.images)}</small>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="panel-help">
        Confidence: {unit}. AUROC: the chance that an image that is {words.right} is surer than one
        that is {words.wrong}; 0.5 tells nothing.{' '}
        {held.isProbability
          ? 'ECE: how far confidence is from accuracy, over 15 bins of one width (Guo et al. 2017); on the dotted line it is none. Thresholds do not mind a poor ECE, as they are found on images; readers of a confidence do.'
          : 'It is no probability, so it has no calibration error.'}{' '}
        Each dot is a fifteenth of the images. {trace.split}, {count(trace.count)} images.{' '}
        {tempering && before
          ? `Temperatures are fitted on ${count(tempering.images)} tuning images (Guo et al. 2017); the hollow dots are without them. A temperature moves all images of an exit the same way, so AUROC moves little.`
          : 'A temperature for each exit can be chosen of opened traces that hold scores.'}
      </p>
    </div>
  );
}

const share = (value: number | null): string => (value === null ? '–' : value.toFixed(3));

/** Confidences that lie closer together are drawn over their own range. */
const NARROW = 0.3;

const [WIDTH, HEIGHT, LEFT, BOTTOM, EDGE] = [320, 210, 40, 34, 8];

/** Accuracy of images by their confidence; of probabilities with the diagonal on which both are equal. */
function ReliabilityDiagram({
  of: { bins },
  before,
  isProbability,
  unit,
}: {
  readonly of: Reliability;
  /** Without the temperature. */
  readonly before: Reliability | null;
  readonly isProbability: boolean;
  readonly unit: string;
}) {
  const confidences = [...bins, ...(before?.bins ?? [])].map(({ confidence }) => confidence);
  const [least, most] = [Math.min(...confidences), Math.max(...confidences)];
  const [low, high] = isProbability && most - least > NARROW ? [0, 1] : [least, most];
  const x = (value: number): number =>
    LEFT + ((value - low) / (high - low || 1)) * (WIDTH - LEFT - EDGE);
  const y = (accuracy: number): number => HEIGHT - BOTTOM - accuracy * (HEIGHT - BOTTOM - EDGE);
  const path = bins.map((bin) => `${x(bin.confidence)},${y(bin.accuracy)}`).join(' ');
  return (
    <svg
      className="drawing reliability"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`Accuracy by confidence: ${bins
        .map((bin) => `${bin.confidence.toPrecision(2)}: ${percent(bin.accuracy, 0)}`)
        .join(', ')}`}
    >
      {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
        <g key={tick}>
          <line className="drawing-grid" x1={LEFT} x2={WIDTH - EDGE} y1={y(tick)} y2={y(tick)} />
          <text className="drawing-note" x={LEFT - 6} y={y(tick) + 4} textAnchor="end">
            {percent(tick, 0)}
          </text>
          <text
            className="drawing-note"
            x={x(low + tick * (high - low))}
            y={HEIGHT - BOTTOM + 15}
            textAnchor={tick === 1 ? 'end' : 'middle'}
          >
            {Number((low + tick * (high - low)).toPrecision(3))}
          </text>
        </g>
      ))}
      {isProbability && (
        <line
          className="reliability-ideal"
          {...{ x1: x(low), y1: y(low), x2: x(high), y2: y(high) }}
        />
      )}
      {before?.bins.map((bin, n) => (
        <circle
          key={n}
          className="reliability-before"
          cx={x(bin.confidence)}
          cy={y(bin.accuracy)}
          r="3"
        >
          <title>
            Without temperature, {count(bin.images)} images: confidence{' '}
            {bin.confidence.toPrecision(3)}, accuracy {percent(bin.accuracy)}
          </title>
        </circle>
      ))}
      <polyline className="reliability-line" points={path} />
      {bins.map((bin, n) => (
        <circle
          key={n}
          className="reliability-bin"
          cx={x(bin.confidence)}
          cy={y(bin.accuracy)}
          r="3.5"
        >
          <title>
            {count(bin.images)} images: confidence {bin.confidence.toPrecision(3)}, accuracy{' '}
            {percent(bin.accuracy)}
          </title>
        </circle>
      ))}
      <text className="drawing-note" x={(LEFT + WIDTH) / 2} y={HEIGHT - 4} textAnchor="middle">
        {unit}
      </text>
    </svg>
  );
}
