/** A loaded network: stages with one tensor between them, folded, with the cost of each. */
import * as tf from '@tensorflow/tfjs-core';
import type { CardClustering, NetworkCard } from './card.ts';
import { nodeFlops, product } from './cost.ts';
import type { NetworkFiles } from './files.ts';
import { fold } from './fold.ts';
import { keptStages } from './exits.ts';
import type { Folded } from './folded.ts';
import { branchesOf, graphOf, type Branch, type Graph, type Layered } from './graph.ts';
import { readLayers } from './known-layers.ts';
import { layersIn } from './model-layers.ts';
import { productRule } from './products.ts';
import { checkedHeap } from './simd/check.ts';
import { compileProgram } from './simd/program.ts';
import { endingUnder, LEAST_PROBABILITY, type Scores } from './scores.ts';
import { findStages, type StageRange } from './stages.ts';
import type { Op } from './tensor-ops.ts';
import { throughAll, underwayByTensors, type Underway } from './underway.ts';

export interface Stage {
  /** "conv1", "layer1.0", …, "classifier". */
  readonly name: string;
  /** Of one image. */
  readonly flops: number;
  /** Of the output, without the batch dimension. */
  readonly shape: readonly number[];
}

/** What is known of a branch: an output of its own beside the network's, trained jointly with it (BranchyNet). */
export interface BranchSummary {
  readonly name: string;
  /** Index among the network's default exits of the one on whose output it hangs. */
  readonly output: number;
  /** FLOPs of one image through the branch alone. */
  readonly flops: number;
}

/** What is known of a network without its weights. */
export interface NetworkSummary {
  readonly id: string;
  readonly classes: readonly string[];
  /** Stages with one tensor between them; the default exits sit after some of them. */
  readonly stages: readonly { name: string; flops: number; shape: readonly number[] }[];
  /** Indices of stages after which the default exits sit; the last is the classifier. */
  readonly exits: readonly number[];
  /** In the order in which they leave the network; empty for a network with one output. */
  readonly branches: readonly BranchSummary[];
  /** Id of the network of the same layers that was trained without branches; null for all others. */
  readonly plain: string | null;
  /** What the network's own output is, as its last layers say. */
  readonly scores: Scores;
  /** Numbers in every output where these are embeddings, not logits; else null. */
  readonly embedding: number | null;
  /** The cluster centres that came with it; null for most. */
  readonly clustering: CardClustering | null;
  /** Epochs and seed of its training, as its card says; null where it does not. */
  readonly epochs: number | null;
  readonly seed: number | null;
  /** Training images that the network has seen; 0 where its card does not say. */
  readonly trainedOn: number;
  /** FLOPs of the plain network, one image. */
  readonly flops: number;
  readonly parameters: number;
  /** Bytes of the weights as they are stored in the files. */
  readonly weightBytes: number;
  /** Numbers in the largest output of any layer, one image: what limits a batch on a device. */
  readonly widest: number;
}

export interface Network {
  readonly card: NetworkCard;
  readonly stages: readonly Stage[];
  /** Indices of the stages after which the default exits sit. */
  readonly exits: readonly number[];
  /** FLOPs of one image. */
  readonly flops: number;
  readonly parameters: number;
  readonly weightBytes: number;
  summary(): NetworkSummary;
  /**
   * @param input float32 [B, size, size, channels], preprocessed.
   * @returns outputs[j] with shape [B, D_j]: the flattened output at exit j; the last are logits, or the
   * logarithms of probabilities where the network gives those. The caller disposes of them.
   */
  forward(input: tf.Tensor): tf.Tensor2D[];
  /** The same stage by stage, so that images can leave on the way. */
  start(input: tf.Tensor): Underway;
  /**
   * @param outputs what `forward` gave.
   * @returns logits (or logarithms of probabilities) of every branch, each [B, K]. The caller disposes of them.
   */
  branchLogits(outputs: readonly tf.Tensor2D[]): tf.Tensor2D[];
  /** The same of one branch. @param x the output on which it hangs. */
  logitsOfBranch(branch: number, x: tf.Tensor2D): tf.Tensor2D;
  dispose(): void;
}

/** How a network is computed. */
export interface NetworkOptions {
  /** With tfjs's operations alone, also where there are routines of our own for all of it. */
  readonly tensorsOnly?: boolean;
}

/**
 * A network from its files, cut and folded. Layers that are known here are read without tfjs's own, whose code comes where
 * a network has others.
 * @throws Error with a sentence when the network has several inputs, cannot be read, or does not fit its card.
 */
