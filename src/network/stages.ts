/**
 * Cuts a network wherever a single tensor is all that is passed on, and picks the default exits: the first
 * convolution, every residual block, the classifier (E2CM Fig. 1); without any merge, every convolution and
 * dense layer. A stage ends at an exit; layers between exits (a pool) belong to the stage after them.
 */
export interface StageNode {
  readonly name: string;
  readonly kind: string;
  readonly inputs: readonly number[];
}

/** Nodes first…last (both included) of a graph in topological order; the stage's output is that of `last`. */
export interface StageRange {
  readonly name: string;
  readonly first: number;
  readonly last: number;
}

const WEIGHTED = new Set([
  'Conv1D',
  'Conv2D',
  'DepthwiseConv2D',
  'SeparableConv2D',
  'Conv2DTranspose',
  'GroupedConv2D',
  'Dense',
]);
const CONVOLUTIONS = new Set(['Conv1D', 'Conv2D', 'GroupedConv2D', 'SeparableConv2D']);
/** Layers that finish what stands before them: an exit sits after, not before, them. */
const TRAILING = new Set(
  ['Activation', 'ReLU', 'LeakyReLU', 'PReLU', 'ELU', 'ThresholdedReLU', 'Softmax'].concat([
    'BatchNormalization',
    'LayerNormalization',
    'Dropout',
    'SpatialDropout2D',
    'GaussianNoise',
    'GaussianDropout',
    'Elementwise',
    'Arithmetic',
    'Gather',
  ]),
);

const GATES = new Set(['Multiply', 'Binary']);

interface Segment {
  readonly first: number;
  readonly last: number;
}

/**
 * Stages of a graph whose first node is the input and whose last is the output. Every stage ends at an exit.
 * @param taken nodes on which outputs of their own hang: a stage ends there, where a single tensor is passed on.
 */
export function findStages(
  graph: readonly StageNode[],
  taken: ReadonlySet<number> = new Set(),
): StageRange[] {
  const segments = findSegments(graph);
  const nodesOf = ({ first, last }: Segment) => graph.slice(first, last + 1);
  const merges = segments.map((segment) =>
    nodesOf(segment).some((node) => node.inputs.length > 1 && !isGate(graph, node)),
  );
  const weighted = segments.map((segment) =>
    nodesOf(segment).some((node) => WEIGHTED.has(node.kind)),
  );
  const stem = segments.findIndex((segment) =>
    nodesOf(segment).some((node) => CONVOLUTIONS.has(node.kind)),
  );
  const begins = weighted.indexOf(true);
  // What is put together before any layer has weights is still the image.
  const isBlock = (s: number): boolean => merges[s]! && s >= begins;
  const blocks = segments.some((_, s) => isBlock(s));
  const stages: StageRange[] = [];
  let first = 1;
  segments.forEach((segment, s) => {
    if (!(blocks ? isBlock(s) || s === stem : weighted[s])) return;
    let end = s;
    while (end + 1 < segments.length && isTrailing(graph, nodesOf(segments[end + 1]!))) end++;
    const { last } = segments[end]!;
    stages.push({ name: segmentName(nodesOf(segment)), first, last });
    first = last + 1;
  });
  const end = graph.length - 1;
  const restWeighs = segments.some((segment, s) => segment.first >= first && weighted[s]);
  if (stages.length > 0 && !restWeighs) stages.push({ ...stages.pop()!, last: end });
  else stages.push({ name: 'classifier', first, last: end });
  const named = stages.map((stage) =>
    stage.last === end ? { ...stage, name: 'classifier' } : stage,
  );
  return distinctNames(withEnds(named, graph, taken, segments));
}

/**
 * Stages that end where they must: what only shrinks a map after an exit goes to the stage before, else a stage is cut.
 */
function withEnds(
  stages: readonly StageRange[],
  graph: readonly StageNode[],
  taken: ReadonlySet<number>,
  segments: readonly Segment[],
): StageRange[] {
  const result = [...stages];
  for (const node of [...taken].sort((a, b) => a - b)) {
    const at = result.findIndex(({ first, last }) => node >= first && node < last);
    if (at < 0 || !segments.some(({ last }) => last === node)) continue;
    const { first, last, name } = result[at]!;
    const before = result[at - 1];
    const inside = graph.slice(first, node + 1);
    const isLight = inside.every(({ kind, inputs }) => !WEIGHTED.has(kind) && inputs.length < 2);
    if (before && isLight && !taken.has(before.last)) {
      result[at - 1] = { ...before, last: node };
      result[at] = { name, first: node + 1, last };
    } else
      result.splice(
        at,
        1,
        { name: segmentName(inside), first, last: node },
        { name, first: node + 1, last },
      );
  }
  return result;
}

/**
 * Whether a product is an activation: one factor is computed from the other alone, as in swish and in
 * squeeze-and-excitation. Two ways of the network that meet there are none.
 */
function isGate(graph: readonly StageNode[], { kind, inputs }: StageNode): boolean {
  if (!GATES.has(kind) || inputs.length !== 2) return false;
  const gated = Math.min(...inputs);
  const seen = new Set<number>([gated]);
  const waiting = [Math.max(...inputs)];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (seen.has(node)) continue;
    if (node < gated || graph[node]!.inputs.length === 0) return false;
    seen.add(node);
    waiting.push(...graph[node]!.inputs);
  }
  return true;
}

/**
 * The runs of nodes between articulation points. In a topological order, a single tensor is passed on after
 * node i iff no node before i is used after i.
 */
function findSegments(graph: readonly StageNode[]): Segment[] {
  const lastUse = new Array<number>(graph.length).fill(0);
  graph.forEach((node, i) => {
    for (const input of node.inputs) lastUse[input] = i;
  });
  const segments: Segment[] = [];
  let first = 1;
  let open = lastUse[0]!;
  for (let i = 1; i < graph.length; i++) {
    if (open <= i) {
      segments.push({ first, last: i });
      first = i + 1;
    }
    open = Math.max(open, lastUse[i]!);
  }
  return segments;
}

function isTrailing(graph: readonly StageNode[], nodes: readonly StageNode[]): boolean {
  return nodes.every((node) => TRAILING.has(node.kind) || isGate(graph, node));
}

/** "layer1.0" for layer1.0.conv1 … layer1.0.add; else the first convolution's or dense layer's name. */
function segmentName(nodes: readonly StageNode[]): string {
  const [head, ...others] = nodes.map((node) => node.name);
  if (others.length > 0) {
    let length = head!.length;
    for (const name of others) {
      let same = 0;
      while (same < length && name[same] === head![same]) same++;
      length = same;
    }
    const prefix = head!.slice(0, length);
    const cut = Math.max(...['.', '_', '/'].map((mark) => prefix.lastIndexOf(mark)));
    if (cut > 0) return prefix.slice(0, cut);
  }
  return (nodes.find((node) => WEIGHTED.has(node.kind)) ?? nodes[0]!).name;
}

function distinctNames(stages: StageRange[]): StageRange[] {
  const seen = new Map<string, number>();
  return stages.map((stage) => {
    const times = (seen.get(stage.name) ?? 0) + 1;
    seen.set(stage.name, times);
    return times === 1 ? stage : { ...stage, name: `${stage.name}#${times}` };
  });
}
