/** From distances to cluster centres to labels and confidences: E2CM's Algorithm 1 with centres for class means (§3.3). */
import type { Exit } from '../../core/trace.ts';
import type { NetworkFiles } from '../../network/files.ts';
import type { Explanation } from '../contract/story.ts';
import { decide as decideByMeans, PAPER_RULE } from '../parts/means/decide.ts';
import { explainMeans } from '../parts/means/explain.ts';
import type { BranchLogits } from '../parts/branches/kernels.ts';
import { rowOf } from '../parts/logits.ts';
import type { Decisions } from '../run/stream.ts';
import type { DecOptions } from './options.ts';

/** What DEC learnt, in one numbering of clusters for all exits (see judge.ts). */
export interface DecFitted {
  /** Names of the places, S of them: classes, and clusters that have none. */
  readonly classes: readonly string[];
  /** Which places hold a cluster [S]. */
  readonly present: Uint32Array;
  readonly exits: readonly Exit[];
  /** Numbers in an embedding, D. */
  readonly dimensions: number;
  /** [M, S, D]. */
  readonly centres: Float32Array;
  /** [M, S]. */
  readonly normaliser: Float64Array;
  /** The network that was trained here; null where the loaded one came trained. */
  readonly network: NetworkFiles | null;
  /** Images that were clustered, and how many of them are of the training split. */
  readonly images: number;
  readonly trainImages: number;
  /** Whether true classes were looked at; else a trace's labels are those of the last exit. */
  readonly labelled: boolean;
  readonly options: DecOptions;
}

type Needed = Pick<DecFitted, 'present' | 'dimensions' | 'centres' | 'normaliser'>;

/** As E2CM decides without a network's own classifier. */
const OPTIONS = { ...PAPER_RULE, lastExit: 'nearest-mean' } as const;

/** @returns float32 [count, M, S]: distances of each image to the centres, Infinity where a place has none. */
function distancesOf(
  { present, dimensions, centres }: Needed,
  embeddings: Float32Array,
): Float32Array {
  const s = present.length;
  const m = centres.length / (s * dimensions);
  const count = embeddings.length / (m * dimensions);
  const out = new Float32Array(count * m * s);
  for (let at = 0, row = 0; row < count * m; row++) {
    const exit = row % m;
    for (let c = 0; c < s; c++, at++) {
      const centre = (exit * s + c) * dimensions;
      let sum = 0;
      for (let d = 0; d < dimensions; d++)
        sum += (embeddings[row * dimensions + d]! - centres[centre + d]!) ** 2;
      out[at] = present[c] ? Math.sqrt(sum) : Infinity;
    }
  }
  return out;
}

/**
 * Decides images [from, from + count): the label is the argmax of softmax(−d/m), the confidence its value; at the last exit
 * the label is DEC's own, the nearest centre.
 * @param embeddings float32 [count, M, D].
 */
export function decideDec(
  fitted: Needed,
  embeddings: Float32Array,
  from: number,
  count: number,
  out: Decisions,
): void {
  const distances = distancesOf(fitted, embeddings);
  const s = fitted.present.length;
  const m = fitted.normaliser.length / s;
  const means = { counts: fitted.present, normaliser: fitted.normaliser, options: OPTIONS };
  decideByMeans(distances, 0, from, from + count, means, out);
  for (let i = 0; i < count; i++) {
    const at = (i * m + m - 1) * s;
    let best = 0;
    for (let c = 1; c < s; c++) if (distances[at + c]! < distances[at + best]!) best = c;
    out.prediction[(m - 1) * out.stride + from + i] = best;
  }
}

export function explainDec(fitted: DecFitted, { logits: embeddings }: BranchLogits): Explanation {
  const { exits, present, dimensions } = fitted;
  const distances = distancesOf(fitted, embeddings);
  const last = exits.length - 1;
  // DEC's soft assignment, Student's t: the network's own word.
  const kernel = rowOf(distances, last, present.length).map((d) => 1 / (1 + d * d));
  const sum = kernel.reduce((total, value) => total + value, 0);
  return explainMeans(
    { ...fitted, counts: present },
    distances,
    (out) => decideDec(fitted, embeddings, 0, 1, out),
    { logits: embeddings.slice(last * dimensions), softmax: kernel.map((value) => value / sum) },
  );
}
