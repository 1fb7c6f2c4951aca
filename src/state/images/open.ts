/** Opens images of a person's own on Explore, and says what is done with their classes. */
import { catalogue, type DatasetId } from '../../data/catalogue.ts';
import type { CatalogueNetwork } from '../../network/catalogue.ts';
import { chooseAndRun } from '../explore/run.ts';
import { NO_SINGLES, OWN, titleOf, useImages, type Singles } from '../lease/images.ts';
import { knows, lastExitOn } from '../network/last-exit.ts';
import { useOwn } from '../network/own.ts';
import { notify } from '../notices.ts';
import { networksAtHand } from '../scene/networks.ts';
import { useSettings } from '../settings.ts';
import { settleFiles } from './take.ts';

/** What becomes of a person's classes on a network, as a sentence. */
export function wordsFor(network: CatalogueNetwork, classes: readonly string[]): string {
  return knows(network, classes)
    ? `${network.title} (${titleOf(network.dataset)}) knows these classes by their names: its own output labels at the last exit.`
    : `${network.title} (${titleOf(network.dataset)}) was trained on other classes: the class means of the training images label ` +
        'at every exit, the last one included. Nothing has to be trained.';
}

/** The network for a person's own images: an opened one that is chosen, else the first that takes them. */
export function networkForOwn(): CatalogueNetwork | null {
  const { network } = useSettings.getState();
  const all = networksAtHand(OWN);
  const isOwn = network !== null && useOwn.getState().networks.has(network);
  return (isOwn ? all.find(({ id }) => id === network) : undefined) ?? all[0] ?? null;
}

/**
 * Opens a person's own dataset as what it is. Where the network knows other classes, the nearest class mean labels at the
 * last exit too.
 */
export function openOwnFiles(): void {
  settleFiles();
  const network = networkForOwn();
  if (network && useImages.getState().ownPictures) openOwnOn(network);
  else
    chooseAndRun({
      ...{ dataset: OWN, hub: null, network: null, source: 'live' },
      ...{ method: 'e2cm', lastExit: 'nearest-mean' },
    });
}

/** Opens a person's own pictures on a network. */
export function openOwnOn(network: CatalogueNetwork): void {
  const { ownPictures, ownHub } = useImages.getState();
  const classes = ownPictures?.classes ?? [];
  notify('note', wordsFor(network, classes));
  chooseAndRun({
    ...{ dataset: OWN, hub: ownHub, network: network.id, source: 'live' },
    ...lastExitOn(network, classes),
  });
}

/** Opens images that no network here was trained on: class means of theirs label, the last exit included. */
export function openUntrained(dataset: DatasetId): void {
  const [network] = networksAtHand(dataset);
  const { classes } = catalogue[dataset];
  if (network) notify('note', wordsFor(network, classes));
  chooseAndRun({
    ...{ dataset, network: null, source: 'live' },
    ...(network && lastExitOn(network, classes)),
  });
}

/** Pictures of which nobody says what they show take the place of the test images at hand. */
export function openSingles(singles: Singles): void {
  const { dataset } = useSettings.getState();
  const isOne = singles.count === 1;
  const count = isOne ? 'The picture' : `The ${singles.count} pictures`;
  if (!useImages.getState().available.has(dataset)) {
    notify(
      'error',
      `${count} without a class folder can be looked at beside training images, but those of ${titleOf(dataset)} are not here. ` +
        'Choose images that are here (Strokes always are), or give a folder of class folders.',
    );
    return;
  }
  useImages.setState({ singles });
  notify(
    'note',
    `${count} without a class folder ${isOne ? 'takes' : 'take'} the place of the test images of ${titleOf(dataset)}. ` +
      'Nobody says what they show: what is counted is agreement with the last exit.',
  );
  chooseAndRun({ source: 'live' });
}

/** The test images of the dataset come back. */
export function dropSingles(): void {
  useImages.setState({ singles: NO_SINGLES });
  chooseAndRun({ source: 'live' });
}
