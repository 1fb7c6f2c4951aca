/** Runs and cards for tests: whatever a test does not name is as a full recording of ResNet-18 on CIFAR-10 has it. */
import type { BudgetPoint, CurvePoint, RecordedRun, RunIndex } from '../../core/run-index.ts';
import type { NetworkCard } from '../../network/card.ts';
import { PAPER_BUDGETS } from './numbers.ts';

export interface RunWish {
  readonly id?: string;
  readonly dataset?: string;
  readonly network?: string;
  readonly method?: string;
  readonly epochs?: number;
  /** Fractions at the paper's four costs; null where no policy is so cheap. */
  readonly accuracy?: readonly (number | null)[];
  readonly frontier?: readonly (number | null)[];
  readonly options?: RecordedRun['provenance']['options'];
  readonly seed?: number;
  readonly trainCount?: number;
  readonly meanImages?: number;
  readonly exits?: number;
}

let made = 0;

export function runOf(wish: RunWish = {}): RecordedRun {
  const {
    dataset = 'cifar-10',
    network = 'resnet18-cifar10',
    method = 'e2cm',
    epochs,
    accuracy = [0.5, 0.6, 0.7, 0.8],
    frontier = accuracy,
    options = {},
    seed = null,
    trainCount = 50_000,
    meanImages = trainCount,
    exits = 10,
  } = wish;
  const { id = `${dataset}-${network}-${method}-${made++}` } = wish;
  const rising = Array.from({ length: exits }, (_, j) => 0.3 + (0.6 * j) / (exits - 1));
  return {
    id,
    dataset,
    network,
    method,
    budget: epochs === undefined ? null : { epochs },
    classes: Array.from({ length: 10 }, (_, k) => `class ${k}`),
    exits: rising.map((_, j) => ({ name: `exit${j}`, stage: j, flops: 100 * (j + 1), size: 4 })),
    networkFlops: 100 * exits,
    provenance: { commit: 'abc', backend: 'test', seed, trainImages: meanImages, options },
    train: { file: `${id}-train.trace`, count: trainCount, accuracy: rising },
    test: { file: `${id}-test.trace`, count: 10_000, accuracy: rising },
    results: { paper: pointsOf(accuracy), frontier: pointsOf(frontier) },
    curves: { paper: curveOf(accuracy), frontier: curveOf(frontier) },
  };
}

function pointsOf(accuracy: readonly (number | null)[]): BudgetPoint[] {
  return accuracy.map((value, n) => ({ budget: PAPER_BUDGETS[n]!, accuracy: value }));
}

function curveOf(accuracy: readonly (number | null)[]): CurvePoint[] {
  return accuracy.flatMap((value, n) =>
    value === null ? [] : [{ cost: PAPER_BUDGETS[n]!, accuracy: value }],
  );
}

export function indexOf(...runs: readonly RecordedRun[]): RunIndex {
  return { format: 'offramp-runs/1', searchSeed: 1, runs, images: {} };
}

export function cardOf(
  change: Partial<NetworkCard> & { readonly framework?: string },
): NetworkCard {
  return {
    id: 'resnet152-cifar10',
    title: 'ResNet-152 · CIFAR-10',
    architecture: '',
    dataset: 'cifar-10',
    classes: [],
    exits: null,
    input: { size: 32, channels: 3, mean: [0, 0, 0], std: [1, 1, 1] },
    outputs: null,
    plain: null,
    embedding: null,
    clustering: null,
    parameters: 1,
    multiplyAccumulates: 1,
    epochs: 60,
    seed: 1,
    trainImages: 50_000,
    testImages: 10_000,
    testAccuracy: { before: 0.88, after: 0.879 },
    weightsBytes: 1,
    quantisation: 'convolution and dense kernels uint8 with one scale a tensor',
    command: '',
    ...change,
  };
}
