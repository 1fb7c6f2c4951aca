/** Which network a run takes. */
import { catalogue, isDatasetId } from '../../data/catalogue.ts';
import type { CatalogueNetwork } from '../../network/catalogue.ts';
import { shapeProblem } from '../../network/preprocess.ts';
import { OWN, titleOf, useImages } from '../lease/images.ts';
import { useOwn } from '../network/own.ts';
import { notify } from '../notices.ts';
import { choose, type Settings } from '../settings.ts';
import { networksAtHand } from './networks.ts';

/**
 * The network that the settings name, or the first one for their dataset.
 * @throws Error with a sentence when no network here was trained on it.
 */
export function networkFor({ dataset, network }: Settings): CatalogueNetwork {
  const candidates = networksAtHand(dataset);
  const found = candidates.find(({ id }) => id === network);
  const problem = found ? problemOf(found.id, dataset) : null;
  const named = problem === null ? found : undefined;
  const chosen = named ?? candidates[0];
  if (!chosen) {
    const shape = dataset === OWN ? useImages.getState().ownShape : null;
    throw new Error(
      shape
        ? `No network here takes images of ${shape.join(' × ')} (height, width, channels): those that come with the ` +
            'page take up to 32 × 32, in grey or colour. Resize the images, or open a network of your own.'
        : `No network here was trained on ${titleOf(dataset)}. Choose other images.`,
    );
  }
  if (network !== null && !named) {
    notify(
      'note',
      problem === null
        ? `No network “${network}” here was trained on ${titleOf(dataset)}; ${chosen.id} is used.`
        : `${problem} ${chosen.title} is used in the place of ${found!.title}: with "fit": "resize" on its card that takes ` +
            'images of any size.',
    );
    choose({ network: null });
  }
  return chosen;
}

/** Why a network of a person's own takes no images of that shape; those that come with the page are of their images. */
function problemOf(network: string, dataset: string): string | null {
  const own = useOwn.getState().networks.get(network);
  if (!own || !isDatasetId(dataset)) return null;
  return shapeProblem(catalogue[dataset].shape, own.files.card.input);
}
