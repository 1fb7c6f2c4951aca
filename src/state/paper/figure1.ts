/** Figure 1: confusion of the nearest class mean at six exits, from a recorded run's training images. */
import { csv } from '../../core/csv.ts';
import { confusion } from '../../core/confusion.ts';
import { hasTraces, type RecordedRun, type RunIndex } from '../../core/run-index.ts';
import { accuracyAt, relativeCost, type Trace } from '../../core/trace.ts';
import { grouped } from '../../data/errors.ts';
import { FIGURE_1_BLOCKS, FIGURE_1_EXITS } from './claims.ts';
import { datasetFacts } from './names.ts';

export interface MatrixPanel {
  readonly exit: number;
  readonly name: string;
  /** Row-major counts, rows true classes. */
  readonly counts: Uint32Array;
  /** Share of the images that are right. */
  readonly accuracy: number;
  /** Relative FLOPs of leaving here. */
  readonly cost: number;
}

/** Runs whose predictions are those of class means, the figure's own network first. */
export function figure1Runs(index: RunIndex | null): RecordedRun[] {
  const runs = (index?.runs ?? []).filter((run) => run.method === 'e2cm' && hasTraces(run));
  const first = ['resnet152-cifar10', 'resnet18-cifar10'];
  const rank = ({ network }: RecordedRun): number => {
    const at = first.indexOf(network);
    return at < 0 ? first.length : at;
  };
  return runs.sort((a, b) => rank(a) - rank(b));
}

/** Whether the six exits are the paper's own, not their likes in another network. */
export function isPaperNetwork(exits: number): boolean {
  return exits === FIGURE_1_EXITS;
}

/**
 * The six exits of a network: of ResNet-152 the paper's; of another one those at the nearest relative position between
 * first and last exit, each after the one before. All exits of a network that has six or fewer.
 */
export function sixExits(exits: number): number[] {
  const six = FIGURE_1_BLOCKS.length;
  if (exits <= six) return Array.from({ length: exits }, (_, j) => j);
  const chosen: number[] = [];
  FIGURE_1_BLOCKS.forEach((block, n) => {
    const nearest = Math.round((block / (FIGURE_1_EXITS - 1)) * (exits - 1));
    const least = n === 0 ? 0 : chosen[n - 1]! + 1;
    chosen.push(Math.min(Math.max(nearest, least), exits - six + n));
  });
  return chosen;
}

/** "50,000 images", or "the first 10,000 of 50,000 images" where a run traced fewer. */
export function tracedImages({ dataset, train }: RecordedRun): string {
  const all = datasetFacts(dataset).train;
  const part = all !== null && train.count < all;
  // Of a copy in another order they are the first of that one.
  const first = part && !train.images ? 'the first ' : '';
  return `${first}${grouped(train.count)}${part ? ` of ${grouped(all)}` : ''} images`;
}

/** The matrices of a trace at some exits. */
export function matrixPanels(trace: Trace, exits: readonly number[]): MatrixPanel[] {
  return exits.map((exit) => ({
    exit,
    name: trace.exits[exit]!.name,
    counts: confusion(trace, exit),
    accuracy: accuracyAt(trace, exit),
    cost: relativeCost(trace, exit),
  }));
}

/** "first convolution", "3rd residual block", "the network’s own answer". */
export function exitInWords(exit: number, exits: number): string {
  if (exit === 0) return 'first convolution';
  if (exit === exits - 1) return 'the network’s own answer';
  return `${ordinal(exit)} residual block`;
}

function ordinal(n: number): string {
  const ten = n % 10;
  const teens = n % 100 > 10 && n % 100 < 14;
  return `${n}${teens || ten > 3 || ten === 0 ? 'th' : ['st', 'nd', 'rd'][ten - 1]}`;
}

/** One sentence on what the matrices show: how accuracy rises from exit to exit, and where it meets the network's. */
export function shapeSentence(run: RecordedRun, six: readonly number[]): string {
  const { accuracy } = run.train;
  const plain = accuracy.at(-1)!;
  const steps = six.map((exit) => `${percent(accuracy[exit]!)} at ${run.exits[exit]!.name}`);
  const falls = accuracy.findIndex((value, j) => j > 0 && value < accuracy[j - 1]! - 0.005);
  const near = accuracy.findIndex((value) => value >= plain - 0.01);
  const shape =
    falls < 0
      ? 'It rises from exit to exit'
      : `It rises, but falls at ${run.exits[falls]!.name} (${percent(accuracy[falls]!)})`;
  const meets =
    near === accuracy.length - 1
      ? `only the network’s own answer reaches ${percent(plain)}`
      : `from ${run.exits[near]!.name} on (${(run.exits[near]!.flops / run.networkFlops).toFixed(2)} of the FLOPs) it is within a point of the network’s own ${percent(plain)}`;
  return `Right by the nearest class mean: ${steps.join(', ')}. ${shape}; ${meets}.`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** The counts, a line for each cell: exit, true class, predicted class, images. */
export function countsCsv(panels: readonly MatrixPanel[], classes: readonly string[]): string {
  const k = classes.length;
  const rows = panels.flatMap(({ name, counts }) =>
    [...counts].map((n, cell) => [name, classes[Math.floor(cell / k)]!, classes[cell % k]!, n]),
  );
  return csv(['exit', 'true class', 'predicted class', 'images'], rows);
}
