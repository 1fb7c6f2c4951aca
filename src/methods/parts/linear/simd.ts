/** The arithmetic in WebAssembly SIMD; see `arithmetic.ts` for what each routine computes. */
import { BETA1, BETA2, EPSILON, type Arithmetic } from './arithmetic.ts';
import * as a from '../../../network/simd/assembler.ts';
import type { Code, Routine } from '../../../network/simd/assembler.ts';

/** Half to float: the sign-extended bits moved up by 13, the sign's copies cut away, the exponent put right. */
const half = (address: Code): Code =>
  a.mul(a.and(a.shiftLeft(a.load16x4(address), 13), a.words(0x8fffe000)), a.constant(2 ** 112));

const expand: Routine = {
  name: 'expand',
  parameters: ['i32', 'i32', 'i32'],
  locals: [],
  body: a.repeat(
    2,
    a.join(a.store(a.get(1), half(a.get(0))), a.advance(0, a.int(8)), a.advance(1, a.int(16))),
  ),
};

const [MAX, AVG, MIXED, DIFFERENCE, QUADS, ALPHA, DIFF_NOW, AVG_NOW] = [0, 1, 2, 3, 4, 5, 6, 7];
const mix: Routine = {
  name: 'mix',
  parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'f32'],
  locals: ['v128', 'v128'],
  body: a.repeat(
    QUADS,
    a.join(
      a.set(AVG_NOW, half(a.get(AVG))),
      a.set(DIFF_NOW, a.sub(half(a.get(MAX)), a.get(AVG_NOW))),
      a.store(a.get(DIFFERENCE), a.get(DIFF_NOW)),
      a.store(a.get(MIXED), a.add(a.get(AVG_NOW), a.mul(a.splat(a.get(ALPHA)), a.get(DIFF_NOW)))),
      a.advance(MAX, a.int(8)),
      a.advance(AVG, a.int(8)),
      a.advance(MIXED, a.int(16)),
      a.advance(DIFFERENCE, a.int(16)),
    ),
  ),
};

// Parameters of forward and backward: x rows 0…3, z rows 4…7, weights or gradient, its stride, count.
const ROWS = [0, 1, 2, 3];
const [Z, TABLE, STRIDE, COUNT] = [4, 8, 9, 10];
const FIRST = 11;

/** The classes of a row, `groups` registers wide: 4 rows of them in registers while the features go by. */
function forward(groups: number): Routine {
  const columns = Array.from({ length: groups }, (_, g) => g);
  const sum = (row: number, group: number) => FIRST + row * groups + group;
  const weight = (group: number) => FIRST + 4 * groups + group;
  const value = FIRST + 5 * groups;
  return {
    name: `forward${groups}`,
    parameters: new Array<'i32'>(11).fill('i32'),
    locals: new Array<'v128'>(5 * groups + 1).fill('v128'),
    body: a.join(
      a.repeat(
        COUNT,
        a.join(
          ...columns.map((g) => a.set(weight(g), a.load(a.get(TABLE), 16 * g))),
          ...ROWS.flatMap((row) => [
            a.set(value, a.loadSplat(a.get(row))),
            ...columns.map((g) =>
              a.set(sum(row, g), a.add(a.get(sum(row, g)), a.mul(a.get(value), a.get(weight(g))))),
            ),
            a.advance(row, a.int(4)),
          ]),
          a.advance(TABLE, a.get(STRIDE)),
        ),
      ),
      ...ROWS.flatMap((row) =>
        columns.map((g) => a.store(a.get(Z + row), a.get(sum(row, g)), 16 * g)),
      ),
    ),
  };
}

