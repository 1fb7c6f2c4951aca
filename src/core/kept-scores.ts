/** Scores that stay beside a trace, so that other confidences can be made of them: kept, checked, read and written. */
import { GREATEST_HALF, halves, toHalf } from './half.ts';
import { record } from './read.ts';
import type { ScoreKind, ScoreRows } from './scores.ts';
import { viewOf } from './trace-arrays.ts';
import { MOST_CELLS, SCORED_FORMAT, TRACE_FORMAT, type TraceHeader } from './trace-file.ts';
import type { Trace } from './trace.ts';

/**
 * Scores [exits, images, classes] of a trace as bits of IEEE 754 binary16: of image i at exit j from (j·N + i)·K on,
 * log-probabilities up to a constant of their row.
 */
export type Scores = Uint16Array;

/**
 * Keeps the rows of one exit as logits less the greatest of their row, from `to` on: there 16 bits are finest, and a
 * softmax does not mind. Of probabilities, their logarithms. What is less than a half can be stands as the least of them.
 */
export function keepRows(
  { values, first, step }: ScoreRows,
  {
    kind,
    images,
    classes,
  }: { readonly kind: ScoreKind; readonly images: number; readonly classes: number },
  out: { readonly scores: Scores; readonly to: number },
): void {
  for (let i = 0; i < images; i++) {
    const from = first + i * step;
    let greatest = -Infinity;
    for (let k = 0; k < classes; k++)
      if (values[from + k]! > greatest) greatest = values[from + k]!;
    for (let k = 0; k < classes; k++) {
      const value = values[from + k]!;
      const less = kind === 'logits' ? value - greatest : Math.log(value / greatest);
      out.scores[out.to + i * classes + k] = toHalf(Math.max(less, -GREATEST_HALF));
    }
  }
}

/**
 * Checks scores from outside against the trace that they came with.
 * @throws Error with a sentence at the first that is no finite number, or is greater than that of the predicted class.
 */
export function checkScores(
  { count, exits, classes, prediction }: Pick<Trace, 'count' | 'exits' | 'classes' | 'prediction'>,
  scores: Scores,
): void {
  const k = classes.length;
  const cells = count * exits.length;
  if (scores.length !== cells * k)
    throw new Error(
      `scores has ${scores.length} entries; expected ${cells * k} (exits × images × classes).`,
    );
  const numbers = halves();
  for (let at = 0; at < cells; at++) {
    const predicted = numbers[scores[at * k + prediction[at]!]!]!;
    for (let c = 0; c < k; c++) {
      const value = numbers[scores[at * k + c]!]!;
      // Of NaN every comparison is false.
      if (value <= predicted && value >= -GREATEST_HALF && value <= GREATEST_HALF) continue;
      const place = `image ${at % count} at exit ${exits[Math.floor(at / count)]!.name}`;
      const isOdd = !Number.isFinite(value);
      if (isOdd || !Number.isFinite(predicted))
        throw new Error(
          `The score of ${place} for class ${isOdd ? c : prediction[at]} is ${isOdd ? value : predicted}; expected a finite number.`,
        );
      throw new Error(
        `${place[0]!.toUpperCase()}${place.slice(1)} is predicted as class ${prediction[at]}, but class ${c} has a greater score: ` +
          'the scores are of another trace, or their classes in another order.',
      );
    }
  }
}

/**
 * Reads the scores of a trace as `decodeTrace` read it; null where there are none.
 * @throws Error with a sentence that names the field, or the score.
 */
export function decodeScores(json: unknown, bytes: Uint8Array, trace: Trace): Scores | null {
  const header = record(json, 'the trace header');
  const arrays = record(header.arrays, 'arrays');
  if (arrays.scores === undefined) return null;
  if (header.format === TRACE_FORMAT)
    throw new Error(
      `There is arrays.scores, which belongs to "${SCORED_FORMAT}", but the trace has the format "${TRACE_FORMAT}".`,
    );
  const { count, exits, classes } = trace;
  const length = count * exits.length * classes.length;
  if (length > MOST_CELLS)
    throw new Error(`The trace claims ${length} scores; at most ${MOST_CELLS} can be opened.`);
  const { view } = viewOf(arrays, 'scores', ['float16'], length, bytes, 'exits × images × classes');
  const scores = read(view);
  checkScores(trace, scores);
  return scores;
}

/** What `encodeScores` wrote, already checked: a look at the same bytes where that can be. */
export const scoresIn = (buffer: ArrayBuffer): Scores => read(new DataView(buffer));

/** Whether this machine keeps numbers as the files do: then nothing is copied, and scores are most of a large trace. */
const IS_LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function read(view: DataView): Scores {
  if (IS_LITTLE && view.byteOffset % 2 === 0)
    return new Uint16Array(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength / 2);
  const scores = new Uint16Array(view.byteLength / 2);
  for (let i = 0; i < scores.length; i++) scores[i] = view.getUint16(2 * i, true);
  return scores;
}

/** The header of a trace whose scores, `length` of them, follow its `bytes` in the file. */
export const withScores = (header: TraceHeader, bytes: number, length: number): TraceHeader => ({
  ...header,
  format: SCORED_FORMAT,
  arrays: { ...header.arrays, scores: { dtype: 'float16', offset: bytes, length } },
});

/** As a file holds them, little-endian: the same bytes where this machine keeps them so, to be read before they change. */
export function encodeScores(scores: Scores): Uint8Array<ArrayBuffer> {
  if (IS_LITTLE)
    return new Uint8Array(scores.buffer as ArrayBuffer, scores.byteOffset, scores.byteLength);
  const bytes = new Uint8Array(2 * scores.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < scores.length; i++) view.setUint16(2 * i, scores[i]!, true);
  return bytes;
}
