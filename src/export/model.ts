/** A network with its exits as ONNX: one model that decides inside, and one small model a stage. */
import type { ImageShape } from '../core/dataset.ts';
import { sense } from '../core/policy.ts';
import type { NetworkCard } from '../network/card.ts';
import type { Branch, CutNetwork } from '../network/cut.ts';
import { GraphWriter, onnxFile } from '../network/onnx/write/graph.ts';
import { writePreprocessing } from '../network/onnx/write/input.ts';
import { reshaped, sizesFirst, writeOps } from '../network/onnx/write/operations.ts';
import { orderedLogits, writeJudges, type Said } from './judges.ts';
import { isAnyEnough, type Plan, type PlannedExit } from './plan.ts';

/** What a model is written of. */
export interface Exported {
  readonly network: CutNetwork;
  readonly card: Pick<NetworkCard, 'id' | 'input'>;
  /** Of the images as they are given. */
  readonly shape: ImageShape;
  readonly plan: Plan;
  /** What it is, in a sentence. */
  readonly says: string;
}

/** [N, …] of a stage's output. */
const sizesOf = (shape: readonly number[]) => ['N', ...sizesFirst(shape)];

/**
 * One model for one image: `image` uint8 [1, height, width, channels] → `exit` and `label` int64 [1], `confidence`
 * float [1]. After each exit an `If` either ends, or holds all that comes then, weights included: what is not computed is
 * not read.
 */
export function wholeModel(of: Exported): Uint8Array<ArrayBuffer> {
  const graph = new GraphWriter('offramp', null, OUTCOME);
  const image = graph.input('image', 'uint8', [1, ...of.shape]);
  const fed = writePreprocessing(graph, image, of.shape, of.card.input);
  const outputs = writeFrom(of, graph, 0, -1, fed, null);
  declare(graph, outputs, OUTCOME);
  return onnxFile(graph, of.says, { offramp: 'model' });
}

const OUTCOME = ['exit', 'label', 'confidence'] as const;
type Outcome = readonly [exit: string, label: string, confidence: string];

/** What comes from exit i of the plan on. @param done last stage that is there, whose output is `x`. */
function writeFrom(
  of: Exported,
  graph: GraphWriter,
  i: number,
  done: number,
  x: string,
  surest: Said | null,
): Outcome {
  const { plan } = of;
  const exit = plan.exits[i]!;
  const output = writeStages(of.network, graph, done + 1, exit.stage, x);
  const said = judgesAt(of, graph, exit, output, true);
  const best = plan.takesSurest ? surer(graph, surest, said) : said;
  if (i === plan.exits.length - 1) return here(graph, exit, best);
  const then = new GraphWriter(`leave_at_${exit.exit}`, graph);
  declare(then, here(then, exit, said), null);
  const onward = new GraphWriter(`on_from_${exit.exit}`, graph);
  declare(onward, writeFrom(of, onward, i + 1, exit.stage, output, best), null);
  const leaves = writeRule(graph, plan, exit, said);
  const names = OUTCOME.map((name) => `${name}_${exit.exit}`);
  const [left, label, confidence] = graph.nodes('If', [leaves], names, {
    then_branch: { graph: then },
    else_branch: { graph: onward },
  });
  return [left!, label!, confidence!];
}

/** What leaves at an exit, given by nodes of this graph, as the outputs of a branch must be. */
function here(graph: GraphWriter, { exit }: PlannedExit, { label, confidences }: Said): Outcome {
  const own = (name: string, as: string) =>
    graph.makes(name) ? name : graph.node('Identity', [name], as);
  return [
    own(graph.ints('index', [exit]), 'exit'),
    own(label(graph), 'label'),
    own(confidences[0]!, 'confidence'),
  ];
}

function declare(graph: GraphWriter, outcome: Outcome, names: readonly string[] | null): void {
  const types = ['int64', 'int64', 'float'] as const;
  outcome.forEach((from, o) => {
    graph.output(from, types[o]!, [1], names?.[o]);
  });
}

/** The surer of two, the earlier one where they are equally sure. */
function surer(graph: GraphWriter, before: Said | null, now: Said): Said {
  if (!before) return now;
  const [old, own] = [before.confidences[0]!, now.confidences[0]!];
  const isNew = graph.node('Greater', [own, old], 'isSurer');
  const labels = [now.label(graph), before.label(graph)];
  const label = graph.node('Where', [isNew, ...labels], 'surestLabel');
  return {
    label: () => label,
    confidences: [graph.node('Where', [isNew, own, old], 'surest')],
  };
}

const COMPARES = { '>': 'Greater', '≥': 'GreaterOrEqual', '<': 'Less' } as const;

