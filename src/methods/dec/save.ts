/** What DEC learnt as a file of a method: centres, normalisers and, where it was trained here, its network. */
import { list, record, text } from '../../core/read.ts';
import { readExits } from '../../core/trace-fields.ts';
import { savedArray, decodeMethod, encodeMethod, savedOption } from '../run/saved.ts';
import type { SavedMethod } from '../contract/saved.ts';
import type { NetworkSummary } from '../../network/network.ts';
import { networkArrays, readSavedNetwork } from '../branchynet/save.ts';
import type { DecFitted } from './decide.ts';
import { DEC_DEFAULTS, type DecOptions } from './options.ts';

export function saveDec(fitted: DecFitted, network: NetworkSummary): SavedMethod {
  const { classes, options, images, trainImages, dimensions, labelled } = fitted;
  return encodeMethod('dec', network, classes, {
    options: { ...options, labelled },
    numbers: { images, trainImages, dimensions },
    arrays: {
      ...{ present: fitted.present, centres: fitted.centres, normaliser: fitted.normaliser },
      exits: new TextEncoder().encode(JSON.stringify(fitted.exits)),
      ...networkArrays(fitted.network, fitted.exits),
    },
  });
}

/** @throws Error with a sentence when it was saved for another network or other classes, or is damaged. */
export function loadDec(
  saved: SavedMethod,
  network: NetworkSummary,
  classes: readonly string[],
): DecFitted {
  const names = placesIn(saved, classes);
  const { options, numbers, arrays } = decodeMethod(saved, 'dec', network, names);
  const own = readSavedNetwork(arrays);
  const exits = readExits(JSON.parse(new TextDecoder().decode(arrays.exits)), 'exits');
  const dimensions = numbers.dimensions ?? 0;
  const s = names.length;
  const read = <Value extends string | number | boolean>(name: keyof DecOptions, fallback: Value) =>
    savedOption(options, name, fallback);
  const labelled = read('labelled', true);
  return {
    classes: names,
    present: savedArray(arrays, 'present', Uint32Array, s),
    exits,
    dimensions,
    centres: savedArray(arrays, 'centres', Float32Array, exits.length * s * dimensions),
    normaliser: savedArray(arrays, 'normaliser', Float64Array, exits.length * s),
    network: own?.network ?? null,
    images: numbers.images ?? 0,
    trainImages: numbers.trainImages ?? 0,
    labelled,
    options: {
      trainImages: read('trainImages', DEC_DEFAULTS.trainImages),
      clusters: read('clusters', DEC_DEFAULTS.clusters),
      epochs: read('epochs', DEC_DEFAULTS.epochs),
      refineSteps: read('refineSteps', DEC_DEFAULTS.refineSteps),
      interval: read('interval', DEC_DEFAULTS.interval),
      batch: read('batch', DEC_DEFAULTS.batch),
      refineBatch: read('refineBatch', DEC_DEFAULTS.refineBatch),
      seed: read('seed', DEC_DEFAULTS.seed),
      labelled,
    },
  };
}

/** The file's places must begin with the classes at hand; clusters without a class may follow, or take their place. */
function placesIn({ header }: SavedMethod, classes: readonly string[]): readonly string[] {
  const { classes: saved, options } = record(header, 'the header of the saved method');
  const names = list(saved, 'classes').map((name, k) => text(name, `classes[${k}]`));
  const isLabelled = record(options, 'options').labelled !== false;
  const fits = classes.every((name, k) => names[k] === name);
  return isLabelled && !fits ? classes : names;
}
