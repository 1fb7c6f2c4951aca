/** A trace held by another confidence, made of the scores that were kept beside it. */
import { MEASURES, type Measure } from '../scores.ts';
import { classIndices, type Trace } from '../trace.ts';
import { isFitted, type ConfidenceChoice, type Ensemble } from './choice.ts';
import { expOf } from './exp.ts';
import { joined, type Chosen, type Scored, type Weights } from './rows.ts';
import { fitTemperature, type Temperature } from './temperature.ts';
import { fitWeights } from './weights.ts';

/** What was fitted on tuning images, an exit each. */
export interface Fitted {
  /** Images that it was fitted on. */
  readonly images: number;
  readonly temperatures: readonly Temperature[] | null;
  readonly weights: readonly Weights[] | null;
}

/** What each ensemble is, and where it comes from. */
export const ENSEMBLES: Readonly<
  Record<Ensemble, { readonly name: string; readonly short: string; readonly source: string }>
> = {
  alone: { name: 'each exit alone', short: '', source: '' },
  mean: {
    name: 'mean of the exits so far',
    short: 'mean of exits',
    source:
      'the softmaxes of the exits so far, averaged as ensembles are in Huang et al. 2018 (MSDNet)',
  },
  product: {
    name: 'geometric mean of the exits so far',
    short: 'geometric mean of exits',
    source:
      'a product of the exits so far, each of the same weight: Hinton 2002 (products of experts)',
  },
  weighted: {
    name: 'weighted product of the exits so far',
    short: 'weighted product of exits',
    source:
      'weights and class biases by the likelihood of the tuning labels: Wołczyk et al. 2021 (Zero-Time-Waste), without its cascade connections',
  },
};

export const TEMPERATURE_SOURCE =
  'one temperature an exit, by the likelihood of the tuning labels: Guo et al. 2017; of an ensemble it tempers what was joined (Rahaman and Thiery 2021)';

/** More images make a temperature no better, nor weights, which take longer; and a fit must not take long. */
const MOST_IMAGES = 5000;
const MOST_WEIGHED = 2500;
const FEWEST_IMAGES = 200;
/** Scores that a fit walks through at a time. */
const MOST_SCORES = 5e6;
/** Products of a step of the weights: images × classes × exits². */
const MOST_PRODUCTS = 4e7;

/**
 * Fits what a choice asks for; null where it asks for nothing.
 * @param from of which images, for a trace of which only every `step`-th is for tuning.
 */
export function fit(
  of: Scored,
  choice: ConfidenceChoice,
  from: Pick<Chosen, 'first' | 'step'> = { first: 0, step: 1 },
): Fitted | null {
  if (!isFitted(choice)) return null;
  const { trace } = of;
  const [m, k] = [trace.exits.length, trace.classes.length];
  const isWeighted = choice.ensemble === 'weighted';
  const there = Math.ceil((trace.count - from.first) / from.step);
  const most = Math.max(
    FEWEST_IMAGES,
    Math.min(
      isWeighted ? MOST_WEIGHED : MOST_IMAGES,
      MOST_SCORES / (k * m),
      isWeighted ? MOST_PRODUCTS / (k * m * m) : Infinity,
    ),
  );
  const every = Math.ceil(there / most);
  const images = { first: from.first, step: from.step * every, count: Math.ceil(there / every) };
  const weights = isWeighted ? fitWeights(of, images) : null;
  const labels = Array.from(
    { length: images.count },
    (_, n) => trace.label[images.first + n * images.step]!,
  );
  const temperatures = choice.isTempered
    ? Array.from(joined(of, images, choice.ensemble, weights), (rows) =>
        fitTemperature(rows, labels, k),
      )
    : null;
  return { images: images.count, temperatures, weights };
}

/** Scores that are joined at a time. */
const BLOCK = 65_536;

/**
 * The trace under a choice: predictions change where exits are joined, confidences always, costs and labels never.
 * @param fitted what `fit` gave for the choice.
 */
export function held(of: Scored, choice: ConfidenceChoice, fitted: Fitted | null): Trace {
  const { trace } = of;
  const { count, classes, exits } = trace;
  const k = classes.length;
  const prediction = classIndices(trace.prediction.length, k);
  const confidence = new Float32Array(trace.confidence.length);
  const each = Math.max(1, Math.floor(BLOCK / k));
  const row = new Float64Array(k);
  for (let first = 0; first < count; first += each) {
    const images = { first, step: 1, count: Math.min(each, count - first) };
    let j = 0;
    for (const rows of joined(of, images, choice.ensemble, fitted?.weights ?? null)) {
      const scale = 1 / (fitted?.temperatures?.[j]?.value ?? 1);
      for (let n = 0; n < images.count; n++) {
        const at = j * count + first + n;
        const best =
          choice.ensemble === 'alone' ? trace.prediction[at]! : greatestOf(rows, n * k, k);
        prediction[at] = best;
        confidence[at] = confidenceOf(rows, n * k, { scale, best, measure: choice.measure }, row);
      }
      j++;
    }
  }
  const { rule, name } = MEASURES[choice.measure];
  return {
    ...trace,
    rule,
    unit: [name, ENSEMBLES[choice.ensemble].short, choice.isTempered ? 'tempered' : '']
      .filter((part) => part !== '')
      .join(', '),
    prediction,
    confidence,
    provenance: {
      ...trace.provenance,
      options: {
        ...trace.provenance.options,
        rule,
        ...statedOf(choice, fitted, exits.length),
      },
    },
  };
}

/** What a trace says of how its confidence was made. */
function statedOf(
  { measure, ensemble, isTempered }: ConfidenceChoice,
  fitted: Fitted | null,
  exits: number,
): Record<string, string | number> {
  const temperatures = fitted?.temperatures?.map(({ value }) => Number(value.toPrecision(4)));
  return {
    confidence: measure,
    ...(ensemble !== 'alone' && { ensemble: ENSEMBLES[ensemble].name }),
    ...(isTempered && temperatures && { temperatures: temperatures.slice(0, exits).join(' ') }),
    ...(fitted && { fittedOn: fitted.images }),
  };
}

function greatestOf(rows: Float64Array, at: number, classes: number): number {
  let best = 0;
  for (let c = 1; c < classes; c++) if (rows[at + c]! > rows[at + best]!) best = c;
  return best;
}

/** The confidence in `best` of the log-probabilities of a row up to a constant, each times `scale`. */
function confidenceOf(
  rows: Float64Array,
  at: number,
  {
    scale,
    best,
    measure,
  }: { readonly scale: number; readonly best: number; readonly measure: Measure },
  row: Float64Array,
): number {
  const k = row.length;
  const top = rows[at + best]!;
  let sum = 0;
  for (let c = 0; c < k; c++) sum += row[c] = expOf(scale * (rows[at + c]! - top));
  switch (measure) {
    case 'max-softmax':
      return 1 / sum;
    case 'margin': {
      let second = 0;
      for (let c = 0; c < k; c++) if (c !== best && row[c]! > second) second = row[c]!;
      return (1 - second) / sum;
    }
    case 'entropy': {
      // H = log Z − Σ q·z, in nats, with z relative to the top one.
      let mean = 0;
      for (let c = 0; c < k; c++) if (row[c]! > 0) mean += row[c]! * scale * (rows[at + c]! - top);
      return Math.log(sum) - mean / sum;
    }
  }
}
