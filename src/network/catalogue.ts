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

export const networks: readonly CatalogueNetwork[] = [
  { id: 'resnet18-w16-strokes', title: 'ResNet-18 × ¼', dataset: 'strokes', weights: 'here' },
  { id: 'resnet18-w16-mnist', title: 'ResNet-18 × ¼', dataset: 'mnist', weights: 'here' },
  {
    id: 'resnet18-w16-fashion-mnist',
    title: 'ResNet-18 × ¼',
    dataset: 'fashion-mnist',
    weights: 'here',
  },
  { id: 'resnet18-cifar10', title: 'ResNet-18', dataset: 'cifar-10', weights: 'here' },
];

/** Networks trained on a dataset, the one to begin with first. */
export function networksFor(dataset: string): readonly CatalogueNetwork[] {
  return networks.filter((network) => network.dataset === dataset);
}
