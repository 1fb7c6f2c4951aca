/** Networks of a person's own: what waits for its card, and what is open. */
import { create } from 'zustand';
import type { NetworkFiles } from '../../network/files.ts';
import type { GivenNetwork } from '../../network/given.ts';
import { isOtherNetwork, isSingleFile } from '../../network/single-file.ts';
import type { CatalogueNetwork } from '../../network/catalogue.ts';

export interface OwnNetwork {
  /** What the settings call it: the id on its card, or the address that it came from. */
  readonly id: string;
  readonly files: NetworkFiles;
  /** For another look at the card. */
  readonly given: GivenNetwork;
}

/** A network whose card a person is asked for. */
export interface CardAsked {
  readonly given: GivenNetwork;
  /** Where a link said that it is; null for files. */
  readonly address: string | null;
}

/** A network that is being fetched and read. */
export interface Underway {
  /** What is being done, and how far it is. */
  readonly words: string;
  readonly stop: () => void;
}

export interface Own {
  readonly underway: Underway | null;
  readonly asked: CardAsked | null;
  /** By their ids; as many as were opened since the page was loaded. */
  readonly networks: ReadonlyMap<string, OwnNetwork>;
}

export const useOwn = create<Own>(() => ({ underway: null, asked: null, networks: new Map() }));

/** A network that cannot be run here is not offered. */
export function forgetNetwork(id: string): void {
  const networks = new Map(useOwn.getState().networks);
  if (networks.delete(id)) useOwn.setState({ networks });
}

/** Own networks as the lists of networks have them. */
export function ownNetworks(): readonly CatalogueNetwork[] {
  return [...useOwn.getState().networks.values()].map(({ id, files }) => ({
    ...{ id, title: files.card.title, dataset: files.card.dataset, weights: 'here' },
  }));
}

/** Whether what a link calls a network is the address of one. */
export const isAddress = (network: string): boolean =>
  network.includes('/') || isSingleFile(network);

/** Whether files are a network's by their names. */
export const areNetwork = (files: readonly File[]): boolean =>
  files.some(({ name }) => isSingleFile(name) || isOtherNetwork(name) || name === 'model.json');
