/** Networks for the images at hand: those that were trained on them, or any that fit; and those of a person's own. */
import type { ImageShape } from '../../core/dataset.ts';
import { catalogue, isDatasetId } from '../../data/catalogue.ts';
import { networks, trainedFor, type CatalogueNetwork } from '../../network/catalogue.ts';
import type { Target } from '../../data/pictures/read.ts';
import { OWN, useImages } from '../lease/images.ts';
import { ownNetworks, useOwn } from '../network/own.ts';

/** The one to begin with first; none where no network here takes such images. */
export function networksAtHand(dataset: string): readonly CatalogueNetwork[] {
  const own = ownNetworks();
  const trained = trainedFor(dataset);
  // Where none was trained on the images, class means label on one that was trained on others.
  if (isDatasetId(dataset) && trained.length === 0)
    return [...fitting(catalogue[dataset].shape), ...own];
  if (dataset !== OWN) return [...trained, ...own];
  const { ownShape, ownPictures } = useImages.getState();
  if (ownPictures) return [...forPictures(ownPictures.isGrey), ...own];
  if (!ownShape) return own;
  return [...fitting(ownShape), ...own];
}

/** Those that come with the page and take such images as they are. */
function fitting([height, width, channels]: ImageShape): readonly CatalogueNetwork[] {
  return networks.filter(({ dataset: trained, weights, clusters }) => {
    if (weights !== 'here' || clusters || !isDatasetId(trained)) return false;
    const { shape } = catalogue[trained];
    // Networks for 28 × 28 pixels pad them to 32.
    return shape[2] === channels && Math.max(height, width) <= 32;
  });
}

/** Pictures are brought to what any network takes: those that know their classes come first, then those of their colours. */
function forPictures(isGrey: boolean): readonly CatalogueNetwork[] {
  const { knownBy } = useImages.getState();
  const rank = (network: CatalogueNetwork): number => {
    if (knownBy.includes(network.id)) return 0;
    return (targetOf(network).channels === 1) === isGrey ? 1 : 2;
  };
  return networks
    .filter(({ weights, clusters }) => weights === 'here' && !clusters)
    .sort((a, b) => rank(a) - rank(b));
}

/** What pictures are brought to for a network. */
export function targetOf({ id, dataset }: CatalogueNetwork): Target {
  const own = useOwn.getState().networks.get(id);
  if (own) {
    const { size, channels } = own.files.card.input;
    return { size, most: size, channels: channels === 1 ? 1 : 3 };
  }
  const [size, , channels] = isDatasetId(dataset) ? catalogue[dataset].shape : [32, 32, 3];
  return { size, most: 32, channels: channels === 1 ? 1 : 3 };
}
