/** A network's layers as a directed acyclic graph of layer calls, in an order in which they can be run. */
import type { layers } from '@tensorflow/tfjs-layers';
import { nodeFlops } from './cost.ts';

/** A layer of tfjs. */
export type Layer = layers.Layer;

/** The weights of a layer by their roles: "kernel", "bias", "gamma", … */
export interface LayerWeights {
  readonly roles: readonly string[];
  /** Null where the layer has none of that role. */
  shape(role: string): readonly number[] | null;
  /** They may be the backend's own memory: copy what is to stay. */
  values(role: string): Promise<Float32Array> | null;
}

/** One call of a layer. */
export interface GraphNode {
  /** Name of the layer. */
  readonly name: string;
  /** Keras class: "Conv2D", "Add", … */
  readonly kind: string;
  readonly weights: LayerWeights;
  /** What tfjs runs where nothing here does; null where the layers were read without tfjs. */
  readonly layer: Layer | null;
  /** The layer's configuration with tfjs's own field names (camel case). */
  readonly config: Readonly<Record<string, unknown>>;
  /** Indices of the nodes whose outputs this one takes, in order. */
  readonly inputs: readonly number[];
  /** Shape of the output without the batch dimension. */
  readonly shape: readonly number[];
}

/** Nodes in topological order: the first is the input, the last is the output. */
export type Graph = readonly GraphNode[];

/** A node with what it takes, as the model or the file has them: all that `graphOf` needs. */
export interface Call {
  /** The same for the same call. */
  readonly key: string;
  readonly node: Omit<GraphNode, 'inputs'>;
  readonly takes: readonly Call[];
}

/** A network's layers before they are folded. */
export interface Layered {
  /** The calls that give its outputs, in the order of the file. */
  readonly outputs: readonly Call[];
  /** Numbers in all of its weights. */
  readonly parameters: number;
  /** Frees the weights of all layers but these, for good; what it gives frees the rest. */
  readonly freeAllBut: (layers: readonly Layer[]) => () => void;
}

/**
 * The nodes on which the network's own output depends: with several outputs the deepest, whatever their order in the
 * file; the others are branches (see `branchesOf`).
 */
export const graphOf = (outputs: readonly Call[]): Graph => mainOf(outputs).graph;

/** An output beside the network's own: layers of its own on one layer's output. */
export interface Branch {
  /** "branch1" for layers branch1.conv1 … branch1.fc, else the output layer's name. */
  readonly name: string;
  /** Node of the network whose output the branch takes. */
  readonly at: number;
  /** The branch's own layers; node 0 stands for that output. */
  readonly graph: Graph;
}

/**
 * The other outputs, by the place where they leave the network.
 * @param graph what `graphOf` gave for them.
 * @throws Error with a sentence when a branch takes more than one of the network's tensors.
 */
export function branchesOf(outputs: readonly Call[], graph: Graph): Branch[] {
  const { output, indexOf } = mainOf(outputs);
  const others = outputs.filter((_, o) => o !== output);
  const names = branchNames(others.map(({ node }) => node.name));
  const branches = others.map((call, b): Branch => {
    const name = names[b]!;
    const places = new Set<number>();
    const nodes: GraphNode[] = [];
    collect(call, new Map(), nodes, (key) => {
      const at = indexOf.get(key);
      if (at === undefined) return null;
      places.add(at);
      return { ...graph[at]!, kind: 'InputLayer', inputs: [] };
    });
    const [at] = places;
    if (places.size !== 1 || nodes.length < 2)
      throw new Error(
        `The output ${call.node.name} takes ${places.size} of the network's tensors; ` +
          'a branch hangs on exactly one and has layers of its own.',
      );
    return { name, at: at!, graph: nodes };
  });
  return branches.sort((a, b) => a.at - b.at);
}

/** What comes before the last mark where that tells the outputs apart, else their whole names. */
function branchNames(outputs: readonly string[]): string[] {
  const short = outputs.map((output) => {
    const cut = Math.max(...['.', '_', '/'].map((mark) => output.lastIndexOf(mark)));
    return cut > 0 ? output.slice(0, cut) : output;
  });
  if (new Set(short).size === short.length) return short;
  return outputs.map((output, at) => {
    const before = outputs.slice(0, at).filter((other) => other === output).length;
    return before === 0 ? output : `${output}#${before + 1}`;
  });
}

/** The deepest output, with its graph and the nodes' indices by their calls' keys: that behind most FLOPs, then most layers. */
function mainOf(outputs: readonly Call[]) {
  const all = outputs.map((call, output) => {
    const graph: GraphNode[] = [];
    const indexOf = new Map<string, number>();
    collect(call, indexOf, graph, () => null);
    const flops = graph.reduce((sum, _, i) => sum + nodeFlops(graph, i), 0);
    return { output, graph, indexOf, flops };
  });
  return all.reduce((best, one) =>
    one.flops > best.flops || (one.flops === best.flops && one.graph.length >= best.graph.length)
      ? one
      : best,
  );
}

/**
 * Adds the calls on which a call depends to `nodes`, in topological order, each once.
 * @param standIn a node to take instead of a call and all before it; null to go on.
 */
function collect(
  { key, node, takes }: Call,
  indexOf: Map<string, number>,
  nodes: GraphNode[],
  standIn: (key: string) => GraphNode | null,
): number {
  const known = indexOf.get(key);
  if (known !== undefined) return known;
  const other = standIn(key);
  const inputs = other ? [] : takes.map((input) => collect(input, indexOf, nodes, standIn));
  nodes.push(other ?? { ...node, inputs });
  indexOf.set(key, nodes.length - 1);
  return nodes.length - 1;
}

/** For every node, the indices of the nodes that take its output. */
export function consumersOf(graph: Graph): number[][] {
  const consumers: number[][] = graph.map(() => []);
  graph.forEach((node, i) => {
    for (const input of node.inputs) consumers[input]!.push(i);
  });
  return consumers;
}
