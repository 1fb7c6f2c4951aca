/** The networks behind the paper's figures and tables: which of them we have, and how ours were made. */
import { FIGURE_2 } from './claims.ts';
import { frameworkOf, shortWeights } from './conditions.ts';
import { bestPrinted, type Recorded } from './join.ts';
import { datasetFacts, networkIdOf, pairTitle } from './names.ts';
import { networkNeed, type Need } from './needs.ts';

export interface OurNetwork {
  /** Null where its card does not state it. */
  readonly epochs: number | null;
  readonly trainImages: number;
  /** Images that the dataset is published with; null where it is drawn. */
  readonly ofImages: number | null;
  readonly testImages: number;
  /** Percent on test, as it is run, and before its weights were quantised. */
  readonly plain: number;
  readonly before: number;
  readonly weights: string;
  readonly framework: string;
}

export interface NetworkRow {
  readonly id: string;
  readonly title: string;
  /** Where the paper uses it. */
  readonly used: string;
  /** Percent: the best that the paper's tables print for it; null where it is in none. */
  readonly best: number | null;
  /** Null until ours is trained and its card is loaded. */
  readonly ours: OurNetwork | null;
  readonly need: Need | null;
}

/** The paper's six pairs of network and dataset, in the order of Figure 2, which shows them all. */
export function networkRows({ index, cards }: Recorded): NetworkRow[] {
  return FIGURE_2.panels.map(({ network, dataset }) => {
    const id = networkIdOf(network, dataset);
    const card = cards[id];
    const best = bestPrinted(network, dataset);
    return {
      id,
      title: pairTitle(network, dataset),
      used:
        best === null ? 'Fig. 2' : dataset === 'cifar-100' ? 'Table 1, Fig. 2' : 'Tables, Fig. 2',
      best,
      ours: card
        ? {
            epochs: card.epochs,
            trainImages: card.trainImages,
            ofImages: datasetFacts(dataset).train,
            testImages: card.testImages,
            plain: 100 * card.testAccuracy.after,
            before: 100 * card.testAccuracy.before,
            weights: shortWeights(card),
            framework: frameworkOf(card),
          }
        : null,
      need: networkNeed(index, id),
    };
  });
}
