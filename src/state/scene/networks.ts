/** Networks for the images at hand: those that were trained on them, or any that fit; and those of a person's own. */
import { catalogue, isDatasetId } from '../../data/catalogue.ts';
import { networks, trainedFor, type CatalogueNetwork } from '../../network/catalogue.ts';
import type { PicturesReport } from '../../data/sources/pictures.ts';
import type { Target } from '../../data/pictures/read.ts';
import { OWN, useImages } from '../lease/images.ts';
import { knows } from '../network/last-exit.ts';
import { ownNetworks, useOwn } from '../network/own.ts';

/** The one to begin with first; none where no network here takes such images. */
export function networksAtHand(dataset: string): readonly CatalogueNetwork[] {
  const own = ownNetworks();
  if (dataset !== OWN) return [...trainedFor(dataset), ...own];
  const { ownShape, ownPictures } = useImages.getState();
  if (ownPictures) return [...forPictures(ownPictures), ...own];
  if (!ownShape) return own;
  const [height, width, channels] = ownShape;
  const fitting = networks.filter(({ dataset: trained, weights, clusters }) => {
    if (weights !== 'here' || clusters || !isDatasetId(trained)) return false;
    const { shape } = catalogue[trained];
    // Networks for 28 × 28 pixels pad them to 32.
    return shape[2] === channels && Math.max(height, width) <= 32;
  });
  return [...fitting, ...own];
}

/** Pictures are brought to what any network takes: those that know their classes come first, then those of their colours. */
function forPictures({ classes, isGrey }: PicturesReport): readonly CatalogueNetwork[] {
  const here = networks.filter(({ weights, clusters }) => weights === 'here' && !clusters);
  const rank = (network: CatalogueNetwork): number => {
    if (knows(network, classes)) return 0;
    const { channels } = targetOf(network);
    return (channels === 1) === isGrey ? 1 : 2;
  };
  return here
    .map((network) => ({ network, rank: rank(network) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ network }) => network);
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
