/** What DEC learnt as a file of a method: centres, normalisers and, where it was trained here, its network. */
import { readOptions } from '../../core/options/schema.ts';
import { list, record, text } from '../../core/read.ts';
import { readExits } from '../../core/trace-fields.ts';
import { savedArray, decodeMethod, encodeMethod } from '../run/saved.ts';
import type { SavedMethod } from '../contract/saved.ts';
import type { NetworkSummary } from '../../network/network.ts';
import { networkArrays, readSavedNetwork } from '../parts/branches/save.ts';
import type { DecFitted } from './decide.ts';
import { DEC_OPTIONS } from './options.ts';

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
  const { options: read, numbers, arrays } = decodeMethod(saved, 'dec', network, names);
  const own = readSavedNetwork(arrays);
  const exits = readExits(JSON.parse(new TextDecoder().decode(arrays.exits)), 'exits');
  const dimensions = numbers.dimensions ?? 0;
  const s = names.length;
  const options = readOptions(DEC_OPTIONS, read);
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
    labelled: options.labelled,
    options,
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
