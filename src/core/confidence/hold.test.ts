/** Held against numbers that NumPy and SciPy gave for the same scores (float64; temperatures by `minimize_scalar`, weights by L-BFGS-B). */
import { describe, expect, it } from 'vitest';
import { keepRows } from '../kept-scores.ts';
import { randomFrom } from '../random.ts';
import { accuracyAt, type Trace } from '../trace.ts';
import { readChoice, writeChoice, type ConfidenceChoice } from './choice.ts';
import { fit, held } from './hold.ts';
import { rowsAt, type Scored } from './rows.ts';
import { fitTemperature } from './temperature.ts';

const [M, N, K] = [3, 60, 4];
const label = Uint8Array.from({ length: N }, (_, i) => (i * 5 + Math.floor(i / 7)) % K);

/** Logits in eighths, which halves hold exactly. */
const logits = Array.from({ length: M * N * K }, (_, at) => {
  const [row, j] = [Math.floor(at / K), Math.floor(at / (N * K))];
  const base = ((at * 7919 + row * 31) % 41) / 8 - 2.5;
  const own = base + (at % K === label[row % N] ? 0.5 * (j + 1) : 0);
  return j === 2 ? 2 * own : own;
});

const scores = new Uint16Array(M * N * K);
for (let j = 0; j < M; j++)
  keepRows(
    { values: logits, first: j * N * K, step: K },
    { kind: 'logits', images: N, classes: K },
    { scores, to: j * N * K },
  );

const argmax = (row: readonly number[]): number => row.indexOf(Math.max(...row));
const trace: Trace = {
  ...{ dataset: 'd', network: 'n', method: 'max-softmax', rule: 'at-least', split: 'test' },
  ...{ classes: ['a', 'b', 'c', 'd'], count: N, total: N, networkFlops: 4, label },
  exits: [1, 2, 4].map((flops, stage) => ({ name: `exit ${stage}`, stage, flops })),
  prediction: Uint8Array.from({ length: M * N }, (_, at) =>
    argmax(logits.slice(at * K, (at + 1) * K)),
  ),
  confidence: new Float32Array(M * N),
  provenance: {
    commit: 'c',
    backend: 'b',
    seed: null,
    trainImages: 0,
    options: { rule: 'at-least' },
  },
};
const scored: Scored = { trace, scores };

const choice = (text: string): ConfidenceChoice => {
  const found = readChoice(text);
  if (!found) throw new Error(`${text} is no choice`);
  return found;
};
const under = (text: string): Trace => held(scored, choice(text), fit(scored, choice(text)));

