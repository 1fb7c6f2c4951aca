/** What it would take to fill an empty cell, in a sentence and in commands. */
import type { RunIndex } from '../../core/run-index.ts';
import { isMethodId, METHODS } from '../../methods/registry.ts';
import {
  branchyCommands,
  networks,
  recordedBy,
  trainingCommands,
} from '../../network/catalogue.ts';
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
  const known = networks.find(({ id }) => id === network);
  const budget = epochs === null ? '' : ` --budget ${epochs}`;
  const named = known ? recordedBy(known) : network;
  const record = `npm run record -- --dataset ${dataset} --network ${named} --method ${method}${budget} --out public/runs`;
  const jointly =
    known && epochs !== null && METHODS[method].cost.epoch.some((work) => work === 'network');
  // Weights that do not come with the page have to be made first.
  const before = known?.weights === 'elsewhere' ? trainingCommands(known).slice(0, 2) : [];
  return {
    sentence: `not recorded yet${epochs === null ? '' : `: ${title} has to be trained`}`,
    commands: jointly ? branchyCommands(known, method, epochs) : [...before, record],
  };
}
