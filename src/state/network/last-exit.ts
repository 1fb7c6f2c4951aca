/** Who labels at the last exit, where a network may know other classes than the images have. */
import { catalogue, isDatasetId } from '../../data/catalogue.ts';
import { matchClasses } from '../../network/classes.ts';
import type { CatalogueNetwork } from '../../network/catalogue.ts';
import { useOwn } from './own.ts';

/** Names of a network's outputs; none where it says none. */
function classesOf({ id, dataset }: CatalogueNetwork): readonly string[] {
  const own = useOwn.getState().networks.get(id);
  if (own) return own.files.card.classes;
  return isDatasetId(dataset) ? catalogue[dataset].classes : [];
}

/** Whether every class of the images is an output by its name. */
export function areAmong(outputs: readonly string[], classes: readonly string[]): boolean {
  const { outputs: places, sentence } = matchClasses(outputs, classes);
  return places !== null || (outputs.length === classes.length && sentence === null);
}

/** Whether a network tells the classes of the images apart, by their names. */
export const knows = (network: CatalogueNetwork, classes: readonly string[]): boolean =>
  areAmong(classesOf(network), classes);

/** The network's own output where it knows the classes, else the nearest class mean there too. */
export function lastExitOn(network: CatalogueNetwork, classes: readonly string[]) {
  return knows(network, classes)
    ? ({ lastExit: 'network' } as const)
    : ({ method: 'e2cm', lastExit: 'nearest-mean' } as const);
}