/** Whether an image leaves: bool [1]. */
function writeRule(graph: GraphWriter, plan: Plan, exit: PlannedExit, said: Said): string {
  const compares = COMPARES[sense(plan.rule).symbol as keyof typeof COMPARES];
  const met = exit.thresholds.map((of, j) => {
    let threshold = graph.floats(`thresholds_${exit.exit}`, of, [of.length]);
    if (of.length > 1)
      threshold = graph.node('Gather', [threshold, said.label(graph)], 'threshold');
    return graph.node(compares, [said.confidences[j]!, threshold], 'leaves');
  });
  return met.reduce((all, one) =>
    graph.node(isAnyEnough(exit.agree) ? 'Or' : 'And', [all, one], 'leaves'),
  );
}

/** Stages first…last on x. @returns the name of the last one's output. */
function writeStages(
  { stages }: CutNetwork,
  graph: GraphWriter,
  first: number,
  last: number,
  x: string,
): string {
  let output = x;
  for (const stage of stages.slice(first, last + 1)) {
    const values = new Map([[stage.first, output]]);
    writeOps(graph, stage.ops, values);
    output = values.get(stage.last)!;
  }
  return output;
}

function judgesAt(
  of: Exported,
  graph: GraphWriter,
  exit: PlannedExit,
  output: string,
  isSingle: boolean,
): Said {
  const { stages, scores, order, branches } = of.network;
  const { shape } = stages[exit.stage]!;
  const isLast = exit.stage === stages.length - 1;
  const own = isLast ? orderedLogits(graph, output, scores, order) : output;
  const size = order && isLast ? [order.length] : shape;
  let logits: string | null = null;
  const writeLogits = (): string => {
    if (isLast) return own;
    const [branch] = exit.judges.flatMap((judge) =>
      judge.kind === 'logits' && judge.logits.from === 'branch' ? [judge.logits.branch] : [],
    );
    const writtenBranch = writeBranch(graph, branches[branch!]!, output);
    return orderedLogits(graph, writtenBranch, branches[branch!]!.scores, order);
  };
  return writeJudges(exit, {
    graph,
    output: own,
    shape: size,
    isSingle,
    logits: () => (logits ??= writeLogits()),
  });
}

function writeBranch(graph: GraphWriter, branch: Branch, output: string): string {
  const values = new Map([[branch.first, output]]);
  writeOps(graph, branch.ops, values);
  const name = values.get(branch.last)!;
  const { shape } = branch.ops.at(-1)!;
  return reshaped(graph, name, shape, branch.shape, 'branch');
}

/** A model of its own for what lies between two exits. */
export interface StageModel {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * One model an open exit, for any number of images: `image` or `input` → `output`, which the next one takes, `label`
 * int64 [N] and `confidence` float [N, judges]. What holds confidences against thresholds is whoever runs them.
 */
export function stagedModels(of: Exported): StageModel[] {
  const { plan, network } = of;
  return plan.exits.map((exit, i) => {
    const graph = new GraphWriter(`to_exit_${exit.exit}`, null, STAGE);
    const done = i === 0 ? -1 : plan.exits[i - 1]!.stage;
    const isLast = i === plan.exits.length - 1;
    const x =
      i === 0
        ? writePreprocessing(
            graph,
            graph.input('image', 'uint8', ['N', ...of.shape]),
            of.shape,
            of.card.input,
          )
        : graph.input('input', 'float', sizesOf(network.stages[done]!.shape));
    const output = writeStages(network, graph, done + 1, exit.stage, x);
    const { label, confidences } = judgesAt(of, graph, exit, output, false);
    const columns = confidences.map((confidence) =>
      graph.node('Unsqueeze', [confidence, graph.ints('one', [1])], 'column'),
    );
    if (!isLast) {
      const { shape } = network.stages[exit.stage]!;
      graph.output(output, 'float', sizesOf(shape), 'output');
    }
    graph.output(label(graph), 'int64', ['N'], 'label');
    const joined = graph.node('Concat', columns, 'confidence', { axis: { int: 1 } });
    graph.output(joined, 'float', ['N', columns.length], 'confidence');
    return { name: stageName(exit), bytes: onnxFile(graph, of.says, { offramp: 'stage' }) };
  });
}

const STAGE = ['output', 'label', 'confidence'] as const;

export const stageName = ({ exit, name }: Pick<PlannedExit, 'exit' | 'name'>): string =>
  `staged/${`${exit}`.padStart(2, '0')}-${name.replace(/[^\w.-]/g, '_')}.onnx`;

/** The network alone, without exits, fed and named as `wholeModel` is: what an export is held against. */
export function plainModel(of: Omit<Exported, 'plan'>): Uint8Array<ArrayBuffer> {
  const graph = new GraphWriter('network', null, ['label']);
  const image = graph.input('image', 'uint8', ['N', ...of.shape]);
  const fed = writePreprocessing(graph, image, of.shape, of.card.input);
  const { stages, scores, order } = of.network;
  const output = writeStages(of.network, graph, 0, stages.length - 1, fed);
  const logits = orderedLogits(graph, output, scores, order);
  const label = graph.node('ArgMax', [logits], 'label', { axis: { int: 1 }, keepdims: { int: 0 } });
  graph.output(label, 'int64', ['N'], 'label');
  return onnxFile(graph, of.says, { offramp: 'network' });
}
