/** Names that a person gives to clusters, by dataset; kept on this machine. */
import { create } from 'zustand';
import { notify } from '../notices.ts';

export interface NamesState {
  /** By `dataset` and then by the cluster's own name in its trace. */
  readonly names: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const KEY = 'offramp.cluster-names';
/** Longest name that is kept. */
export const LONGEST_NAME = 40;

export const useNames = create<NamesState>(() => ({ names: stored() }));

/** Gives a cluster a name; an empty one takes it back. */
export function nameCluster(dataset: string, cluster: string, name: string): void {
  const { names } = useNames.getState();
  const clean = name.trim().slice(0, LONGEST_NAME);
  const others = Object.entries(names[dataset] ?? {}).filter(([other]) => other !== cluster);
  const named = clean === '' || clean === cluster ? [] : [[cluster, clean] as const];
  const own = Object.fromEntries([...others, ...named]);
  const next = { ...names, [dataset]: own };
  useNames.setState({ names: next });
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    notify(
      'note',
      'The names of clusters last until this page is closed: the browser’s storage is full, or not allowed here.',
    );
  }
}

/** What a cluster is called on this machine. */
export function nameOf({ names }: NamesState, dataset: string, cluster: string): string {
  return names[dataset]?.[cluster] ?? cluster;
}

/** What an earlier visit left; anything that is not names is dropped. */
function stored(): NamesState['names'] {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return Object.fromEntries(entriesOf(read).map(([dataset, own]) => [dataset, textsOf(own)]));
  } catch {
    return {};
  }
}

// Functions, not constants: they are wanted while this file is still being read.
function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function textsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    entriesOf(value).flatMap(([cluster, name]) =>
      typeof name === 'string' && name !== '' ? [[cluster, name.slice(0, LONGEST_NAME)]] : [],
    ),
  );
}
