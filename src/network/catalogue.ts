/** The trained networks that come with the page, and the dataset that each was trained on. */
export interface CatalogueNetwork {
  readonly id: string;
  readonly title: string;
  /** Dataset id. */
  readonly dataset: string;
}

export const networks: readonly CatalogueNetwork[] = [
  { id: 'resnet18-w16-strokes', title: 'ResNet-18 × ¼', dataset: 'strokes' },
  { id: 'resnet18-w16-mnist', title: 'ResNet-18 × ¼', dataset: 'mnist' },
  { id: 'resnet18-w16-fashion-mnist', title: 'ResNet-18 × ¼', dataset: 'fashion-mnist' },
  { id: 'resnet18-cifar10', title: 'ResNet-18', dataset: 'cifar-10' },
];

/** Networks trained on a dataset, the one to begin with first. */
export function networksFor(dataset: string): readonly CatalogueNetwork[] {
  return networks.filter((network) => network.dataset === dataset);
}
