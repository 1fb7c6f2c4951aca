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
  'Dense',
]);
const CONVOLUTIONS = new Set(['Conv1D', 'Conv2D', 'SeparableConv2D']);
/** Layers that finish what stands before them: an exit sits after, not before, them. */
const TRAILING = new Set(
  ['Activation', 'ReLU', 'LeakyReLU', 'PReLU', 'ELU', 'ThresholdedReLU', 'Softmax'].concat([
    'BatchNormalization',
    'LayerNormalization',
    'Dropout',
    'SpatialDropout2D',
    'GaussianNoise',
    'GaussianDropout',
  ]),
);

interface Segment {
  readonly first: number;
  readonly last: number;
}

/** Stages of a graph whose first node is the input and whose last is the output. Every stage ends at an exit. */
export function findStages(graph: readonly StageNode[]): StageRange[] {
  const segments = findSegments(graph);
  const nodesOf = ({ first, last }: Segment) => graph.slice(first, last + 1);
  const merges = segments.map((segment) => nodesOf(segment).some((node) => node.inputs.length > 1));
  const weighted = segments.map((segment) =>
    nodesOf(segment).some((node) => WEIGHTED.has(node.kind)),
  );
  const stem = segments.findIndex((segment) =>
    nodesOf(segment).some((node) => CONVOLUTIONS.has(node.kind)),
  );
  const blocks = merges.includes(true);
  const stages: StageRange[] = [];
  let first = 1;
  segments.forEach((segment, s) => {
    if (!(blocks ? merges[s] || s === stem : weighted[s])) return;
    let end = s;
    while (end + 1 < segments.length && isTrailing(nodesOf(segments[end + 1]!))) end++;
    const { last } = segments[end]!;
    stages.push({ name: segmentName(nodesOf(segment)), first, last });
    first = last + 1;
  });
  const end = graph.length - 1;
  const restWeighs = segments.some((segment, s) => segment.first >= first && weighted[s]);
  if (stages.length > 0 && !restWeighs) stages.push({ ...stages.pop()!, last: end });
  else stages.push({ name: 'classifier', first, last: end });
  return distinctNames(
    stages.map((stage) => (stage.last === end ? { ...stage, name: 'classifier' } : stage)),
  );
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

function isTrailing(nodes: readonly StageNode[]): boolean {
  return nodes.length === 1 && TRAILING.has(nodes[0]!.kind);
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
