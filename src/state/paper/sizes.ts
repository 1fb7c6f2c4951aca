/** The paper's storage and overhead claims, recomputed from shapes. */
import { overheadOf, storageOf } from '../../core/storage.ts';
import { ARCHITECTURES, shapesOf, type Shapes } from './architecture.ts';
import {
  OVERHEAD_CLAIM,
  STORAGE_CLAIMS,
  type PaperPair,
  type StorageClaim,
  type StorageWhat,
} from './claims.ts';
import { networkIdOf, pairTitle } from './names.ts';

const WHAT: Readonly<Record<StorageWhat, string>> = {
  model: 'the model’s weights',
  means: 'all class means',
  'per-exit': 'class means, an exit on average',
};

export interface StorageRow {
  readonly id: string;
  readonly title: string;
  readonly network: string;
  readonly what: string;
  readonly printed: string;
  readonly source: string;
  /** In the precision of the paper's files: float32 weights, float64 class means. Bytes. */
  readonly bytes: number;
  /** In this program's: quantised weights where they are here, float32 class means. Bytes; null where not. */
  readonly here: number | null;
  /** The unit, and what is done with the digits, by which the paper's figure comes out; null when none does. */
  readonly reading: string | null;
}

const CLASSES: Readonly<Record<string, number>> = { 'cifar-100': 100 };
const UNITS = [
  { name: 'MiB', bytes: 2 ** 20 },
  { name: 'MB', bytes: 1e6 },
] as const;

/** Shapes of a network of the paper on a dataset: three channels where the images have colours. */
function pairShapes({ network, dataset }: PaperPair): Shapes {
  const channels = dataset.startsWith('cifar') ? 3 : 1;
  return shapesOf(ARCHITECTURES[network], channels, classesOf(dataset));
}

function classesOf(dataset: string): number {
  return CLASSES[dataset] ?? 10;
}

/** @param weightsBytes sizes of our weight files by network id, of those that are known. */
export function storageRows(weightsBytes: Readonly<Record<string, number>>): StorageRow[] {
  return STORAGE_CLAIMS.map((claim) => {
    const { network, dataset, what, printed, source } = claim;
    const id = networkIdOf(network, dataset);
    const { bytes, here } = sizesOf(claim, weightsBytes[id] ?? null);
    return {
      id: `${what}-${id}`,
      title: pairTitle(network, dataset),
      network: id,
      what: WHAT[what],
      printed,
      source,
      bytes,
      here,
      reading: readingOf(printed, bytes),
    };
  });
}

function sizesOf(
  claim: StorageClaim,
  weights: number | null,
): { bytes: number; here: number | null } {
  const shapes = pairShapes(claim);
  if (claim.what === 'model') return { bytes: 4 * shapes.parameters, here: weights };
  const storage = storageOf(shapes.exits, classesOf(claim.dataset))!;
  const { float32, float64 } = claim.what === 'means' ? storage.total : storage.mean;
  return { bytes: float64, here: float32 };
}

/** How many bytes come to be printed so: in MiB or MB, rounded or cut off after as many digits. */
export function readingOf(printed: string, bytes: number): string | null {
  const digits = printed.split('.')[1]?.length ?? 0;
  const scale = 10 ** digits;
  for (const unit of UNITS) {
    const value = bytes / unit.bytes;
    if ((Math.round(value * scale) / scale).toFixed(digits) === printed)
      return `${unit.name}, rounded`;
    if ((Math.floor(value * scale) / scale).toFixed(digits) === printed)
      return `${unit.name}, cut off`;
  }
  return null;
}

export interface OverheadRow {
  readonly id: string;
  readonly title: string;
  readonly classes: number;
  /** Exit with the largest share. */
  readonly exit: string;
  /** FLOPs of the distances there, and of the layers before them. */
  readonly distance: number;
  readonly stage: number;
  /** Distances over the layers' own FLOPs. */
  readonly share: number;
  /** Distances over layers and distances together. */
  readonly shareOfBoth: number;
  /** The same for the exit with the next largest share, with its name. */
  readonly next: { readonly exit: string; readonly share: number };
  /** All distances over the plain network. */
  readonly total: number;
  /** Whether the paper's sentence is about this network. */
  readonly claimed: boolean;
}

/** Largest cost of the distances beside the layers that they follow: the claim's networks, and two to compare. */
export function overheadRows(): OverheadRow[] {
  const pairs: readonly PaperPair[] = [
    ...OVERHEAD_CLAIM.pairs,
    { network: 'resnet18', dataset: 'cifar-10' },
    { network: 'resnet152', dataset: 'cifar-100' },
  ];
  return pairs.map((pair, n) => {
    const shapes = pairShapes(pair);
    const classes = classesOf(pair.dataset);
    const { perExit, total } = overheadOf(shapes, classes)!;
    const order = perExit
      .map((exit, j) => ({ ...exit, exit: shapes.exits[j]!.name }))
      .sort((a, b) => b.share - a.share);
    const [largest, next] = [order[0]!, order[1]!];
    return {
      id: networkIdOf(pair.network, pair.dataset),
      title: pairTitle(pair.network, pair.dataset),
      classes,
      exit: largest.exit,
      distance: largest.distance,
      stage: largest.stage,
      share: largest.share,
      shareOfBoth: largest.distance / (largest.stage + largest.distance),
      next: { exit: next.exit, share: next.share },
      total,
      claimed: n < OVERHEAD_CLAIM.pairs.length,
    };
  });
}