describe('a confidence of kept scores', () => {
  it.each([
    ['max-softmax', [0.673053, 0.77242, 0.986056]],
    ['margin', [0.48022, 0.638193, 0.975102]],
    ['entropy', [0.937472, 0.748971, 0.082091]],
    ['max-softmax.mean', [0.673053, 0.400579, 0.55963]],
    ['margin.mean', [0.48022, 0.041842, 0.298992]],
    ['entropy.mean', [0.937472, 1.223222, 1.096459]],
    ['max-softmax.product', [0.673053, 0.422435, 0.594852]],
    ['margin.product', [0.48022, 0.113375, 0.325331]],
    ['entropy.product', [0.937472, 1.23295, 1.012287]],
  ])('is what NumPy gives for %s', (text, [first, second, third]) => {
    const { confidence } = under(text);
    expect(confidence[3]).toBeCloseTo(first!, 5);
    expect(confidence[N + 17]).toBeCloseTo(second!, 5);
    expect(confidence[2 * N + 59]).toBeCloseTo(third!, 5);
  });

  it('changes labels where exits are joined, and nowhere else', () => {
    expect(under('entropy.alone.tempered').prediction).toEqual(trace.prediction);
    const accuracies = (text: string) => trace.exits.map((_, j) => 60 * accuracyAt(under(text), j));
    expect(accuracies('margin').map(Math.round)).toEqual([12, 26, 39]);
    expect(accuracies('margin.mean').map(Math.round)).toEqual([12, 25, 34]);
    expect(accuracies('margin.product').map(Math.round)).toEqual([12, 31, 39]);
    expect([...under('entropy.product').prediction.subarray(2 * N, 2 * N + 8)]).toEqual([
      0, 1, 2, 3, 0, 1, 2, 0,
    ]);
  });

  it('says its rule, its unit and how it was made', () => {
    const { rule, unit, provenance } = under('entropy.mean.tempered');
    expect({ rule, unit }).toEqual({
      rule: 'below',
      unit: 'entropy in nats, mean of exits, tempered',
    });
    expect(provenance.options).toMatchObject({
      ...{
        rule: 'below',
        confidence: 'entropy',
        ensemble: 'mean of the exits so far',
        fittedOn: 60,
      },
      temperatures: '4.356 0.9261 0.7625',
    });
  });

  it.each([
    ['alone', [4.35624, 2.44894, 2.99189], [1.344062, 1.248914, 1.071352]],
    ['mean', [4.35624, 0.92614, 0.76246], [1.344062, 1.194866, 1.031865]],
    ['product', [4.35624, 0.95757, 1.12827], [1.344062, 1.125776, 0.986745]],
  ])('has SciPy’s temperatures: %s', (ensemble, values, losses) => {
    const found = fit(scored, choice(`max-softmax.${ensemble}.tempered`))!.temperatures!;
    found.forEach(({ value, after, before }, j) => {
      expect(value).toBeCloseTo(values[j]!, 3);
      expect(after).toBeCloseTo(losses[j]!, 5);
      expect(after).toBeLessThan(before);
    });
  });

  it('has SciPy’s weights and biases', () => {
    const { weights } = fit(scored, choice('max-softmax.weighted'))!;
    const found = weights!.map(({ weight, bias }) => [...weight, ...bias]);
    const expected = [
      [0.2515, 0.1922, 0.1472, 0.1721, -0.5115],
      [0.4444, 0.577, 0.1573, 0.1427, 0.1321, -0.4321],
      [0, 0.8308, 0.514, 0.1873, 0.0666, 0.119, -0.3729],
    ];
    found.forEach((numbers, j) =>
      numbers.forEach((value, n) => expect(value).toBeCloseTo(expected[j]![n]!, 2)),
    );
  });

  it('is fitted on the images that it is told to, and says of how many', () => {
    const odd = fit(scored, choice('max-softmax.alone.tempered'), { first: 1, step: 2 })!;
    expect(odd.images).toBe(30);
    const rows = rowsAt(scored, 1, { first: 1, step: 2, count: 30 });
    const labels = Array.from({ length: 30 }, (_, n) => label[1 + 2 * n]!);
    expect(odd.temperatures![1]).toEqual(fitTemperature(rows, labels, K));
  });

  it('is as good on many images as an exhaustive search, though few of them begin it', () => {
    const [images, classes] = [4000, 5];
    const random = randomFrom(5);
    const labels = Array.from({ length: images }, () => Math.floor(classes * random()));
    const rows = Float64Array.from(
      { length: images * classes },
      (_, at) => 6 * random() + (at % classes === labels[Math.floor(at / classes)] ? 2 : 0),
    );
    const loss = (temperature: number): number => {
      let sum = 0;
      labels.forEach((label, n) => {
        const row = [...rows.subarray(n * classes, (n + 1) * classes)].map((z) => z / temperature);
        sum += Math.log(row.reduce((all, z) => all + Math.exp(z), 0)) - row[label]!;
      });
      return sum / images;
    };
    const { value, before, after } = fitTemperature(rows, labels, classes);
    expect(after).toBeCloseTo(loss(value), 8);
    expect(before).toBeCloseTo(loss(1), 8);
    for (const off of [0.999, 1.001]) expect(loss(value)).toBeLessThan(loss(value * off));
  });

  it('of an exit that is always right is as cold as it may be, and no colder', () => {
    const rows = Float64Array.of(Math.log(0.9), Math.log(0.1), Math.log(0.2), Math.log(0.8));
    expect(fitTemperature(rows, [0, 1], 2).value).toBeCloseTo(0.05, 2);
    expect(fitTemperature(rows, [1, 0], 2).value).toBeCloseTo(20, -1);
  });
});

describe('a choice in words', () => {
  it.each(['entropy', 'margin.mean', 'max-softmax.alone.tempered', 'entropy.weighted.tempered'])(
    '%s comes back',
    (text) => expect(writeChoice(choice(text))).toBe(text),
  );
  it.each(['', 'energy', 'margin.alone', 'margin.mean.hot', 'margin.mean.tempered.more'])(
    '“%s” is none',
    (text) => expect(readChoice(text)).toBeUndefined(),
  );
});
