/** Two methods on the same images: who leaves where, and who is right where the other is wrong. */
import type { Outcome } from './replay.ts';
import type { Trace } from './trace.ts';

/** What became of an image under two methods. */
export type Verdict = 'both' | 'first' | 'second' | 'neither';

export const verdictsOfTwo: readonly Verdict[] = ['both', 'first', 'second', 'neither'];

export interface Disagreement {
  /** Per image: index into `verdictsOfTwo` — both right, only the first, only the second, neither. */
  readonly verdict: Uint8Array;
  /** How many images have each verdict. */
  readonly count: Readonly<Record<Verdict, number>>;
  /** Images that leave at exit a of the first and b of the second: entry a·M₂ + b. */
  readonly exits: Uint32Array;
  /** Of those, the images where only the first is right, and only the second. */
  readonly onlyFirst: Uint32Array;
  readonly onlySecond: Uint32Array;
  /** Images to which the two give different labels. */
  readonly otherLabel: number;
}

/**
 * Compares two outcomes image by image.
 * @param first the trace and what a policy made of it; `second` of the same images in the same order.
 * @throws Error with a sentence when the traces are not of the same images.
 */
export function disagreement(
  first: { readonly trace: Trace; readonly outcome: Outcome },
  second: { readonly trace: Trace; readonly outcome: Outcome },
): Disagreement {
  const [a, b] = [first.trace, second.trace];
  // What a dataset is called is up to whoever wrote the trace: the labels, one by one, tell whether it is the same.
  if (a.split !== b.split || a.count !== b.count)
    throw new Error(
      `The traces are of ${a.count} ${a.split} images of ${a.dataset} and of ${b.count} ${b.split} images of ` +
        `${b.dataset}; expected the same images.`,
    );
  const other = a.label.findIndex((label, i) => label !== b.label[i]);
  if (other >= 0)
    throw new Error(
      `Image ${other} is of class ${a.label[other]} in one trace and ${b.label[other]} in the other; ` +
        'expected the same images in the same order.',
    );
  const { count } = a;
  const columns = b.exits.length;
  const verdict = new Uint8Array(count);
  const exits = new Uint32Array(a.exits.length * columns);
  const onlyFirst = new Uint32Array(exits.length);
  const onlySecond = new Uint32Array(exits.length);
  const counts: Record<Verdict, number> = { both: 0, first: 0, second: 0, neither: 0 };
  let otherLabel = 0;
  for (let i = 0; i < count; i++) {
    const from = first.outcome.exitOf[i]!;
    const to = second.outcome.exitOf[i]!;
    const one = a.prediction[from * count + i]!;
    const two = b.prediction[to * count + i]!;
    const truth = a.label[i]!;
    const place = from * columns + to;
    const v = one === truth ? (two === truth ? 0 : 1) : two === truth ? 2 : 3;
    verdict[i] = v;
    counts[verdictsOfTwo[v]!]++;
    exits[place]!++;
    if (v === 1) onlyFirst[place]!++;
    if (v === 2) onlySecond[place]!++;
    if (one !== two) otherLabel++;
  }
  return { verdict, count: counts, exits, onlyFirst, onlySecond, otherLabel };
}

/**
 * Exact two-sided p-value of McNemar's test: how likely a split as uneven as this is among images where exactly one of
 * two equally good methods is right (binomial, p = ½).
 * @param first images where only the first is right; `second` where only the second is.
 */
export function mcNemar(first: number, second: number): number {
  const n = first + second;
  if (n === 0) return 1;
  const fewer = Math.min(first, second);
  // Terms C(n, k)/2ⁿ by their logarithms: n reaches thousands.
  let log = -n * Math.LN2;
  let tail = 0;
  for (let k = 0; k <= fewer; k++) {
    tail += Math.exp(log);
    log += Math.log(n - k) - Math.log(k + 1);
  }
  return Math.min(1, 2 * tail);
}
