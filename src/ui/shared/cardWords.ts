/** What a network's card says of its training; what nobody stated is said to be not stated. */
import type { NetworkCard } from '../../network/card.ts';
import { count, percent, plural } from './format.ts';

/** "12 epochs", or that they are not stated. */
export function epochsOf({ epochs }: NetworkCard): string {
  return epochs === null ? 'epochs not stated' : plural(epochs, 'epoch');
}

/** "91.23 % on 10,000 test images", or that it is not stated. */
export function accuracyOf({ testAccuracy, testImages }: NetworkCard, digits = 1): string {
  if (testImages === 0) return 'accuracy not stated';
  return `${percent(testAccuracy.after, digits)} on ${count(testImages)} test images`;
}

/** "12 epochs on 60,000 training images, seed 1". */
export function trainingOf(card: NetworkCard): string {
  const { trainImages, seed } = card;
  const images =
    trainImages > 0 ? plural(trainImages, 'training image') : 'training images not stated';
  return `${epochsOf(card)} on ${images}, seed ${seed ?? 'not stated'}`;
}
