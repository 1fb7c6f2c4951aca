/** NetworkFiles → a tfjs layers model on the current backend. */
import { serialization, type io } from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import type { NetworkFiles } from './files.ts';
import './layers/index.ts';
import { layersOf } from './topology.ts';

/**
 * Builds the layers and gives them their weights.
 * @throws Error with a sentence when tfjs cannot read the topology.
 */
export async function layersModel(files: NetworkFiles): Promise<LayersModel> {
  checkClasses(files);
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
    const said = error instanceof Error ? error.message : String(error);
    // What follows is for who writes code.
    const why = said.split(/\n| This may be due/)[0]!;
    throw new Error(
      `The network ${files.card.id} cannot be made of its layers and weights: ${why.replace(/\.$/, '')}. The files are ` +
        'damaged or belong to different networks, or a layer is not of Keras.',
      { cause: error },
    );
  }
}

/** @throws Error with a sentence that names the first layer of a class that is not known. */
function checkClasses({ topology, card }: NetworkFiles): void {
  const { classNameMap } = serialization.SerializationMap.getMap();
  const strange = layersOf(topology, card.id).layers.find(
    ({ class_name }) => !(class_name in classNameMap),
  );
  if (strange)
    throw new Error(
      `The layer ${strange.name} of ${card.id} is of the class ${strange.class_name}, which is not known here. ` +
        'Replace it with standard layers of Keras before exporting.',
    );
}
