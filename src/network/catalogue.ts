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
}

const resnet18 = 'ResNet-18';
const quarter = 'ResNet-18 × ¼';
const resnet152 = 'ResNet-152';
const wide = 'WideResNet-101-2';

export const networks: readonly CatalogueNetwork[] = [
  { id: 'resnet18-w16-strokes', title: quarter, dataset: 'strokes', weights: 'here' },
  { id: 'resnet18-w16-mnist', title: quarter, dataset: 'mnist', weights: 'here' },
  { id: 'resnet18-w16-fashion-mnist', title: quarter, dataset: 'fashion-mnist', weights: 'here' },
  { id: 'resnet18-cifar10', title: resnet18, dataset: 'cifar-10', weights: 'here' },
  { id: 'resnet152-cifar10', title: resnet152, dataset: 'cifar-10', weights: 'none' },
  { id: 'wideresnet101-2-cifar10', title: wide, dataset: 'cifar-10', weights: 'none' },
  { id: 'resnet18-w16-kmnist', title: quarter, dataset: 'kmnist', weights: 'here' },
  { id: 'resnet152-kmnist', title: resnet152, dataset: 'kmnist', weights: 'none' },
  { id: 'wideresnet101-2-kmnist', title: wide, dataset: 'kmnist', weights: 'none' },
  { id: 'resnet152-cifar100', title: resnet152, dataset: 'cifar-100', weights: 'none' },
];

/** Networks trained on a dataset, or to be trained, the one to begin with first. */
export function networksFor(dataset: string): readonly CatalogueNetwork[] {
  return networks.filter((network) => network.dataset === dataset);
}

/** Networks that can be seen at work on a dataset, live or recorded, the one to begin with first. */
export function trainedFor(dataset: string): readonly CatalogueNetwork[] {
  return networksFor(dataset).filter(({ weights }) => weights !== 'none');
}

/** Epochs of the one-cycle schedule that the commands below ask for; on a GPU an hour or less each. */
const EPOCHS = { 'cifar-10': 60, 'cifar-100': 60, kmnist: 60 } as const;

/**
 * The commands, run from the repository's root, that train a network which is not here and write its weights where the
 * recorder and the page find them.
 */
export function trainingCommands({ id, dataset }: CatalogueNetwork): readonly string[] {
  const network = /^wide/.test(id) ? 'wideresnet101-2' : id.split('-')[0]!;
  const epochs = EPOCHS[dataset as keyof typeof EPOCHS] ?? 60;
  const out = `training/checkpoints/${id}`;
  return [
    `python3 training/train.py --dataset ${dataset} --network ${network} --epochs ${epochs} --out ${out}`,
    `python3 training/export.py --checkpoint ${out} --id ${id}`,
    `npm run record -- --dataset ${dataset} --network ${id} --out public/runs`,
  ];
}
