/** The judges of an exit as ONNX nodes: from the network's output there to a label and confidences. */
import { LEAST_PROBABILITY } from '../network/scores.ts';
import { product } from '../network/cost.ts';
import type { GraphWriter } from '../network/onnx/write/graph.ts';
import { channelsFirstRows, sizesFirst } from '../network/onnx/write/operations.ts';
import type {
  WrittenJudge,
  Logits,
  Means,
  MeansJudge,
  Sureness,
} from '../methods/contract/written.ts';
import { inverse } from './decide.ts';
import type { PlannedExit } from './plan.ts';

/** Names of tensors. */
export interface Said {
  /**
   * int64 [N], written where it is asked for: in the graph of the judges, or in the branch that lets an image leave, so
   * that nobody computes it who goes on.
   */
  readonly label: (graph: GraphWriter) => string;
  /** float [N] of each judge that is held against a threshold. */
  readonly confidences: readonly string[];
}

/** What an exit's judges look at. */
export interface Seen {
  readonly graph: GraphWriter;
  /** Name of the network's output there: [N, channels, height, width] or [N, numbers]. */
  readonly output: string;
  /** Its shape without the batch, channels last. */
  readonly shape: readonly number[];
  /** Whether N is 1. */
  readonly isSingle: boolean;
  /** Logits of a branch, or of the network [N, K]; asked for once. */
  readonly logits: () => string;
}

export function writeJudges(exit: PlannedExit, seen: Seen): Said {
  const measured = new Measured(seen);
  const words = exit.judges.map((judge) => wordOf(judge, seen, measured));
  const [first, second] = words;
  const { graph } = seen;
  if (exit.agree !== 'label' && exit.agree !== 'by-label')
    return { label: first!.label, confidences: words.map(({ confidence }) => confidence) };
  const labels = [first!.label(graph), second!.label(graph)] as const;
  const label = () => labels[0];
  const same = graph.node('Equal', labels, 'same');
  const own = first!.confidence;
  if (exit.agree === 'label') {
    const zero = graph.float('zero', 0);
    return { label, confidences: [graph.node('Where', [same, own, zero], 'agreed')] };
  }
  const never = graph.float('never', -1);
  return {
    label,
    confidences: [
      graph.node('Where', [same, never, own], 'differing'),
      graph.node('Where', [same, own, never], 'agreed'),
    ],
  };
}

/** Distances to class means, each set of means measured once. */
class Measured {
  readonly #known = new Map<Float32Array, string>();
  #flat: string | null = null;

  constructor(private readonly seen: Seen) {}

  /** The output as rows [N, D], channels first. */
  flat(): string {
    const { graph, output, shape } = this.seen;
    this.#flat ??= shape.length === 1 ? output : graph.node('Flatten', [output], 'flat');
    return this.#flat;
  }

  /**
   * Distances [N, K]; of a single image at a small output [K], and what they are multiplied with, [1, K], makes them [1, K].
   */
  distances(of: Means): string {
    const known = this.#known.get(of.means);
    if (known) return known;
    const { shape, isSingle } = this.seen;
    const rows = channelsFirstRows(of.means, shape);
    const isSmall = isSingle && rows.length <= MOST_DIFFERENCES;
    const distances = isSmall ? this.#byDifference(of, rows) : this.#byProduct(of, rows);
    this.#known.set(of.means, distances);
    return distances;
  }

