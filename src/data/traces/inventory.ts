/** The arrays of a file's content, flat and named. */
import { isDict, isList, NdArray, type Content } from '../arrays/array.ts';
import { shapeWords } from '../arrays/numbers.ts';
import { DataError } from '../errors.ts';
import type { Item } from './draft.ts';

/** An item with its numbers: one array, or several of one shape that stand for its first axis; or names. */
export interface Held extends Item {
  readonly file: string;
  /** Its name within the file; empty where the file is nothing else. */
  readonly path: readonly string[];
  readonly arrays: readonly NdArray[];
  readonly texts: readonly string[] | null;
}

/** Most arrays of a file that are offered to choose from: a checkpoint has thousands of weights. */
const MOST_ITEMS = 400;
const EXIT_KEY = /^(exit|layer|head|branch|ic|block|stage|classifier)?[ _.-]?\d+$/i;

/** @throws DataError with a sentence when there are more arrays than could be chosen from. */
export function inventory(file: string, content: Content): Held[] {
  const held: Held[] = [];
  const add = (
    path: readonly string[],
    shape: readonly number[],
    arrays: readonly NdArray[],
    texts: readonly string[] | null = null,
  ): void => {
    if (held.length >= MOST_ITEMS)
      throw new DataError(
        `${file} holds more than ${MOST_ITEMS} arrays, as a network’s weights do; save the logits, labels and costs alone.`,
      );
    const name = [file, ...path].join(' › ');
    const dtype = texts ? 'text' : (arrays[0]?.dtype ?? 'float64');
    held.push({ id: `${held.length}:${name}`, name, shape, dtype, file, path, arrays, texts });
  };
  const visit = (value: Content, path: readonly string[]): void => {
    if (value instanceof NdArray) add(path, value.shape, [value]);
    else if (isDict(value)) visitDict(value, path);
    else if (isList(value)) visitList(value, path);
  };
  const visitDict = (dict: ReadonlyMap<string, Content>, path: readonly string[]): void => {
    const keys = [...dict.keys()];
    const alike = keys.every((key) => EXIT_KEY.test(key)) ? stackable([...dict.values()]) : null;
    if (alike) add(path, [alike.length, ...alike[0]!.shape], alike);
    else for (const [key, inner] of dict) visit(inner, [...path, key]);
  };
  const visitList = (list: readonly Content[], path: readonly string[]): void => {
    const alike = stackable(list);
    if (alike) add(path, [alike.length, ...alike[0]!.shape], alike);
    else if (list.length > 0 && list.every((one) => typeof one === 'string'))
      add(path, [list.length], [], list as readonly string[]);
    else if (list.length > 0 && list.every(isSingle)) {
      const values = Float64Array.from(list, singleOf);
      add(path, [list.length], [new NdArray('float64', [list.length], () => values)]);
    } else list.forEach((one, n) => visit(one, [...path, `${n}`]));
  };
  visit(content, []);
  return held;
}

const isSingle = (value: Content): boolean =>
  typeof value === 'number' || (value instanceof NdArray && value.shape.length === 0);

const singleOf = (value: Content): number =>
  value instanceof NdArray ? value.values()[0]! : Number(value);

/** Arrays of one shape, of one axis or two; null where they are none such. */
function stackable(values: readonly Content[]): NdArray[] | null {
  const arrays = values.filter((value) => value instanceof NdArray);
  const [first] = arrays;
  if (!first || arrays.length !== values.length) return null;
  if (first.shape.length !== 1 && first.shape.length !== 2) return null;
  const shape = shapeWords(first.shape);
  return arrays.every((one) => shapeWords(one.shape) === shape) ? arrays : null;
}
