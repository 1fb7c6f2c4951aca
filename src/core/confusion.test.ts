import { expect, it } from 'vitest';
import { confusion, drawnMatrix, worstConfusions } from './confusion.ts';
import { randomTrace } from './fixture.ts';
import { classIndices, type Trace } from './trace.ts';

/** Images of 1,000 classes: right, taken for the next class, or for the one five hundred on. */
function wideTrace(): Trace {
  const [count, k] = [3000, 1000];
  const label = classIndices(count, k);
  const prediction = classIndices(count, k);
  for (let i = 0; i < count; i++) {
    label[i] = i % k;
    prediction[i] = (label[i]! + [0, 1, 500][Math.floor(i / k)]!) % k;
  }
  const trace = randomTrace(count, 1);
  const classes = Array.from({ length: k }, (_, n) => `${n}`);
  return { ...trace, classes, label, prediction, confidence: new Float32Array(count) };
}

it('draws many classes in blocks, right answers alone on the diagonal', () => {
  const { counts, k, block } = drawnMatrix(wideTrace(), 0, 'all');
  expect([k, block]).toEqual([100, 10]);
  expect(counts[0]).toBe(10);
  expect(counts[1]).toBe(1);
  expect(counts[50]).toBe(10);
  // Nine of ten neighbours are of the same block.
  expect(counts.reduce((sum, n) => sum + n, 0)).toBe(3000 - 900);
});

it('lists the most frequent confusions without a matrix', () => {
  const trace = randomTrace(200, 2);
  const matrix = confusion(trace, 1);
  const k = trace.classes.length;
  const worst = worstConfusions(trace, 1, 'all', undefined, 5);
  const sorted = [...matrix.keys()]
    .filter((cell) => Math.floor(cell / k) !== cell % k)
    .sort((a, b) => matrix[b]! - matrix[a]! || a - b)
    .slice(0, 5);
  expect(worst.map(({ truth, predicted }) => truth * k + predicted)).toEqual(sorted);
  expect(worst.map(({ count }) => count)).toEqual(sorted.map((cell) => matrix[cell]));
});
