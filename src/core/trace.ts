/**
 * The trace: for every image and every exit, the label the method would give there, its confidence,
 * and what it costs to get there. The only product of running a network; everything seen or dragged
 * afterwards is a pure function of a trace and a policy.
 */
import type { Meaning } from './meaning.ts';
import { sliceImages, type Dataset, type Split, type SplitName } from './dataset.ts';
import type { SecondJudge } from './pairing.ts';
import type { Rule } from './policy.ts';

export interface Exit {
  /** "conv1", "layer1.0", … the field's name of the layer whose output is tapped. */
  readonly name: string;
  /** Index of the stage after which the exit sits. */
  readonly stage: number;
  /** Cumulative FLOPs of an image that leaves here, the method's own cost at every visited exit included. */
  readonly flops: number;
  /** D_j: numbers in the output that is tapped here; missing in traces of other programs. */
  readonly size?: number;
}

/** What a provenance has in the place of what another program did not state. */
export const NOT_STATED = 'not stated';

/** How the numbers of a trace came to be: enough to say so next to them, and to make them again. */
export interface Provenance {
  /** Commit of the code, "live" for a run in this page, or `NOT_STATED`. */
  readonly commit: string;
  /** Backend in plain words: "WebGPU · NVIDIA …", "CPU · wasm ×2". */
  readonly backend: string;
  /** Day of the recording, as yyyy-mm-dd; missing in a live run, and where it was not written down. */
  readonly day?: string;
  /** Seed of a generated dataset; null when nothing was random. */
  readonly seed: number | null;
  /** Training images that made the class means (or trained the classifiers); 0 where another program did not state it. */
  readonly trainImages: number;
  /** What the labels stand for; missing where it follows from the options, see `meaningOf`. */
  readonly meaning?: Meaning;
  /** The method's options, by name. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

/** `holdout`: training images that made no class mean, kept for choosing thresholds. */
export type TraceSplit = SplitName | 'holdout';

/** Classes of images: bytes, or twice as many where there are more than 256 classes. */
export type ClassIndices = Uint8Array | Uint16Array;

/** Room for so many images' classes. */
export const classIndices = (length: number, classes: number): ClassIndices =>
  classes > 256 ? new Uint16Array(length) : new Uint8Array(length);

export interface Trace {
  readonly dataset: string;
  readonly network: string;
  readonly method: string;
  /** How confidences are held against thresholds; missing where the method implies it. */
  readonly rule?: Rule;
  /** What the confidences are, in words, where the trace says so. */
  readonly unit?: string;
  readonly split: TraceSplit;
  readonly classes: readonly string[];
  /** Images in this trace; fewer than `total` while it is being computed or when it was cancelled. */
  readonly count: number;
  /** Images the run set out to trace. */
  readonly total: number;
  readonly exits: readonly Exit[];
  /** FLOPs of one image through the plain network, no exits: the denominator of relative FLOPs. */
  readonly networkFlops: number;
  /** True class of image i. */
  readonly label: ClassIndices;
  /** Exit-major: prediction[j·count + i] is the label exit j gives image i. */
  readonly prediction: ClassIndices;
  /** Exit-major: confidence[j·count + i], in the method's own unit. */
  readonly confidence: Float32Array;
  /** What another judge says of the same images, where a method has two; `pairing.ts`. */
  readonly second?: SecondJudge;
  readonly provenance: Provenance;
}

/** The parts of a trace that do not grow while it is computed. */
export type TraceHead = Omit<Trace, 'count' | 'label' | 'prediction' | 'confidence' | 'second'>;

/** Labels and predictions are of two bytes at most. */
export const MOST_CLASSES = 65_536;
/** Where an image leaves is a byte, and every exit is a column of the page. */
export const MOST_EXITS = 200;

/** @throws Error with a sentence that names the limit, when there are too few or too many exits or classes. */
export function checkSizes({ exits, classes }: Pick<Trace, 'exits' | 'classes'>): void {
  if (exits.length < 1) throw new Error('The trace has no exits; it needs at least one.');
  if (exits.length > MOST_EXITS)
    throw new Error(`The trace has ${exits.length} exits; at most ${MOST_EXITS} can be opened.`);
  if (classes.length < 2 || classes.length > MOST_CLASSES)
    throw new Error(`The trace has ${classes.length} classes; 2 to ${MOST_CLASSES} can be opened.`);
}

/**
 * Checks the invariants that every other room relies on.
 * @throws Error naming the field that is wrong, what was expected and what came.
 */
export function checkTrace(trace: Trace): void {
  const { count, exits, classes } = trace;
  checkSizes(trace);
  expectLength('label', trace.label.length, count);
  if (!(trace.networkFlops > 0))
    throw new Error(`networkFlops is ${trace.networkFlops}; expected a positive number.`);
  exits.forEach(({ name, flops }, j) => {
    if (!(flops >= 0 && flops < Infinity))
      throw new Error(
        `Exit ${j} (${name}) costs ${flops} FLOPs; expected a finite number, 0 or more.`,
      );
  });
  const k = classes.length;
  const badLabel = trace.label.findIndex((label) => label >= k);
  if (badLabel >= 0)
    throw new Error(
      `Image ${badLabel} has label ${trace.label[badLabel]}, but there are only ${k} classes.`,
    );
  checkDecisions(trace, trace);
  if (trace.second) checkDecisions(trace, trace.second, ' by the second judge');
}

/** @param whose after "predicted" and "confidence", where it is not the trace's own. */
function checkDecisions(
  { count, exits, classes }: Trace,
  { prediction, confidence }: Pick<Trace, 'prediction' | 'confidence'>,
  whose = '',
): void {
  const cells = count * exits.length;
  expectLength(`prediction${whose}`, prediction.length, cells);
  expectLength(`confidence${whose}`, confidence.length, cells);
  const k = classes.length;
  const badPrediction = prediction.findIndex((label) => label >= k);
  if (badPrediction >= 0) {
    const exit = exits[Math.floor(badPrediction / count)]!.name;
    throw new Error(
      `Image ${badPrediction % count} is predicted${whose} as class ${prediction[badPrediction]} at exit ${exit}, ` +
        `but there are only ${k} classes.`,
    );
  }
  const nan = confidence.findIndex((value) => Number.isNaN(value));
  if (nan >= 0) {
    const exit = exits[Math.floor(nan / count)]!.name;
    throw new Error(
      `The confidence${whose} of image ${nan % count} at exit ${exit} is not a number (NaN). ` +
        'A network with broken weights or an overflow gives that; the trace cannot be used.',
    );
  }
}

function expectLength(field: string, got: number, expected: number): void {
  if (got !== expected) throw new Error(`${field} has ${got} entries; expected ${expected}.`);
}

/** The images behind a trace: held-out ones follow those that made the class means. */
export function imagesOf(dataset: Dataset, { split, total, provenance }: Trace): Split {
  if (split !== 'holdout') return dataset[split];
  const from = provenance.trainImages;
  return sliceImages(dataset.train, dataset.shape, from, from + total);
}

/** Share of images that exit `j` would label right, were every image to leave there. */
export function accuracyAt(trace: Trace, j: number): number {
  const { count, label, prediction } = trace;
  const from = j * count;
  let right = 0;
  for (let i = 0; i < count; i++) if (prediction[from + i] === label[i]) right++;
  return count === 0 ? 0 : right / count;
}

/** Cost of leaving at exit `j` relative to the plain network (may pass 1 at the last exits: overhead). */
export function relativeCost(trace: Pick<Trace, 'exits' | 'networkFlops'>, j: number): number {
  return trace.exits[j]!.flops / trace.networkFlops;
}

/** The first exit that costs no more than the one before it, or null: an image that goes on to it pays nothing more. */
export function firstNotDearer({ exits }: Pick<Trace, 'exits'>): number | null {
  const found = exits.findIndex(({ flops }, j) => j > 0 && flops <= exits[j - 1]!.flops);
  return found < 0 ? null : found;
}

/** The first images of a trace; the whole trace when it has no more than `count`. */
export function firstOf(trace: Trace, count: number): Trace {
  return count >= trace.count
    ? trace
    : imagesAt(
        trace,
        Uint32Array.from({ length: count }, (_, i) => i),
      );
}

/** Every n-th image of a trace, from image `first` on: a part that is spread over the whole. */
export function everyNth(trace: Trace, n: number, first = 0): Trace {
  const count = Math.ceil(Math.max(0, trace.count - first) / n);
  return imagesAt(
    trace,
    Uint32Array.from({ length: count }, (_, i) => first + i * n),
  );
}

/** The images of a trace at these places, in the order in which they are given. */
export function imagesAt(trace: Trace, places: Uint32Array): Trace {
  const { classes, exits } = trace;
  const count = places.length;
  const label = classIndices(count, classes.length);
  for (let i = 0; i < count; i++) label[i] = trace.label[places[i]!]!;
  const decisionsOf = (of: SecondJudge): SecondJudge => {
    const prediction = classIndices(count * exits.length, classes.length);
    const confidence = new Float32Array(count * exits.length);
    for (let j = 0; j < exits.length; j++)
      for (let i = 0; i < count; i++) {
        const from = j * trace.count + places[i]!;
        prediction[j * count + i] = of.prediction[from]!;
        confidence[j * count + i] = of.confidence[from]!;
      }
    return { prediction, confidence };
  };
  return {
    ...{ ...trace, count, total: count, label },
    ...decisionsOf(trace),
    ...(trace.second && { second: decisionsOf(trace.second) }),
  };
}
