/**
 * What a method learnt, as two files: NAME.json with what it is and which network it belongs to, NAME.bin with its
 * arrays, little-endian at byte offsets. Read files are untrusted: every field is checked before it is used.
 */
import { list, number, record, show, text, whole } from '../../core/read.ts';
import type { Arrays } from '../contract/arrays.ts';
import type { SavedMethod } from '../contract/saved.ts';
import type { NetworkSummary } from '../../network/network.ts';

const METHOD_FORMAT = 'offramp-method/1';

type Options = Readonly<Record<string, string | number | boolean>>;

const BYTES = { uint8: 1, uint16: 2, uint32: 4, float32: 4, float64: 8 } as const;
type Dtype = keyof typeof BYTES;
const MAKE = {
  uint8: (bytes: ArrayBuffer) => new Uint8Array(bytes),
  uint16: (bytes: ArrayBuffer) => new Uint16Array(bytes),
  uint32: (bytes: ArrayBuffer) => new Uint32Array(bytes),
  float32: (bytes: ArrayBuffer) => new Float32Array(bytes),
  float64: (bytes: ArrayBuffer) => new Float64Array(bytes),
} as const;

function dtypeOf(array: Arrays[string]): Dtype {
  if (array instanceof Uint8Array) return 'uint8';
  if (array instanceof Uint16Array) return 'uint16';
  if (array instanceof Uint32Array) return 'uint32';
  return array instanceof Float32Array ? 'float32' : 'float64';
}

export interface SavedContent {
  readonly options: Options;
  /** Further numbers by name: images learnt from, epochs done. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly arrays: Arrays;
}

/** Every processor that runs this is little-endian, so arrays are copied as they lie. */
export function encodeMethod(
  method: string,
  network: NetworkSummary,
  classes: readonly string[],
  { options, numbers, arrays }: SavedContent,
): SavedMethod {
  const total = Object.values(arrays).reduce((sum, array) => sum + array.byteLength, 0);
  const bytes = new Uint8Array(total);
  let offset = 0;
  const entries = Object.entries(arrays).map(([name, array]) => {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    const entry = { dtype: dtypeOf(array), offset, length: array.length };
    offset += array.byteLength;
    return [name, entry] as const;
  });
  const header = {
    format: METHOD_FORMAT,
    method,
    network: identityOf(network),
    classes,
    options,
    numbers,
    arrays: Object.fromEntries(entries),
  };
  return { header, bytes };
}

/** What tells a network from another of the same name: its stages with their shapes and costs. */
function identityOf({ id, parameters, flops, stages }: NetworkSummary) {
  return {
    id,
    parameters,
    flops,
    stages: stages.map(({ name, shape }) => `${name} ${shape.join('×')}`),
  };
}

/**
 * Reads what a method saved.
 * @throws Error with a sentence when it belongs to another method, network or classes, or is damaged.
 */
export function decodeMethod(
  { header: json, bytes }: SavedMethod,
  method: string,
  network: NetworkSummary,
  classes: readonly string[],
): SavedContent {
  const header = record(json, 'the header of the saved method');
  if (header.format !== METHOD_FORMAT)
    throw new Error(
      `The file has the format ${show(header.format)}; a saved method has "${METHOD_FORMAT}".`,
    );
  if (header.method !== method)
    throw new Error(`The file holds a fitted ${show(header.method)}; expected "${method}".`);
  checkNetwork(record(header.network, 'network'), network);
  const saved = list(header.classes, 'classes').map((name, k) => text(name, `classes[${k}]`));
  if (saved.join('\n') !== classes.join('\n'))
    throw new Error(
      `The method was fitted to the classes ${saved.slice(0, 4).join(', ')}${saved.length > 4 ? ', …' : ''} ` +
        `(${saved.length}); these images have ${classes.slice(0, 4).join(', ')}${classes.length > 4 ? ', …' : ''} (${classes.length}).`,
    );
  const options = record(header.options, 'options');
  for (const [name, option] of Object.entries(options))
    if (!['string', 'number', 'boolean'].includes(typeof option))
      throw new Error(`options.${name} is ${show(option)}; expected text, number or yes/no.`);
  const numbers = record(header.numbers, 'numbers');
  for (const [name, value] of Object.entries(numbers)) number(value, `numbers.${name}`);
  const arrays = Object.entries(record(header.arrays, 'arrays')).map(
    ([name, entry]) => [name, readArray(entry, `arrays.${name}`, bytes)] as const,
  );
  return {
    options: options as Options,
    numbers: numbers as Readonly<Record<string, number>>,
    arrays: Object.fromEntries(arrays),
  };
}

function checkNetwork(saved: Record<string, unknown>, network: NetworkSummary): void {
  const mine = identityOf(network);
  if (saved.id !== mine.id)
    throw new Error(
      `The method was fitted to the network ${show(saved.id)}; "${mine.id}" is loaded. Load that network, or fit again.`,
    );
  const { parameters, flops, stages } = mine;
  const others = [saved.parameters, saved.flops, saved.stages];
  if (JSON.stringify(others) !== JSON.stringify([parameters, flops, stages]))
    throw new Error(
      `The method was fitted to another version of the network ${mine.id}: its stages or sizes differ. Fit again.`,
    );
}

function readArray(value: unknown, field: string, bytes: Uint8Array): Arrays[string] {
  const entry = record(value, field);
  const { dtype } = entry;
  if (typeof dtype !== 'string' || !Object.hasOwn(BYTES, dtype))
    throw new Error(`${field}.dtype is ${show(dtype)}; expected ${Object.keys(BYTES).join(', ')}.`);
  const offset = whole(entry.offset, `${field}.offset`);
  const size = whole(entry.length, `${field}.length`) * BYTES[dtype as Dtype];
  if (offset + size > bytes.byteLength)
    throw new Error(
      `The array ${field} ends at byte ${offset + size}, but the file has only ${bytes.byteLength}. ` +
        'It is truncated or belongs to another header.',
    );
  return MAKE[dtype as Dtype](bytes.slice(offset, offset + size).buffer);
}

/**
 * One array of a saved method.
 * @throws Error with a sentence when it is missing, of another kind or length, or holds what is not a number.
 */
export function savedArray<Kind extends Arrays[string]>(
  arrays: Arrays,
  name: string,
  kind: new (length: number) => Kind,
  length: number,
): Kind {
  const array = arrays[name];
  if (!array) throw new Error(`The saved method has no array ${name}.`);
  if (!(array instanceof kind))
    throw new Error(`The array ${name} holds ${dtypeOf(array)} numbers, not those expected.`);
  if (array.length !== length)
    throw new Error(`The array ${name} has ${array.length} entries; expected ${length}.`);
  if (!array.every((value) => Number.isFinite(value)))
    throw new Error(`The array ${name} holds entries that are not numbers.`);
  return array;
}
