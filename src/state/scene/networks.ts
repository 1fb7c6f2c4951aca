/** Networks for the images at hand: those that were trained on them, or any that fit; and those of a person's own. */
import { catalogue, isDatasetId } from '../../data/catalogue.ts';
import { networks, trainedFor, type CatalogueNetwork } from '../../network/catalogue.ts';
import { OWN, useImages } from '../lease/images.ts';
import { ownNetworks } from '../network/own.ts';

/** The one to begin with first; none where no network here takes such images. */
export function networksAtHand(dataset: string): readonly CatalogueNetwork[] {
  const own = ownNetworks();
  if (dataset !== OWN) return [...trainedFor(dataset), ...own];
  const { ownShape } = useImages.getState();
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
