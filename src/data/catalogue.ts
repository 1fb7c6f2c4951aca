/** The datasets that Offramp knows by name: their classes, their published files, whom to thank. */
import { cifar100Classes, cifar100Superclasses } from './cifar100-classes.ts';
import type { ImageShape, SplitName } from '../core/dataset.ts';
import type { FormatId } from './formats/index.ts';

/** Datasets read from published files. */
export type FileDatasetId =
  'mnist' | 'fashion-mnist' | 'kmnist' | 'cifar-10' | 'cifar-100' | 'cifar-100-coarse';

export type DatasetId = 'strokes' | FileDatasetId;

/** Files that together hold one split, or the beginning of it. Each may also lack the `.gz`, or have it. */
export interface FileSet {
  /** In the order in which the format reads them. */
  readonly files: readonly string[];
  readonly count: number;
}

export interface CatalogueEntry {
  readonly id: DatasetId;
  readonly title: string;
  /** One sentence: what the images show. */
  readonly about: string;
  readonly classes: readonly string[];
  readonly shape: ImageShape;
  /** Images of the complete dataset; for `strokes`, as the networks here were trained. */
  readonly counts: Readonly<Record<SplitName, number>>;
  /** The format of its files; `drawn` where there are none. */
  readonly layout: 'drawn' | FormatId;
  /** Alternatives for each split, the complete one first. */
  readonly files: Readonly<Record<SplitName, readonly FileSet[]>>;
  readonly licence: string;
  readonly citation: string;
  /** The publisher's page; empty for what is made here. */
  readonly url: string;
}

/** Id of images without classes. */
export const UNLABELLED = 'unlabelled';

const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

const idxTest: FileSet = {
  files: ['t10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz'],
  count: 10_000,
};
const idxTrain: FileSet = {
  files: ['train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz'],
  count: 60_000,
};
const idxLike = {
  shape: [28, 28, 1],
  counts: { train: 60_000, test: 10_000 },
  layout: 'idx',
  files: { train: [idxTrain], test: [idxTest] },
} as const;

const cifarLike = {
  shape: [32, 32, 3],
  counts: { train: 50_000, test: 10_000 },
  layout: 'cifar',
  licence: 'No licence stated; cite the report.',
  citation: 'A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009.',
  url: 'https://www.cs.toronto.edu/~kriz/cifar.html',
} as const;

export const catalogue: Readonly<Record<DatasetId, CatalogueEntry>> = {
  strokes: {
    ...idxLike,
    id: 'strokes',
    title: 'Strokes',
    about: 'Digits drawn by code, each with a known difficulty.',
    classes: digits,
    layout: 'drawn',
    files: { train: [], test: [] },
    licence: 'Made here; no rights reserved in the images.',
    citation: 'Offramp, strokes.',
    url: '',
  },
  mnist: {
    ...idxLike,
    id: 'mnist',
    title: 'MNIST',
    about: 'Handwritten digits.',
    classes: digits,
    licence: 'CC BY-SA 3.0, as commonly stated.',
    citation:
      'Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, Gradient-Based Learning Applied to Document Recognition, 1998.',
    url: 'http://yann.lecun.com/exdb/mnist/',
  },
  'fashion-mnist': {
    ...idxLike,
    id: 'fashion-mnist',
    title: 'Fashion-MNIST',
    about: 'Photographs of clothes, shoes and bags.',
    classes: [
      'T-shirt/top',
      'Trouser',
      'Pullover',
      'Dress',
      'Coat',
      'Sandal',
      'Shirt',
      'Sneaker',
      'Bag',
      'Ankle boot',
    ],
    licence: 'MIT (Zalando SE).',
    citation: 'H. Xiao, K. Rasul, R. Vollgraf, Fashion-MNIST, arXiv:1708.07747, 2017.',
    url: 'https://github.com/zalandoresearch/fashion-mnist',
  },
  kmnist: {
    ...idxLike,
    id: 'kmnist',
    title: 'KMNIST',
    about: 'Handwritten Japanese syllables (hiragana).',
    classes: ['o', 'ki', 'su', 'tsu', 'na', 'ha', 'ma', 'ya', 're', 'wo'],
    files: {
      train: [
        idxTrain,
        {
          files: ['train-images-first6284-idx3-ubyte.gz', 'train-labels-first6284-idx1-ubyte.gz'],
          count: 6284,
        },
      ],
      test: [idxTest],
    },
    licence: 'CC BY-SA 4.0 (ROIS-CODH).',
    citation:
      'T. Clanuwat et al., Deep Learning for Classical Japanese Literature, arXiv:1812.01718, 2018.',
    url: 'http://codh.rois.ac.jp/kmnist/',
  },
  'cifar-10': {
    ...cifarLike,
    id: 'cifar-10',
    title: 'CIFAR-10',
    about: 'Small colour photographs of ten kinds of animals and vehicles.',
    classes: [
      'airplane',
      'automobile',
      'bird',
      'cat',
      'deer',
      'dog',
      'frog',
      'horse',
      'ship',
      'truck',
    ],
    files: {
      train: [{ files: [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`), count: 50_000 }],
      test: [{ files: ['test_batch.bin'], count: 10_000 }],
    },
  },
  'cifar-100': {
    ...cifarLike,
    id: 'cifar-100',
    title: 'CIFAR-100',
    about: 'Small colour photographs of a hundred kinds of things (fine labels).',
    classes: cifar100Classes,
    files: {
      train: [{ files: ['train.bin'], count: 50_000 }],
      test: [{ files: ['test.bin'], count: 10_000 }],
    },
  },
  'cifar-100-coarse': {
    ...cifarLike,
    id: 'cifar-100-coarse',
    title: 'CIFAR-100, coarse',
    about: 'The same photographs under twenty superclasses (coarse labels).',
    classes: cifar100Superclasses,
    files: {
      train: [{ files: ['train.bin'], count: 50_000 }],
      test: [{ files: ['test.bin'], count: 10_000 }],
    },
  },
};

/** The dataset as which files are published that hold several: CIFAR-100's have fine and coarse labels. */
export const publishedAs = (id: FileDatasetId): FileDatasetId =>
  id === 'cifar-100-coarse' ? 'cifar-100' : id;

export const datasetIds = Object.keys(catalogue) as readonly DatasetId[];

export const fileDatasetIds = datasetIds.filter((id): id is FileDatasetId => id !== 'strokes');

export function isDatasetId(id: string): id is DatasetId {
  return Object.hasOwn(catalogue, id);
}

export function isFileDatasetId(id: string): id is FileDatasetId {
  return isDatasetId(id) && id !== 'strokes';
}

/** Every file name under which parts of a dataset are published, packed or not. */
export function knownFileNames(id: DatasetId): readonly string[] {
  const { train, test } = catalogue[id].files;
  return [...train, ...test].flatMap(({ files }) => files.flatMap(packedAndNot));
}

/**
 * The first of a split's alternatives whose files are all among `names`, as the names that are there; null when none
 * is complete.
 */
export function chooseFiles(
  id: DatasetId,
  split: SplitName,
  names: ReadonlySet<string>,
): { readonly names: readonly string[]; readonly count: number } | null {
  for (const { files, count } of catalogue[id].files[split]) {
    const found = files.map((file) => packedAndNot(file).find((name) => names.has(name)));
    if (found.every((name) => name !== undefined)) return { names: found, count };
  }
  return null;
}

function packedAndNot(file: string): [packed: string, plain: string] {
  const plain = file.replace(/\.gz$/, '');
  return [`${plain}.gz`, plain];
}
