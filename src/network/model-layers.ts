/** A tfjs layers model as the calls of its layers. */
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Call, Layer, Layered, LayerWeights } from './graph.ts';

/**
 * The model's layers; whoever frees them has taken the model over.
 * @throws Error with a sentence when the model has not exactly one input, or no fixed sizes.
 */
export function layersIn(model: LayersModel): Layered {
  return {
    outputs: callsOf(model),
    parameters: model.countParams(),
    freeAllBut: (layers) => {
      const needed = new Set(layers.flatMap(({ weights }) => weights));
      for (const weight of model.weights) if (!needed.has(weight)) weight.dispose();
      return () => {
        for (const weight of needed) weight.dispose();
      };
    },
  };
}

/** @throws Error with a sentence when the model has not exactly one input, or no fixed sizes. */
export function callsOf(model: LayersModel): Call[] {
  if (model.inputs.length !== 1)
    throw new Error(
      `The network has ${model.inputs.length} inputs (${model.inputNames.join(', ')}); expected exactly one.`,
    );
  const known = new Map<string, Call>();
  const visit = (tensor: SymbolicTensor): Call => {
    const { sourceLayer: layer, nodeIndex } = tensor;
    const key = `${layer.name} ${nodeIndex}`;
    const before = known.get(key);
    if (before) return before;
    const { inputTensors, outputTensors } = layer.inboundNodes[nodeIndex]!;
    if (outputTensors.length !== 1)
      throw new Error(
        `Layer ${layer.name} gives ${outputTensors.length} tensors; expected one a layer.`,
      );
    const kind = layer.getClassName();
    const call: Call = {
      key,
      node: {
        name: layer.name,
        kind,
        layer,
        weights: weightsOf(layer),
        config: layer.getConfig(),
        shape: fixedShape(layer.name, tensor.shape),
      },
      takes: kind === 'InputLayer' ? [] : inputTensors.map(visit),
    };
    known.set(key, call);
    return call;
  };
  return model.outputs.map(visit);
}

function weightsOf({ weights }: Layer): LayerWeights {
  const byRole = new Map(
    weights.map((weight) => [weight.originalName.split('/').at(-1)!, weight] as const),
  );
  return {
    roles: [...byRole.keys()],
    shape: (role) => byRole.get(role)?.read().shape ?? null,
    values: (role) =>
      (byRole.get(role)?.read().data() as Promise<Float32Array> | undefined) ?? null,
  };
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