/** The gradient's rows go by while 4 rows of class values stay in registers. */
function backward(groups: number): Routine {
  const columns = Array.from({ length: groups }, (_, g) => g);
  const delta = (row: number, group: number) => FIRST + row * groups + group;
  const sum = (group: number) => FIRST + 4 * groups + group;
  const value = FIRST + 5 * groups;
  return {
    name: `backward${groups}`,
    parameters: new Array<'i32'>(11).fill('i32'),
    locals: new Array<'v128'>(5 * groups + 1).fill('v128'),
    body: a.join(
      ...ROWS.flatMap((row) =>
        columns.map((g) => a.set(delta(row, g), a.load(a.get(Z + row), 16 * g))),
      ),
      a.repeat(
        COUNT,
        a.join(
          ...columns.map((g) => a.set(sum(g), a.load(a.get(TABLE), 16 * g))),
          ...ROWS.flatMap((row) => [
            a.set(value, a.loadSplat(a.get(row))),
            ...columns.map((g) =>
              a.set(sum(g), a.add(a.get(sum(g)), a.mul(a.get(value), a.get(delta(row, g))))),
            ),
            a.advance(row, a.int(4)),
          ]),
          ...columns.map((g) => a.store(a.get(TABLE), a.get(sum(g)), 16 * g)),
          a.advance(TABLE, a.get(STRIDE)),
        ),
      ),
    ),
  };
}

const [W, M, V, G, N, RATE, SCALE, G_NOW, M_NOW, V_NOW] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const decayed = (address: number, beta: number, fresh: Code): Code =>
  a.add(a.mul(a.constant(beta), a.load(a.get(address))), a.mul(a.constant(1 - beta), fresh));
const adam: Routine = {
  name: 'adam',
  parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'f32', 'f32'],
  locals: ['v128', 'v128', 'v128'],
  body: a.repeat(
    N,
    a.join(
      a.set(G_NOW, a.load(a.get(G))),
      a.set(M_NOW, decayed(M, BETA1, a.get(G_NOW))),
      a.set(V_NOW, decayed(V, BETA2, a.mul(a.get(G_NOW), a.get(G_NOW)))),
      a.store(a.get(M), a.get(M_NOW)),
      a.store(a.get(V), a.get(V_NOW)),
      a.store(a.get(G), a.words(0)),
      a.store(
        a.get(W),
        a.sub(
          a.load(a.get(W)),
          a.div(
            a.mul(a.splat(a.get(RATE)), a.get(M_NOW)),
            a.add(a.mul(a.sqrt(a.get(V_NOW)), a.splat(a.get(SCALE))), a.constant(EPSILON)),
          ),
        ),
      ),
      ...[W, M, V, G].map((address) => a.advance(address, a.int(16))),
    ),
  ),
};

type Call = (...numbers: number[]) => void;

let compiled: WebAssembly.Module | null | undefined;

/** The routines compiled; null where there is no WebAssembly SIMD. */
function compile(): WebAssembly.Module | null {
  const bytes = a.assemble([
    expand,
    mix,
    ...[1, 2, 3].flatMap((groups) => [forward(groups), backward(groups)]),
    adam,
  ]);
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
}

/** @throws RangeError when there is not so much memory. */
export function simdArithmetic(bytes: number): Arithmetic | null {
  compiled ??= compile();
  if (!compiled) return null;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65536) });
  const call = new WebAssembly.Instance(compiled, { env: { memory } }).exports as Record<
    string,
    Call
  >;
  const [forwards, backwards] = ['forward', 'backward'].map((name) =>
    [1, 2, 3].map((groups) => call[`${name}${groups}`]!),
  ) as [Call[], Call[]];
  return {
    memory: memory.buffer,
    expand: (from, to, count) => call.expand!(from, to, count / 4),
    mix: (max, avg, mixed, difference, count, alpha) =>
      call.mix!(max, avg, mixed, difference, count / 4, alpha),
    forward: (groups, { x, xStride: s, z, zStride: t, count }, w, wStride) =>
      // prettier-ignore
      forwards[groups - 1]!(x, x + s, x + 2 * s, x + 3 * s, z, z + t, z + 2 * t, z + 3 * t, w, wStride, count),
    backward: (groups, { x, xStride: s, z, zStride: t, count }, g, gStride) =>
      // prettier-ignore
      backwards[groups - 1]!(x, x + s, x + 2 * s, x + 3 * s, z, z + t, z + 2 * t, z + 3 * t, g, gStride, count),
    adam: ({ w, m, v, g }, count, rate, scale) => call.adam!(w, m, v, g, count / 4, rate, scale),
  };
}
