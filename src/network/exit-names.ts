/** Names of the exits that are found in a network's files, before anything of it is loaded. */
import { keptStages } from './exits.ts';
import type { NetworkFiles } from './files.ts';
import { findStages } from './stages.ts';
import { entryNodes, layersOf } from './topology.ts';

/** In their order; the last is the network itself. An exit at which an output of its own hangs is fixed. */
export function exitsIn({ topology, card }: Pick<NetworkFiles, 'topology' | 'card'>): {
  readonly name: string;
  readonly isFixed: boolean;
}[] {
  const list = layersOf(topology, card.id);
  const graphs = list.outputs.map((output) => entryNodes({ ...list, outputs: [output] }));
  const own = graphs.reduce((most, graph) => (graph.length >= most.length ? graph : most));
  const places = new Map(own.map(({ output }, i) => [output.join(), i]));
  const taken = new Set<number>();
  for (const graph of graphs) {
    if (graph === own) continue;
    // Where it leaves the network's own layers.
    const last = graph.findLast(({ output }) => places.has(output.join()));
    if (last) taken.add(places.get(last.output.join())!);
  }
  const stages = findStages(own, taken);
  return stages.map(({ name, last }, s) => ({
    name,
    isFixed: s === stages.length - 1 || taken.has(last),
  }));
}

/** Whether a card keeps exits that its network has. @throws Error with a sentence where it does not. */
export function checkExits(files: Pick<NetworkFiles, 'topology' | 'card'>): void {
  const found = exitsIn(files);
  const taken = new Set(found.flatMap(({ isFixed }, s) => (isFixed ? [s] : [])));
  taken.delete(found.length - 1);
  const ranges = found.map(({ name }, s) => ({ name, first: s, last: s }));
  keptStages(ranges, files.card.exits, taken);
}