  /** As they are defined: most of what so little arithmetic takes is what a runtime adds to every operation, and these are two. */
  #byDifference({ counts }: Means, rows: Float32Array): string {
    const { graph, output, shape } = this.seen;
    const sizes = sizesFirst(shape);
    const means = graph.floats('means', rows, [counts.length, ...sizes]);
    return graph.node('ReduceL2', [graph.node('Sub', [output, means], 'apart')], 'distances', {
      axes: { ints: sizes.map((_, axis) => axis + 1) },
      keepdims: { int: 0 },
    });
  }

  /**
   * By one product: ‖x − c‖² = (‖x‖² + ‖c‖²) − 2 x·c. Where the class means lie far from 0 beside how far images are from
   * them, numbers much larger than the distances would be subtracted and their digits lost: then all is measured from the
   * mean of the class means.
   */
  #byProduct(of: Means, rows: Float32Array): string {
    const { graph, shape } = this.seen;
    const size = product(shape);
    const k = of.counts.length;
    const centre = centreOf(of, rows, size);
    let x = this.flat();
    if (centre) x = graph.node('Sub', [x, graph.floats('centre', centre, [size])], 'centred');
    const slope = new Float32Array(k * size);
    const offset = Float32Array.from({ length: k }, (_, c) => {
      let square = 0;
      for (let d = 0; d < size; d++) {
        const from = rows[c * size + d]! - (centre ? centre[d]! : 0);
        slope[c * size + d] = -2 * from;
        square += from * from;
      }
      return square;
    });
    const norm = graph.node('ReduceSumSquare', [x], 'norm', {
      axes: { ints: [1] },
      keepdims: { int: 1 },
    });
    const both = graph.node('Add', [norm, graph.floats('norms', offset, [k])], 'norms');
    const terms = [x, graph.floats('means', slope, [k, size]), both];
    const square = graph.node('Gemm', terms, 'squares', { transB: { int: 1 } });
    return graph.node('Sqrt', [graph.node('Relu', [square], 'squares')], 'distances');
  }
}

/** So many differences of an image to class means are a few microseconds. */
const MOST_DIFFERENCES = 8192;

/** Square of the class means' own length, in squares of a distance, from which on they are far from 0. */
const FAR = 4;

/** The mean of the class means, where it is far from 0; null where it is not. */
function centreOf({ counts, normaliser }: Means, rows: Float32Array, size: number) {
  const present = [...counts.keys()].filter((c) => counts[c]! > 0);
  const centre = new Float32Array(size);
  for (let d = 0; d < size; d++)
    centre[d] = present.reduce((sum, c) => sum + rows[c * size + d]!, 0) / present.length;
  const length = centre.reduce((sum, value) => sum + value * value, 0);
  const spread = present.reduce((sum, c) => sum + normaliser[c]! ** 2, 0) / present.length;
  return length > FAR * spread ? centre : null;
}

interface Word {
  readonly label: Said['label'];
  readonly confidence: string;
}

function wordOf(judge: WrittenJudge, seen: Seen, measured: Measured): Word {
  const { graph } = seen;
  if (judge.kind === 'means') return nearest(judge, graph, measured);
  const logits = logitsOf(judge.logits, seen, measured);
  const { sureness: of } = judge;
  if (of.kind === 'softmax') return surest(graph, logits);
  return { label: greatest(logits), confidence: sureness(graph, of, logits) };
}

function nearest(judge: MeansJudge, graph: GraphWriter, measured: Measured): Word {
  const { counts, normaliser, label } = judge;
  const k = counts.length;
  const raw = measured.distances(judge);
  // −d / m, so that the nearest is the greatest.
  const factors = Float32Array.from(normaliser, (mean) => -inverse(mean));
  let near = graph.node('Mul', [raw, graph.floats('normaliser', factors, [1, k])], 'normalised');
  const isMissing = counts.some((count) => count === 0);
  const missing = isMissing
    ? graph.bools(
        'missing',
        Array.from(counts, (count) => count === 0),
      )
    : null;
  // A class without a mean is as far as can be.
  const without = (of: string, far: number, where = graph) =>
    missing ? where.node('Where', [missing, where.float('far', far), of], 'there') : of;
  near = without(near, -Infinity);
  const word = surest(graph, near);
  if (label === 'normalised') return word;
  const least = (where: GraphWriter): string => {
    const row = where.node('Flatten', [without(raw, Infinity, where)], 'row', {
      axis: { int: -1 },
    });
    return where.node('ArgMin', [row], 'label', ROWS);
  };
  return { label: oncePerGraph(least), confidence: word.confidence };
}

/** Of each row of scores the greatest, and what of a softmax it has. Of equal ones the first. */
function surest(graph: GraphWriter, scores: string): Word {
  const softmax = graph.node('Softmax', [scores], 'softmax', { axis: { int: 1 } });
  const confidence = graph.node('ReduceMax', [softmax], 'confidence', {
    axes: { ints: [1] },
    keepdims: { int: 0 },
  });
  return { label: greatest(scores), confidence };
}

const greatest = (scores: string): Said['label'] =>
  oncePerGraph((graph) => graph.node('ArgMax', [scores], 'label', ROWS));

