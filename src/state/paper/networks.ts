/** The networks behind the paper's figures and tables: which of them we have, and how ours were made. */
import type { Condition } from './conditions.ts';
import { networkConditions } from './conditions.ts';
import { FIGURE_2 } from './claims.ts';
import { bestPrinted, type Recorded } from './join.ts';
import { datasetFacts, networkIdOf, networkTitle } from './names.ts';
import { networkNeed, type Need } from './needs.ts';

export interface NetworkRow {
  readonly id: string;
  readonly title: string;
  /** Where the paper uses it. */
  readonly used: string;
  /** Ours beside the paper's; empty until it is trained and its card is loaded. */
  readonly conditions: readonly Condition[];
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
      title: `${networkTitle(network)} · ${datasetFacts(dataset).title}`,
      used:
        best === null ? 'Fig. 2' : dataset === 'cifar-100' ? 'Table 1, Fig. 2' : 'Tables, Fig. 2',
      conditions: card ? networkConditions(card, dataset, best) : [],
      need: networkNeed(index, id),
    };
  });
}
