/** A network folded and cut into stages, as operations with their numbers: what is written for other runtimes. */
import { product } from './cost.ts';
import { keptStages } from './exits.ts';
import type { NetworkFiles } from './files.ts';
import { fold } from './fold.ts';
import type { Folded } from './folded.ts';
import { branchesOf, graphOf } from './graph.ts';
import { callsOf } from './model-layers.ts';
import { layersModel } from './model.ts';
import { endingUnder, type Scores } from './scores.ts';
import { findStages } from './stages.ts';

/** Weights of a layer. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** An operation; one that is a layer as it is has the layer's weights by their roles. */
export type CutOp = Folded & { readonly numbers?: Readonly<Record<string, Numbers>> };

/** Operations between two tensors; shapes are of one image. */
export interface Cut {
  readonly name: string;
  readonly ops: readonly CutOp[];
  /** Node whose output it takes, and the one whose output it gives. */
  readonly first: number;
  readonly last: number;
  readonly shape: readonly number[];
}

/** An output of its own on that of a stage. */
export interface Branch extends Cut {
  readonly stage: number;
  readonly scores: Scores;
}

export interface CutNetwork {
  /** Height, width and channels of what the network is fed. */
  readonly input: readonly [height: number, width: number, channels: number];
  /** The stages in their order; the last gives the network's own output. */
  readonly stages: readonly Cut[];
  readonly scores: Scores;
  readonly branches: readonly Branch[];
  /** Output of each class; null where they are in that order. */
  readonly order: readonly number[] | null;
}

/**
 * Loads the layers, folds them and takes the numbers out; no tensor stays.
 * @throws Error with a sentence when the files are no network that can be run here.
 */
export async function cutNetwork(files: NetworkFiles): Promise<CutNetwork> {
  const model = await layersModel(files);
  try {
    const outputs = callsOf(model);
    const graph = graphOf(outputs);
    const found = branchesOf(outputs, graph);
    const taken = new Set(found.map(({ at }) => at));
    const ranges = keptStages(findStages(graph, taken), files.card.exits, taken);
    const ends = new Set(ranges.map(({ last }) => last));
    const ending = endingUnder(graph, files.card);
    const folded = await fold(graph, ends, ending.softmax);
    const stages: Cut[] = [];
    for (const { name, first, last } of ranges) {
      const inside = folded.filter(({ output }) => output >= first && output <= last);
      const ops = await Promise.all(inside.map(copied));
      stages.push({ name, ops, first: first - 1, last, shape: graph[last]!.shape });
    }
    const branches: Branch[] = [];
    for (const { name, at, graph: own } of found) {
      const { scores, softmax } = endingUnder(own, files.card);
      const last = own.length - 1;
      const ops = await Promise.all((await fold(own, new Set([last]), softmax)).map(copied));
      const stage = ranges.findIndex((range) => range.last === at);
      const shape = [product(own[last]!.shape)];
      branches.push({ name, ops, first: 0, last, shape, stage, scores });
    }
    const [height, width, channels] = graph[0]!.shape as readonly [number, number, number];
    return {
      input: [height, width, channels],
      stages,
      scores: ending.scores,
      branches,
      order: files.card.outputs,
    };
  } finally {
    model.dispose();
  }
}

/** Numbers of a layer may be the backend's own memory, which is freed with the layer. */
async function copied(op: Folded): Promise<CutOp> {
  const { work } = op;
  if (work.kind === 'layer') {
    const numbers: Record<string, Numbers> = {};
    const { weights } = work.node;
    for (const role of weights.roles)
      numbers[role] = {
        shape: weights.shape(role)!,
        values: (await weights.values(role))!.slice(),
      };
    return { ...op, numbers };
  }
  if (!('kernel' in work)) return op;
  const { kernel, bias } = work;
  return { ...op, work: { ...work, kernel: kernel.slice(), bias: bias?.slice() } };
}
