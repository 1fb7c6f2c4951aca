/**
 * Just enough of an assembler to write small WebAssembly SIMD routines by hand: instructions are byte lists that are
 * strung together. Opcodes: WebAssembly Core Specification 2.0, §5.4.
 */

export type Code = readonly number[];
export type ValueType = 'i32' | 'f32' | 'v128';

export interface Routine {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  /** Further locals; they are numbered after the parameters. */
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

const TYPES = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;

/** Unsigned LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  do {
    const low = value & 0x7f;
    value >>>= 7;
    bytes.push(value === 0 ? low : low | 0x80);
  } while (value !== 0);
  return bytes;
}

/** Signed LEB128 of a 32-bit number. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (;;) {
    const low = value & 0x7f;
    value >>= 7;
    const isLast = (value === 0 && !(low & 0x40)) || (value === -1 && (low & 0x40) !== 0);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

export const join = (...parts: readonly Code[]): Code => parts.flat();
export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];
export const int = (value: number): Code => [0x41, ...signed(value)];

/** Adds a value to an address or counter. */
export const advance = (local: number, by: Code): Code => set(local, join(get(local), by, [0x6a]));

/** A 32-bit number from memory. */
export const loadInt = (address: Code, offset = 0): Code =>
  join(address, [0x28, 2], unsigned(offset));
/** Sum of two addresses. */
export const plus = (a: Code, b: Code): Code => join(a, b, [0x6a]);
/** `yes` where `value` is below 0, else `no`: addresses or counters. */
export const ifNegative = (value: Code, yes: Code, no: Code): Code =>
  join(yes, no, value, int(0), [0x48, 0x1b]);

/** Runs the body as often as the local `counter` says, at least once; the counter ends at 0. */
export const repeat = (counter: number, body: Code): Code =>
  join(
    [0x03, 0x40],
    body,
    get(counter),
    int(1),
    [0x6b, 0x22, ...unsigned(counter)],
    [0x0d, 0x00],
    [0x0b],
  );

const simd = (opcode: number): Code => [0xfd, ...unsigned(opcode)];
/** Alignment is only a hint: 4 bytes are always right here. */
const access = (opcode: number, address: Code, offset: number): Code =>
  join(address, simd(opcode), [opcode === 3 ? 1 : 2], unsigned(offset));

/** Four floats at an address. */
export const load = (address: Code, offset = 0): Code => access(0, address, offset);
/** One float four times. */
export const loadSplat = (address: Code, offset = 0): Code => access(9, address, offset);
/** Four 16-bit numbers, sign-extended to 32 bits. */
export const load16x4 = (address: Code, offset = 0): Code => access(3, address, offset);
export const store = (address: Code, value: Code, offset = 0): Code =>
  join(address, value, simd(11), [2], unsigned(offset));

const binary =
  (opcode: number) =>
  (a: Code, b: Code): Code =>
    join(a, b, simd(opcode));
export const add = binary(228);
export const sub = binary(229);
export const mul = binary(230);
export const div = binary(231);
export const and = binary(78);
/** The smaller and the larger of two; unordered ones give `a`. */
export const least = (a: Code, b: Code): Code => join(a, b, simd(234));
export const most = (a: Code, b: Code): Code => join(a, b, simd(235));
/** Four of the eight words of a and b, by their number. */
export const pick = (a: Code, b: Code, words: readonly number[]): Code =>
  join(
    a,
    b,
    simd(13),
    words.flatMap((word) => [0, 1, 2, 3].map((byte) => 4 * word + byte)),
  );
export const sqrt = (a: Code): Code => join(a, simd(227));
export const shiftLeft = (a: Code, by: number): Code => join(a, int(by), simd(171));
/** A float (a local of type f32) four times. */
export const splat = (value: Code): Code => join(value, simd(19));

/** A constant of four equal 32-bit words. */
export const words = (value: number): Code => {
  const word = [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
  return join(simd(12), word, word, word, word);
};

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);
/** A float constant four times. */
export function constant(value: number): Code {
  float[0] = value;
  return words(bits[0]!);
}

/** A routine whose locals have names: parameters are addresses, strides and counts. */
export function routine<Parameter extends string, Local extends string>(
  name: string,
  parameters: readonly Parameter[],
  locals: Readonly<Record<Local, ValueType>>,
  body: (at: Readonly<Record<Parameter | Local, number>>) => Code,
): Routine {
  const names = [...parameters, ...Object.keys(locals)];
  const at = Object.fromEntries(names.map((local, i) => [local, i])) as Record<
    Parameter | Local,
    number
  >;
  return {
    name,
    parameters: parameters.map(() => 'i32'),
    locals: Object.values<ValueType>(locals),
    body: body(at),
  };
}

/** A module that imports its memory as `env.memory` and exports every routine. */
export function assemble(routines: readonly Routine[]): Uint8Array<ArrayBuffer> {
  const vector = (entries: readonly Code[]): Code => [
    ...unsigned(entries.length),
    ...entries.flat(),
  ];
  const section = (id: number, content: Code): Code => [
    id,
    ...unsigned(content.length),
    ...content,
  ];
  const text = (value: string): Code =>
    vector([...new TextEncoder().encode(value)].map((b) => [b]));
  const types = (list: readonly ValueType[]): Code => vector(list.map((type) => [TYPES[type]]));
  const bodies = routines.map(({ locals, body }) => {
    const declared = vector(locals.map((type) => [1, TYPES[type]]));
    const code = [...declared, ...body, 0x0b];
    return [...unsigned(code.length), ...code];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector(routines.map(({ parameters }) => [0x60, ...types(parameters), 0]))),
    ...section(2, vector([[...text('env'), ...text('memory'), 0x02, 0x00, 1]])),
    ...section(3, vector(routines.map((_, i) => unsigned(i)))),
    ...section(7, vector(routines.map(({ name }, i) => [...text(name), 0x00, ...unsigned(i)]))),
    ...section(10, vector(bodies)),
  ]);
}
