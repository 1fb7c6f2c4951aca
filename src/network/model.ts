/** NetworkFiles → a tfjs layers model on the current backend. */
import type { io } from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import type { NetworkFiles } from './files.ts';

/**
 * Builds the layers and gives them their weights.
 * @throws Error with a sentence when tfjs cannot read the topology.
 */
export async function layersModel(files: NetworkFiles): Promise<LayersModel> {
  const handler: io.IOHandler = {
    load: () =>
      Promise.resolve({
        modelTopology: files.topology,
        weightSpecs: files.weights as unknown as io.WeightsManifestEntry[],
        weightData: files.data,
      }),
  };
  try {
    return await loadLayersModel(handler);
  } catch (error) {
    throw new Error(
      `The network ${files.card.id} cannot be read as a tfjs layers model (Keras 2 fields): ${String(error)}`,
      { cause: error },
    );
  }
}