function oncePerGraph(write: Said['label']): Said['label'] {
  const written = new Map<GraphWriter, string>();
  return (graph) => {
    const name = written.get(graph) ?? write(graph);
    written.set(graph, name);
    return name;
  };
}

const ROWS = { axis: { int: 1 }, keepdims: { int: 0 } } as const;

function logitsOf(of: Logits, seen: Seen, measured: Measured): string {
  if (of.from !== 'linear') return seen.logits();
  const { graph } = seen;
  const { weights, bias, near } = of;
  const k = bias.length;
  const { rows, shape } = pooled(of, seen, measured);
  const turned = rowsChannelsFirst(weights, shape, k);
  const terms = [rows, graph.floats('weights', turned, [weights.length / k, k])];
  const logits = graph.node('Gemm', [...terms, graph.floats('bias', bias, [k])], 'logits');
  if (!near) return logits;
  const factors = Float32Array.from(near.normaliser, (mean, c) =>
    near.counts[c]! > 0 && mean > 0 ? 1 / mean : 0,
  );
  const scale = graph.floats('normaliser', factors, [1, k]);
  const scaled = graph.node('Mul', [measured.distances(near), scale], 'scaled');
  const own = graph.node('MatMul', [scaled, graph.floats('near', near.weights, [k, k])], 'near');
  return graph.node('Add', [logits, own], 'logits');
}

/** What a linear layer sees as rows, channels first, and the shape of that map, channels last. */
function pooled(
  { map, pool, alpha }: Extract<Logits, { from: 'linear' }>,
  { graph, output }: Seen,
  measured: Measured,
): { rows: string; shape: readonly number[] } {
  const [height, width, channels] = map;
  if (pool === 'none') return { rows: measured.flat(), shape: map };
  if (pool === 'average') {
    if (height * width === 1) return { rows: measured.flat(), shape: map };
    const average = graph.node('GlobalAveragePool', [output], 'average');
    return { rows: graph.node('Flatten', [average], 'average'), shape: [1, 1, channels] };
  }
  const window = { kernel_shape: { ints: pool }, strides: { ints: pool } };
  const share = (kind: string, by: number) =>
    graph.node(
      'Mul',
      [graph.node(kind, [output], 'pooled', window), graph.float('share', by)],
      'pooled',
    );
  const mixed = [share('MaxPool', alpha), share('AveragePool', 1 - alpha)];
  const rows = graph.node('Flatten', [graph.node('Add', mixed, 'mixed')], 'mixed');
  return { rows, shape: [Math.floor(height / pool[0]), Math.floor(width / pool[1]), channels] };
}

/** Rows of a table [inputs, K], for inputs whose channels come first. */
function rowsChannelsFirst(table: Float32Array, shape: readonly number[], k: number): Float32Array {
  const order = channelsFirstRows(
    Float32Array.from({ length: table.length / k }, (_, d) => d),
    shape,
  );
  const turned = new Float32Array(table.length);
  order.forEach((from, to) => turned.set(table.subarray(from * k, (from + 1) * k), to * k));
  return turned;
}

function sureness(
  graph: GraphWriter,
  of: Exclude<Sureness, { kind: 'softmax' }>,
  logits: string,
): string {
  const entropy = entropyOf(graph, logits);
  if (of.kind === 'entropy') return entropy;
  if (of.kind === 'certainty') {
    const k = graph.node('Shape', [logits], 'shape');
    const count = graph.node('Gather', [k, graph.ints('axis', [1], [])], 'classes');
    const most = graph.node(
      'Log',
      [graph.node('Cast', [count], 'classes', { to: { int: 1 } })],
      'most',
    );
    return graph.node('Relu', [graph.node('Sub', [most, entropy], 'certainty')], 'certainty');
  }
  return tradeOff(graph, of, logits, entropy);
}

/** −Σ p ln p [N]. */
function entropyOf(graph: GraphWriter, logits: string): string {
  const logarithms = graph.node('LogSoftmax', [logits], 'logp', { axis: { int: 1 } });
  const terms = graph.node('Mul', [graph.node('Exp', [logarithms], 'p'), logarithms], 'terms');
  const sum = graph.node('ReduceSum', [terms, graph.ints('axes', [1])], 'sum', {
    keepdims: { int: 0 },
  });
  return graph.node('Relu', [graph.node('Neg', [sum], 'entropy')], 'entropy');
}

