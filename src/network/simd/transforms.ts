/** The additions of a bilinear algorithm as routines, on blocks of eight images ([pixel][channel][8]). */
import * as a from './assembler.ts';
import type { Code, Routine } from './assembler.ts';
import type { Algorithm } from './bilinear.ts';
import { finished, finishName, type Finish } from './finish.ts';

/** Numbers 0 … count − 1. */
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

const locals = <Name extends string>(names: readonly Name[], type: a.ValueType) =>
  Object.fromEntries(names.map((name) => [name, type])) as Record<Name, a.ValueType>;

/** Σ factor·value, beginning with one that is added where there is one. */
function combination(factors: readonly number[], values: readonly Code[]): Code {
  const terms = factors
    .map((factor, i) => ({ factor, value: values[i]! }))
    .filter(({ factor }) => factor !== 0)
    .sort((p, q) => Number(q.factor === 1) - Number(p.factor === 1) || q.factor - p.factor);
  const scaled = (factor: number, value: Code) =>
    factor === 1 ? value : a.mul(value, a.constant(factor));
  const [first, ...rest] = terms as [(typeof terms)[number], ...typeof terms];
  return rest.reduce(
    (sum, { factor, value }) =>
      factor < 0 ? a.sub(sum, scaled(-factor, value)) : a.add(sum, scaled(factor, value)),
    scaled(first.factor, first.value),
  );
}

/** Names of the numbers of a square. */
const square = (prefix: string, side: number) => upTo(side * side).map((i) => `${prefix}${i}`);

/**
 * Tiles of the input → products' left factors. `table` has a tile's pixels as places in the input block, in bytes;
 * negative ones are outside of the map and read at `zeros`. Product t of a tile is `step` bytes after product t − 1.
 */
export function transformInput({ name, input }: Algorithm): Routine {
  const side = input[0]!.length;
  const products = input.length;
  const places = square('place', side);
  const columns = upTo(side).map((i) => `column${i}`);
  const half = upTo(products * side).map((i) => `half${i}`);
  return a.routine(
    `input${name}`,
    ['x', 'v', 'table', 'tiles', 'blocks', 'xBlock', 'vectors', 'step', 'zeros'],
    {
      ...locals(['b', 'k', 'c', 't', 'to'], 'i32'),
      ...locals(places, 'i32'),
      ...locals([...columns, ...half], 'v128'),
    },
    (at: Readonly<Record<string, number>>) => {
      const get = (local: string) => a.get(at[local]!);
      const set = (local: string, value: Code) => a.set(at[local]!, value);
      const vector = a.join(
        ...upTo(side).flatMap((column) => [
          ...upTo(side).map((row) => set(columns[row]!, a.load(get(places[row * side + column]!)))),
          ...upTo(products).map((t) =>
            set(half[t * side + column]!, combination(input[t]!, columns.map(get))),
          ),
        ]),
        set('to', get('v')),
        ...upTo(products).flatMap((row) =>
          upTo(products).map((column) => {
            const values = upTo(side).map((i) => get(half[row * side + i]!));
            return a.join(
              a.store(get('to'), combination(input[column]!, values)),
              a.advance(at.to!, get('step')),
            );
          }),
        ),
        ...places.map((place) => a.advance(at[place]!, a.int(16))),
        a.advance(at.v!, a.int(16)),
      );
      const tile = a.join(
        ...places.map((place, i) => {
          const offset = a.loadInt(get('t'), 4 * i);
          return set(place, a.ifNegative(offset, get('zeros'), a.plus(get('x'), offset)));
        }),
        a.advance(at.t!, a.int(4 * side * side)),
        set('c', get('vectors')),
        a.repeat(at.c!, vector),
      );
      const block = a.join(
        set('t', get('table')),
        set('k', get('tiles')),
        a.repeat(at.k!, tile),
        a.advance(at.x!, get('xBlock')),
      );
      return a.join(set('b', get('blocks')), a.repeat(at.b!, block));
    },
  );
}

/**
 * Products → tiles of the output, with the bias ([channel][8]) and all that finishes a convolution. `table` has a
 * tile's output pixels as places in the output block, in bytes; `delta` leads from there to the residual.
 */
export function transformOutput({ name, output }: Algorithm, finish: Finish): Routine {
  const side = output.length;
  const products = output[0]!.length;
  const places = square('place', side);
  const columns = upTo(products).map((i) => `column${i}`);
  const half = upTo(side * products).map((i) => `half${i}`);
  return a.routine(
    `output${name}${finishName(finish)}`,
    ['m', 'y', 'delta', 'bias', 'table', 'tiles', 'blocks', 'yBlock', 'vectors', 'step'],
    {
      ...locals(['b', 'k', 'c', 't', 'from', 'o'], 'i32'),
      ...locals(places, 'i32'),
      ...locals([...columns, ...half], 'v128'),
    },
    (at: Readonly<Record<string, number>>) => {
      const get = (local: string) => a.get(at[local]!);
      const set = (local: string, value: Code) => a.set(at[local]!, value);
      const bias = a.load(get('o'));
      const vector = a.join(
        set('from', get('m')),
        // A row of products at a time: half[i][row] is what the row gives to output column i.
        ...upTo(products).flatMap((row) => [
          ...columns.flatMap((column) => [
            set(column, a.load(get('from'))),
            a.advance(at.from!, get('step')),
          ]),
          ...upTo(side).map((i) =>
            set(half[i * products + row]!, combination(output[i]!, columns.map(get))),
          ),
        ]),
        ...upTo(side).flatMap((row) =>
          upTo(side).map((column) => {
            const values = upTo(products).map((i) => get(half[column * products + i]!));
            const sum = a.add(combination(output[row]!, values), bias);
            const place = get(places[row * side + column]!);
            const residual = a.load(a.plus(place, get('delta')));
            return a.store(place, finished(finish, sum, residual));
          }),
        ),
        ...places.map((place) => a.advance(at[place]!, a.int(16))),
        a.advance(at.m!, a.int(16)),
        a.advance(at.o!, a.int(16)),
      );
      const tile = a.join(
        ...places.map((place, i) => set(place, a.plus(get('y'), a.loadInt(get('t'), 4 * i)))),
        a.advance(at.t!, a.int(4 * side * side)),
        set('o', get('bias')),
        set('c', get('vectors')),
        a.repeat(at.c!, vector),
      );
      const block = a.join(
        set('t', get('table')),
        set('k', get('tiles')),
        a.repeat(at.k!, tile),
        a.advance(at.y!, get('yBlock')),
      );
      return a.join(set('b', get('blocks')), a.repeat(at.b!, block));
    },
  );
}
