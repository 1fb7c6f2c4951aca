/** The networks that the page knows, and the dataset that each is trained on. */
export interface CatalogueNetwork {
  readonly id: string;
  readonly title: string;
  /** Dataset id. */
  readonly dataset: string;
  /**
   * `here`: the weights come with the page, so it runs live; `elsewhere`: it was trained, its card and its recorded runs
   * are here but its weights are too large for the repository; `none`: not trained yet.
   */
  readonly weights: 'here' | 'elsewhere' | 'none';
  /** Whether it clusters (DEC) instead of telling classes apart. */
  readonly clusters?: boolean;
}

const resnet18 = 'ResNet-18';
const quarter = 'ResNet-18 × ¼';
const branchy = 'ResNet-18 × ¼, branches';
const resnet152 = 'ResNet-152';
const wide = 'WideResNet-101-2';
const dec = 'DEC 500-500-2000-10';

export const networks: readonly CatalogueNetwork[] = [
  { id: 'resnet18-w16-strokes', title: quarter, dataset: 'strokes', weights: 'here' },
  { id: 'resnet18-w16-strokes-branchy', title: branchy, dataset: 'strokes', weights: 'here' },
  { id: 'resnet18-w16-mnist', title: quarter, dataset: 'mnist', weights: 'here' },
  { id: 'resnet18-w16-fashion-mnist', title: quarter, dataset: 'fashion-mnist', weights: 'here' },
  { id: 'resnet18-cifar10', title: resnet18, dataset: 'cifar-10', weights: 'here' },
  { id: 'resnet152-cifar10', title: resnet152, dataset: 'cifar-10', weights: 'elsewhere' },
  { id: 'wideresnet101-2-cifar10', title: wide, dataset: 'cifar-10', weights: 'none' },
  { id: 'resnet18-w16-kmnist', title: quarter, dataset: 'kmnist', weights: 'here' },
  { id: 'resnet152-kmnist', title: resnet152, dataset: 'kmnist', weights: 'elsewhere' },
  { id: 'wideresnet101-2-kmnist', title: wide, dataset: 'kmnist', weights: 'elsewhere' },
  { id: 'resnet152-cifar100', title: resnet152, dataset: 'cifar-100', weights: 'none' },
  { id: 'dec-mnist-seed1', title: dec, dataset: 'mnist', weights: 'here', clusters: true },
  {
    ...{ id: 'dec-fashion-mnist-seed1', title: dec, dataset: 'fashion-mnist' },
    ...{ weights: 'here', clusters: true },
  },
];

/** Networks that tell a dataset's classes apart, trained or to be trained, the one to begin with first. */
export function networksFor(dataset: string): readonly CatalogueNetwork[] {
  return networks.filter((network) => network.dataset === dataset && !network.clusters);
}

/** The encoders of DEC that come trained on a dataset; null where there are none. */
export function clustererFor(dataset: string): CatalogueNetwork | null {
  return networks.find((network) => network.dataset === dataset && network.clusters) ?? null;
}

/** Networks that can be seen at work on a dataset, live or recorded, the one to begin with first. */
export function trainedFor(dataset: string): readonly CatalogueNetwork[] {
  return networksFor(dataset).filter(({ weights }) => weights !== 'none');
}

/** Epochs that the commands below ask for. */
const EPOCHS = 60;

/**
 * The commands, run from the repository's root with OFFRAMP_DATA naming the datasets, that train a network which is not
 * here, write its weights outside of what the page brings, and record its run. `--resume --minutes 9` trains in slices.
 */
export function trainingCommands({ id, dataset }: CatalogueNetwork): readonly string[] {
  const out = `training/checkpoints/${id}`;
  return [
    `python3 training/train.py --dataset ${dataset} --network ${architectureOf(id)} --epochs ${EPOCHS} --zero-init --out ${out}`,
    `python3 training/export.py --checkpoint ${out} --id ${id} --kernels float16 --weights-out ${WEIGHTS}`,
    `npm run record -- --dataset ${dataset} --network ${WEIGHTS}/${id} --out public/runs`,
  ];
}

/** The same for a network with branches, of the layers of a plain one; its runs are filed under the plain one. */
export function branchyCommands(
  { id, dataset }: CatalogueNetwork,
  method: string,
  epochs: number,
): readonly string[] {
  const branched = `${id}-branchy-${epochs}ep`;
  const out = `training/checkpoints/${branched}`;
  const width = id.includes('-w16-') ? ' --width 0.25' : '';
  return [
    `python3 training/train.py --dataset ${dataset} --network ${architectureOf(id)}${width} --branches --epochs ${epochs} --out ${out}`,
    `python3 training/export.py --checkpoint ${out} --id ${branched} --plain ${id} --kernels float16 --target ${WEIGHTS}`,
    `npm run record -- --dataset ${dataset} --network ${WEIGHTS}/${branched} --method ${method} --budget ${epochs} --out public/runs`,
  ];
}

/** Where the weights lie that do not come with the page. */
const WEIGHTS = 'training/weights';

/** What a recording names a network by. */
export function recordedBy({ id, weights }: CatalogueNetwork): string {
  return weights === 'elsewhere' ? `${WEIGHTS}/${id}` : id;
}

/** As training/train.py calls it. */
const architectureOf = (id: string): string =>
  id.startsWith('wide') ? 'wideresnet101-2' : id.split('-')[0]!;
