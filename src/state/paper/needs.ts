/** What it would take to fill an empty cell, in a sentence and in commands. */
import type { RunIndex } from '../../core/run-index.ts';
import { isMethodId } from '../../methods/registry.ts';
import { networks, trainingCommands } from '../../network/catalogue.ts';
import { titleOfId } from './names.ts';

export interface Need {
  readonly sentence: string;
  /** To be run from the repository's root, one after the other; empty where no command exists yet. */
  readonly commands: readonly string[];
}

interface Absent {
  readonly dataset: string;
  readonly network: string;
  /** Id of the method in the run index. */
  readonly method: string;
  /** In words: "SDN". */
  readonly title: string;
  /** Epochs to give the method; null where it trains nothing. */
  readonly epochs: number | null;
}

/** What keeps a network from having runs at all; null when it is trained. */
export function networkNeed(index: RunIndex | null, network: string): Need | null {
  if (index?.runs.some((run) => run.network === network)) return null;
  const known = networks.find(({ id }) => id === network);
  if (!known) return { sentence: `No network ${network} is planned here.`, commands: [] };
  if (known.weights !== 'none') return null;
  return {
    sentence: `Our ${titleOfId(network)} is not trained yet.`,
    commands: trainingCommands(known),
  };
}

/** What is missing for a method's runs on a network. */
export function runNeed(index: RunIndex | null, absent: Absent): Need {
  const { dataset, network, method, title, epochs } = absent;
  const first = networkNeed(index, network);
  if (first) return { ...first, sentence: 'not recorded yet: the network is not trained' };
  if (!isMethodId(method))
    return { sentence: `not recorded yet: ${title} is still to be built`, commands: [] };
  const budget = epochs === null ? '' : ` --budget ${epochs}`;
  return {
    sentence: `not recorded yet${epochs === null ? '' : `: ${title} has to be trained`}`,
    commands: [
      `npm run record -- --dataset ${dataset} --network ${network} --method ${method}${budget} --out public/runs`,
    ],
  };
}
