/** A layers model as a directed acyclic graph of layer calls, in an order in which they can be run. */
import type { layers, LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';

export type Layer = layers.Layer;

/** One call of a layer. */
export interface GraphNode {
  /** Name of the layer. */
  readonly name: string;
  /** Keras class: "Conv2D", "Add", … */
  readonly kind: string;
  readonly layer: Layer;
  /** The layer's configuration with tfjs's own field names (camel case). */
  readonly config: Readonly<Record<string, unknown>>;
  /** Indices of the nodes whose outputs this one takes, in order. */
  readonly inputs: readonly number[];
  /** Shape of the output without the batch dimension. */
  readonly shape: readonly number[];
}

/** Nodes in topological order: the first is the input, the last is the output. */
export type Graph = readonly GraphNode[];

/**
 * The nodes on which the model's output depends.
 * @throws Error with a sentence when the model has not exactly one input and one output, or no fixed sizes.
 */
export function graphOf(model: LayersModel): Graph {
  if (model.inputs.length !== 1)
    throw new Error(
      `The network has ${model.inputs.length} inputs (${model.inputNames.join(', ')}); expected exactly one.`,
    );
  if (model.outputs.length !== 1)
    throw new Error(
      `The network has ${model.outputs.length} outputs (${model.outputNames.join(', ')}); ` +
        'expected exactly one: exits are found here, not declared in the file.',
    );
  const nodes: GraphNode[] = [];
  const indexOf = new Map<string, number>();

  const visit = (tensor: SymbolicTensor): number => {
    const { sourceLayer: layer, nodeIndex } = tensor;
    const key = `${layer.name} ${nodeIndex}`;
    const known = indexOf.get(key);
    if (known !== undefined) return known;
    const call = layer.inboundNodes[nodeIndex]!;
    if (call.outputTensors.length !== 1)
      throw new Error(
        `Layer ${layer.name} gives ${call.outputTensors.length} tensors; expected one a layer.`,
      );
    const isInput = layer.getClassName() === 'InputLayer';
    const inputs = isInput ? [] : call.inputTensors.map(visit);
    nodes.push({
      name: layer.name,
      kind: layer.getClassName(),
      layer,
      config: layer.getConfig(),
      inputs,
      shape: fixedShape(layer.name, tensor.shape),
    });
    indexOf.set(key, nodes.length - 1);
    return nodes.length - 1;
  };

  visit(model.outputs[0]!);
  return nodes;
}

function fixedShape(name: string, shape: readonly (number | null)[]): number[] {
  return shape.slice(1).map((size) => {
    if (size === null)
      throw new Error(
        `Layer ${name} has the open shape [${shape.join(', ')}]; expected fixed sizes after the batch. ` +
          "Give the network's input a fixed height and width.",
      );
    return size;
  });
}

/** For every node, the indices of the nodes that take its output. */
export function consumersOf(graph: Graph): number[][] {
  const consumers: number[][] = graph.map(() => []);
  graph.forEach((node, i) => {
    for (const input of node.inputs) consumers[input]!.push(i);
  });
  return consumers;
}
