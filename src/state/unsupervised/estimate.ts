/** About how long a training takes, before it has begun: its products of matrices at a rate that two cores reach. */
import { imageBytes } from '../../core/dataset.ts';
import { catalogue, isDatasetId } from '../../data/catalogue.ts';
import { decSizes } from '../../network/dec.ts';
import type { ClusterChoices } from './choices.ts';

/** FLOPs a second of DEC's products on two cores with wasm; a GPU is an order of magnitude faster. */
const RATE = 2e10;

/** What DEC-middle, DEC-small, k-means and the traces take besides DEC-large, about. */
const REST = 1.15;

/**
 * Seconds on two cores.
 * @param all images of the splits where the choices take all there are.
 */
export function roughSeconds(
  choices: Pick<
    ClusterChoices,
    'dataset' | 'trainImages' | 'testImages' | 'epochs' | 'refineSteps' | 'refineBatch'
  >,
  all: { readonly train: number; readonly test: number },
): number {
  const { dataset, epochs, refineSteps, refineBatch } = choices;
  const shape = isDatasetId(dataset) ? catalogue[dataset].shape : ([28, 28, 1] as const);
  const sizes = decSizes(imageBytes(shape));
  const encoder = sizes.slice(1).reduce((sum, units, l) => sum + units * sizes[l]!, 0);
  const images = imagesOf(choices, all);
  // A step goes forward once and back twice; a decoder mirrors the encoder. Two FLOPs a product.
  const pretraining = epochs * images * encoder * 2 * 6;
  const refinement = refineSteps * Math.min(refineBatch, images) * encoder * 6;
  return (REST * (pretraining + refinement)) / RATE;
}

/** How many images are clustered: `strokes` draws as many as are asked for. */
export function imagesOf(
  {
    dataset,
    trainImages,
    testImages,
  }: Pick<ClusterChoices, 'dataset' | 'trainImages' | 'testImages'>,
  all: { readonly train: number; readonly test: number },
): number {
  const some = (wanted: number, there: number): number => {
    if (wanted === 0) return there;
    return dataset === 'strokes' ? wanted : Math.min(wanted, there);
  };
  return some(trainImages, all.train) + some(testImages, all.test);
}
