/** The paper's names and ours: networks, datasets, methods. */
import { catalogue, isDatasetId, isFileDatasetId } from '../../data/catalogue.ts';
import { isMethodId, METHODS as REGISTRY } from '../../methods/registry.ts';
import { networks } from '../../network/catalogue.ts';
import type { PaperMethod, PaperNetwork } from './numbers.ts';

const NETWORKS: Readonly<Record<PaperNetwork, { readonly id: string; readonly title: string }>> = {
  resnet152: { id: 'resnet152', title: 'ResNet-152' },
  wideresnet101: { id: 'wideresnet101-2', title: 'WideResNet-101' },
  resnet18: { id: 'resnet18', title: 'ResNet-18' },
};

export interface DatasetFacts {
  readonly title: string;
  /** Images as published; null where they are drawn by code, any number of them. */
  readonly train: number | null;
  readonly test: number | null;
}

/** A method of the comparison; `e2cm` alone is in Figure 2, not in the tables. */
export type ComparedMethod = PaperMethod | 'E2CM';

export interface MethodFacts {
  /** Id in the run index. */
  readonly id: string;
  readonly title: string;
}

const METHODS: Readonly<Record<ComparedMethod, MethodFacts>> = {
  E2CM: { id: 'e2cm', title: 'E2CM' },
  'E2CM+SDN': { id: 'e2cm-sdn', title: 'E2CM + SDN' },
  SDN: { id: 'sdn', title: 'SDN' },
  BWDS: { id: 'bwds', title: 'BWDS' },
  BranchyNet: { id: 'branchynet', title: 'BranchyNet' },
};

export function methodFacts(method: ComparedMethod): MethodFacts {
  return METHODS[method];
}

/** A method's name from the id in the run index. */
export function methodTitle(id: string): string {
  const inPaper = Object.values(METHODS).find((method) => method.id === id);
  return inPaper?.title ?? (isMethodId(id) ? REGISTRY[id].name : id);
}

/** "ResNet-152 · CIFAR-10": a network of the paper on a dataset. */
export const pairTitle = (network: PaperNetwork, dataset: string): string =>
  `${NETWORKS[network].title} · ${datasetFacts(dataset).title}`;

/** The same of a network of ours, by its id. */
export const recordedPairTitle = (network: string, dataset: string): string =>
  `${titleOfId(network)} · ${datasetFacts(dataset).title}`;

/** Our id of the paper's network trained on a dataset: "resnet152-cifar10". */
export function networkIdOf(network: PaperNetwork, dataset: string): string {
  return `${NETWORKS[network].id}-${dataset.replace('cifar-', 'cifar')}`;
}

/** A network's title by our id, whether it is trained or not. */
export function titleOfId(id: string): string {
  return networks.find((network) => network.id === id)?.title ?? id;
}

/** What is published of a dataset; a visitor's own is known by its name alone. */
export function datasetFacts(id: string): DatasetFacts {
  if (!isDatasetId(id)) return { title: id, train: null, test: null };
  const { title, counts } = catalogue[id];
  return isFileDatasetId(id) ? { title, ...counts } : { title, train: null, test: null };
}