export async function loadNetwork(
  files: NetworkFiles,
  options: NetworkOptions = {},
): Promise<Network> {
  const { card, data } = files;
  const known = readLayers(files);
  const network = known && (await networkOf(known, card, data.byteLength, options));
  if (network) return network;
  const { layersModel } = await import('./model.ts');
  const model = await layersModel(files);
  try {
    return (await networkOf(layersIn(model), card, data.byteLength, options))!;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/**
 * Cuts and folds a network's layers. It takes them over: weights that folding replaced are freed at once, the others with
 * the network.
 * @returns null where it takes layers of tfjs that were not brought.
 * @throws Error with a sentence when the network does not fit its card.
 */
export async function networkOf(
  { outputs, parameters, freeAllBut }: Layered,
  card: NetworkCard,
  weightBytes = 0,
  options: NetworkOptions = {},
): Promise<Network | null> {
  const graph = graphOf(outputs);
  checkAgainstCard(graph, card, outputs.length);
  const found = branchesOf(outputs, graph);
  const taken = new Set(found.map(({ at }) => at));
  const ranges = keptStages(findStages(graph, taken), card.exits, taken);
  const { scores, softmax } = endingUnder(graph, card);
  const folded = await fold(graph, new Set(ranges.map((range) => range.last)), softmax);
  const hanging = await foldBranches(found, graph, ranges, card);
  if (![folded, ...hanging.map((branch) => branch.folded)].every(isWhole)) return null;
  const heap = options.tensorsOnly ? null : checkedHeap(tf.backend()).heap;
  const ends = ranges.map(({ last }) => last);
  const program = heap && compileProgram(folded, graph[0]!.shape, ends, heap);
  const ops = program ? [] : await byTensors(folded);
  const branches = await Promise.all(
    hanging.map(async (branch) => ({ ...branch, ops: await byTensors(branch.folded) })),
  );
  const allOps = [...ops, ...branches.flatMap((branch) => branch.ops)];
  const free = freeAllBut(allOps.flatMap(({ layers }) => layers));
  const stages = ranges.map(({ name, first, last }): Stage => {
    let flops = 0;
    for (let i = first; i <= last; i++) flops += nodeFlops(graph, i);
    return {
      name,
      flops,
      shape: card.outputs && last === graph.length - 1 ? [card.outputs.length] : graph[last]!.shape,
    };
  });
  const flops = stages.reduce((sum, stage) => sum + stage.flops, 0);
  const exits = stages.map((_, s) => s);
  const runs = ranges.map(({ first, last }) => {
    const inside = ops.filter(({ output }) => output >= first && output <= last);
    return (x: tf.Tensor) => runOps(inside, first - 1, x);
  });
  const start = (input: tf.Tensor): Underway => {
    const underway = program ? program.start(input) : underwayByTensors(input, runs);
    let left = stages.length;
    return {
      ...underway,
      get count() {
        return underway.count;
      },
      next() {
        underway.next();
        left--;
      },
      rows() {
        const rows = underway.rows();
        const logits = left === 0 ? asLogits(rows, scores, card.outputs) : rows;
        if (logits !== rows) rows.dispose();
        return logits;
      },
    };
  };
  const logitsOfBranch = (branch: number, x: tf.Tensor2D): tf.Tensor2D =>
    tf.tidy(() => {
      const { output, ops, scores: own, size } = branches[branch]!;
      const map = tf.reshape(x, [x.shape[0], ...stages[output]!.shape]);
      return asLogits(tf.reshape(runOps(ops, 0, map), [x.shape[0], size]), own, card.outputs);
    });
  return {
    card,
    stages,
    exits,
    flops,
    parameters,
    weightBytes,
    summary: () => ({
      id: card.id,
      classes: card.classes,
      stages: stages.map(({ name, flops, shape }) => ({ name, flops, shape })),
      exits,
      branches: branches.map(({ name, output, flops }) => ({ name, output, flops })),
      plain: card.plain,
      scores,
      embedding: card.embedding,
      clustering: card.clustering,
      epochs: card.epochs,
      seed: card.seed,
      trainedOn: card.trainImages,
      flops,
      parameters,
      weightBytes,
      widest: Math.max(...graph.map(({ shape }) => product(shape))),
    }),
    start,
    forward: (input) => throughAll(start(input), stages.length),
    branchLogits: (outputs) => branches.map(({ output }, b) => logitsOfBranch(b, outputs[output]!)),
    logitsOfBranch,
    dispose: () => {
      program?.dispose();
      for (const op of allOps) tf.dispose([...op.owned]);
      free();
    },
  };
}

/** Their code comes where something is computed by tensors: on a device, and of branches. */
async function byTensors(folded: readonly Folded[]): Promise<Op[]> {
  const { tensorOp } = await import('./tensor-ops.ts');
  const rule = productRule(tf.getBackend());
  return folded.map((op) => tensorOp(op, rule));
}

/** Whether all of it can be run: a layer that is run as it is was brought. */
const isWhole = (folded: readonly Folded[]): boolean =>
  folded.every(({ work }) => work.kind !== 'layer' || work.node.layer !== null);

interface FoldedBranch extends BranchSummary {
  readonly folded: readonly Folded[];
  readonly scores: Scores;
  /** Numbers in its output. */
  readonly size: number;
}

/**
 * Outputs in the order of the classes; of probabilities the logarithms, which a softmax turns back into them.
 * @param order output of each class; null where they are in order.
 */
function asLogits(
  outputs: tf.Tensor2D,
  scores: Scores,
  order: readonly number[] | null,
): tf.Tensor2D {
  if (scores === 'logits' && !order) return outputs;
  return tf.tidy(() => {
    const wanted = order ? tf.gather(outputs, tf.tensor1d([...order], 'int32'), 1) : outputs;
    return scores === 'logits' ? wanted : tf.log(tf.maximum(wanted, LEAST_PROBABILITY));
  });
}

/** Branches folded, each on the output of a stage. */
async function foldBranches(
  found: readonly Branch[],
  graph: Graph,
  ranges: readonly StageRange[],
  card: NetworkCard,
): Promise<FoldedBranch[]> {
  const { id, classes, embedding } = card;
  const branches: FoldedBranch[] = [];
  for (const branch of found) {
    const { name, at } = branch;
    const output = ranges.findIndex(({ last }) => last === at);
    if (output < 0 || output === ranges.length - 1)
      throw new Error(
        `The branch ${name} of ${id} hangs on the layer ${graph[at]!.name}, which ends no stage; ` +
          `expected one of ${ranges
            .slice(0, -1)
            .map(({ last }) => graph[last]!.name)
            .join(', ')}.`,
      );
    const outputs = product(branch.graph.at(-1)!.shape);
    if (!isExpected(outputs, card))
      throw new Error(
        `The branch ${name} of ${id} has ${outputs} outputs; the network's card ${expectedOutputs(classes, embedding)}.`,
      );
    const { scores, softmax } = endingUnder(branch.graph, card);
    const folded = await fold(branch.graph, new Set([branch.graph.length - 1]), softmax);
    branches.push({ name, output, flops: flopsOf(branch), folded, scores, size: outputs });
  }
  return branches;
}

const flopsOf = ({ graph }: Branch): number =>
  graph.reduce((sum, _, i) => sum + (i === 0 ? 0 : nodeFlops(graph, i)), 0);

/** Runs one stage; a tensor is freed as soon as nothing in the stage needs it any more. */
function runOps(ops: readonly Op[], inputNode: number, input: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const uses = new Map<number, number>();
    for (const op of ops) for (const i of op.inputs) uses.set(i, (uses.get(i) ?? 0) + 1);
    const values = new Map<number, tf.Tensor>([[inputNode, input]]);
    let output = input;
    for (const op of ops) {
      output = op.run(op.inputs.map((i) => values.get(i)!));
      values.set(op.output, output);
      for (const i of op.inputs) {
        const left = uses.get(i)! - 1;
        uses.set(i, left);
        if (left === 0 && i !== inputNode) values.get(i)!.dispose();
      }
    }
    return output;
  });
}

function checkAgainstCard(graph: Graph, card: NetworkCard, outputCount: number): void {
  const { id, input, classes, embedding, clustering } = card;
  const expected = [input.size, input.size, input.channels];
  const { shape } = graph[0]!;
  if (shape.join() !== expected.join())
    throw new Error(
      `The network ${id} takes images of shape [${shape.join(', ')}]; its card says [${expected.join(', ')}].`,
    );
  const outputs = product(graph.at(-1)!.shape);
  if (!isExpected(outputs, card))
    throw new Error(
      `The network ${id} has ${outputs} outputs; its card ${expectedOutputs(classes, embedding)}.`,
    );
  if (clustering && clustering.centres.length !== outputCount)
    throw new Error(
      `The card of ${id} has cluster centres for ${clustering.centres.length} outputs; the network has ${outputCount}.`,
    );
}

function isExpected(outputs: number, { classes, embedding, outputs: order }: NetworkCard): boolean {
  return order ? Math.max(...order) < outputs : outputs === (embedding ?? classes.length);
}

function expectedOutputs(classes: readonly string[], embedding: number | null): string {
  return embedding === null
    ? `lists ${classes.length} classes`
    : `says that they are embeddings of ${embedding} numbers`;
}