/** `tradeOffOf` of bwds/decisions.ts. */
function tradeOff(
  graph: GraphWriter,
  { lambdas, decisions }: Extract<Sureness, { kind: 'trade-off' }>,
  logits: string,
  entropy: string,
): string {
  const count = lambdas.length;
  const width = decisions.length / count - 1;
  const probabilities = graph.node('Softmax', [logits], 'p', { axis: { int: 1 } });
  const kept = graph.ints('kept', [width - 1]);
  const [top] = graph.nodes('TopK', [probabilities, kept], ['top', 'places'], { axis: { int: 1 } });
  const one = graph.ints('one', [1]);
  const last = graph.node('Unsqueeze', [entropy, one], 'entropy');
  const features = graph.node('Concat', [top!, last], 'features', { axis: { int: 1 } });
  const weights = new Float32Array(count * width);
  const bias = new Float32Array(count);
  for (let l = 0; l < count; l++) {
    const own = decisions.subarray(l * (width + 1), (l + 1) * (width + 1));
    weights.set(own.subarray(0, width), l * width);
    bias[l] = own[width]!;
  }
  const terms = [
    features,
    graph.floats('decisions', weights, [count, width]),
    graph.floats('bias', bias, [count]),
  ];
  const values = graph.node('Gemm', terms, 'values', { transB: { int: 1 } });
  const zero = graph.float('zero', 0);
  const isLet = graph.node('GreaterOrEqual', [values, zero], 'let');
  const asInt = { to: { int: 7 } };
  const lets = graph.node('Cast', [isLet], 'lets', asInt);
  const axes = graph.ints('axes', [1]);
  const many = graph.node('ReduceSum', [lets, axes], 'many', { keepdims: { int: 1 } });
  const first = graph.node('ArgMin', [lets], 'first', { axis: { int: 1 }, keepdims: { int: 1 } });
  const all = graph.ints('all', [count]);
  const isAll = graph.node('Equal', [many, all], 'isAll');
  // Not monotone in λ: one that lets go comes after one that does not.
  const isMonotone = graph.node(
    'Or',
    [isAll, graph.node('Equal', [many, first], 'even')],
    'monotone',
  );
  const ones = graph.ints('one', [1]);
  const below = graph.node(
    'Max',
    [graph.node('Sub', [many, ones], 'below'), graph.ints('none', [0])],
    'below',
  );
  const above = graph.node('Min', [many, graph.ints('last', [count - 1])], 'above');
  const axis = { axis: { int: 1 } };
  const inside = graph.node('GatherElements', [values, below], 'inside', axis);
  const outside = graph.node('GatherElements', [values, above], 'outside', axis);
  const table = graph.floats('lambdas', Float32Array.from(lambdas), [count]);
  const low = graph.node('Gather', [table, below], 'low');
  const high = graph.node('Gather', [table, above], 'high');
  const span = graph.node('Sub', [inside, outside], 'span');
  const part = graph.node(
    'Min',
    [graph.node('Div', [inside, span], 'part'), graph.float('most', 0.999)],
    'part',
  );
  const ratio = graph.node('Div', [high, low], 'ratio');
  const between = graph.node('Mul', [low, graph.node('Pow', [ratio, part], 'raised')], 'between');
  const isBetween = graph.node(
    'And',
    [isMonotone, graph.node('Not', [isAll], 'isBetween')],
    'isBetween',
  );
  const some = graph.node('Where', [isBetween, between, low], 'some');
  const isNone = graph.node('Equal', [many, graph.ints('zero', [0])], 'isNone');
  const score = graph.node('Where', [isNone, zero, some], 'score');
  return graph.node('Squeeze', [score, axes], 'confidence');
}

/** Logits in the order of the classes: of probabilities the logarithms. */
export function orderedLogits(
  graph: GraphWriter,
  outputs: string,
  scores: 'logits' | 'probabilities',
  order: readonly number[] | null,
): string {
  let logits = outputs;
  if (order)
    logits = graph.node('Gather', [logits, graph.ints('order', order)], 'ordered', {
      axis: { int: 1 },
    });
  if (scores === 'logits') return logits;
  const limit = graph.float('least', LEAST_PROBABILITY);
  return graph.node('Log', [graph.node('Max', [logits, limit], 'positive')], 'logits');
}
