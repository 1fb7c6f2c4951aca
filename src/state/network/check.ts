/** A check before trust: what an opened network's own output is worth on the images at hand, and what would explain little. */
import { firstImages, type Dataset } from '../../core/dataset.ts';
import type { Engine } from '../../engine/client/types.ts';
import { notify, sentenceOf } from '../notices.ts';
import type { Scene } from '../scene/scene.ts';
import { exchanged, labelFaults, otherFeedings, shareRight } from './faults.ts';
import { useOwn } from './own.ts';
import { engine } from '../lease/engine.ts';

/** Test images that are looked at. */
const IMAGES = 300;
/** So many times the share of guessing is near chance. */
const NEAR = 2.5;

/** Waits for the run on the scene to end, then says what the network's own output is worth there. */
export function checkNetwork(id: string, scene: Scene): void {
  const end = scene.run.subscribe(({ status, dataset, network }) => {
    if (status === 'failed' || status === 'cancelled') end();
    if (status !== 'done' || !dataset || !network || dataset.test.labelled === false) return;
    end();
    const own = useOwn.getState().networks.get(id);
    if (!own || network.id !== own.files.card.id) return;
    void engine
      .running()
      .then((running) => verdict(running, dataset))
      .then(
        (sentence) => sentence && notify('note', sentence),
        (error: unknown) => notify('note', sentenceOf(error)),
      );
  });
}

/** A sentence on the network's own accuracy; null where its classes are not those of the images. */
async function verdict(running: Engine, dataset: Dataset): Promise<string | null> {
  const { network } = running;
  if (!network) return null;
  const split = firstImages(dataset.test, dataset.shape, IMAGES);
  const some = { ...dataset, test: split };
  const predicted = await running.ownLabels(some, network.card.input);
  if (!predicted) return null;
  const { labels, count } = split;
  const k = dataset.classes.length;
  const accuracy = shareRight(predicted, labels);
  const said = (share: number) => `${(100 * share).toFixed(1)} %`;
  const start = `${network.card.title}: its own output is right for ${said(accuracy)} of ${count} test images`;
  if (accuracy > NEAR / k) return `${start}.`;
  let best = { words: '', accuracy: 0 };
  const better = (one: typeof best) => {
    if (one.accuracy > best.accuracy) best = one;
  };
  for (const { words, input, isTransposed } of otherFeedings(network.card.input)) {
    const isSquare = dataset.shape[0] === dataset.shape[1];
    if (isTransposed && !isSquare) continue;
    const test = isTransposed
      ? { ...split, images: exchanged(split.images, dataset.shape) }
      : split;
    const labelled = await running.ownLabels({ ...some, test }, input);
    if (labelled) better({ words, accuracy: shareRight(labelled, labels) });
  }
  // A wrong order explains much only where every class has its images.
  labelFaults(predicted, labels, k).forEach(better);
  const explains = best.accuracy > 2 * accuracy + 0.1 && best.accuracy > NEAR / k;
  return explains
    ? `${start}, which is near chance. ${said(best.accuracy)} would be right ${best.words}: look at its card under Network.`
    : `${start}, which is near chance, and none of the usual mistakes explains it: pixels in 0…255 or −1…1, other mean and ` +
        'std, BGR, exchanged rows and columns, shifted or reordered labels. It may be untrained, or of other images.';
}
