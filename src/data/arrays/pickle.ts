/**
 * A restricted reader of Python's pickles (protocols 0 to 5). A pickle is a program: the one here may build lists, dicts,
 * numbers and text, and call what `Names` allows. Any other name ends the reading, and nothing of a file is ever executed.
 */
import { DataError } from '../errors.ts';

/** A function or class that a pickle may name, in our own words. */
export class Callable {
  readonly name: string;
  readonly call: (args: readonly unknown[]) => unknown;

  constructor(name: string, call: (args: readonly unknown[]) => unknown) {
    this.name = name;
    this.call = call;
  }
}

/** An object whose state a pickle may set after it was made. */
export interface Buildable {
  /** @throws DataError when the state is none of its kind. */
  build: (state: unknown) => void;
}

const isBuildable = (value: unknown): value is Buildable =>
  typeof value === 'object' && value !== null && 'build' in value;

export interface Names {
  /** What stands for "module.name"; undefined where it is not allowed. */
  readonly find: (name: string) => unknown;
  /** What stands for a persistent id, a tuple. @throws DataError. */
  readonly persistent: (id: unknown) => unknown;
}

/** A place in a stack from which on values belong together. */
const MARK = Symbol('mark');

/** Most values that a pickle may put down: a program of few bytes can ask for no more than a list of that length. */
const MOST_STEPS = 20_000_000;

/**
 * Runs the pickle that begins at a byte.
 * @returns the value, and the byte behind it: files may hold several, one after the other.
 * @throws DataError with a sentence without the file's name.
 */
export function unpickle(
  bytes: Uint8Array,
  names: Names,
  start = 0,
): { value: unknown; end: number } {
  const machine = new Machine(bytes, start, names);
  return { value: machine.run(), end: machine.at };
}

class Machine {
  at: number;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly names: Names;
  private readonly stack: unknown[] = [];
  private readonly memo = new Map<number, unknown>();

  constructor(bytes: Uint8Array, start: number, names: Names) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.at = start;
    this.names = names;
  }

  run(): unknown {
    for (let step = 0; step < MOST_STEPS; step++) {
      const op = this.take(1)[0]!;
      if (op === 0x2e) return this.pop(); // STOP
      this.do(op);
    }
    throw new DataError('the pickle has no end; it is damaged or forged.');
  }

  private take(count: number): Uint8Array {
    if (count < 0 || this.at + count > this.bytes.length)
      throw new DataError('the pickle ends in the middle; the file is cut off or damaged.');
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  private u8 = (): number => this.take(1)[0]!;
  private u16 = (): number => this.view.getUint16(this.skip(2), true);
  private u32 = (): number => this.view.getUint32(this.skip(4), true);
  private i32 = (): number => this.view.getInt32(this.skip(4), true);

  private u64(): number {
    const at = this.skip(8);
    return this.view.getUint32(at, true) + this.view.getUint32(at + 4, true) * 2 ** 32;
  }

  private skip(count: number): number {
    const { at } = this;
    this.take(count);
    return at;
  }

  private line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0)
      throw new DataError('the pickle ends in the middle; the file is cut off or damaged.');
    const text = latin1(this.bytes.subarray(this.at, end));
    this.at = end + 1;
    return text;
  }

  private pop(): unknown {
    if (this.stack.length === 0 || this.stack.at(-1) === MARK)
      throw new DataError('the pickle takes a value where there is none; it is damaged or forged.');
    return this.stack.pop();
  }

  private top(): unknown {
    const value = this.pop();
    this.stack.push(value);
    return value;
  }

  /** Everything since the last mark. */
  private marked(): unknown[] {
    const from = this.stack.lastIndexOf(MARK);
    if (from < 0)
      throw new DataError('the pickle closes a list that was not opened; it is damaged or forged.');
    const values = this.stack.splice(from);
    return values.slice(1);
  }

  private tuple(count: number): void {
    const values = Array.from({ length: count }, () => this.pop()).reverse();
    this.stack.push(values);
  }

  private remembered(key: number): unknown {
    if (!this.memo.has(key))
      throw new DataError('the pickle recalls what it never kept; it is damaged or forged.');
    return this.memo.get(key);
  }

  private keep(key: number): void {
    this.memo.set(key, this.top());
  }

  private global(module: string, name: string): void {
    const full = `${module}.${name}`;
    const found = this.names.find(full);
    if (found === undefined)
      throw new DataError(
        `it asks for ${full.slice(0, 100)}; only tensors, arrays, lists, dicts, numbers and text are read, and nothing is executed. Save the arrays alone, as .npz or with torch.save; a network opens as ONNX (torch.onnx.export).`,
      );
    this.stack.push(found);
  }

  private append(values: readonly unknown[]): void {
    const target = this.top();
    if (!Array.isArray(target))
      throw new DataError('the pickle appends to what is no list; it is damaged or forged.');
    for (const value of values) target.push(value);
  }

  private setItems(values: readonly unknown[]): void {
    const target = this.top();
    if (!(target instanceof Map))
      throw new DataError('the pickle sets a key of what is no dict; it is damaged or forged.');
    for (let i = 0; i + 1 < values.length; i += 2) target.set(values[i], values[i + 1]);
  }

  private reduce(): void {
    const args = this.pop();
    const callable = this.pop();
    if (!(callable instanceof Callable) || !Array.isArray(args))
      throw new DataError('the pickle calls what is no function; it is damaged or forged.');
    this.stack.push(callable.call(args));
  }

  private build(): void {
    const state = this.pop();
    const target = this.top();
    // Attributes of a dict (of a state dict: its version) are left out.
    if (target instanceof Map) return;
    if (!isBuildable(target))
      throw new DataError('it sets attributes of something that has none. It was not opened.');
    target.build(state);
  }

  private do(op: number): void {
    const { stack } = this;
    switch (op) {
      case 0x80: // PROTO
        if (this.u8() > 5) throw new DataError('the pickle is of a protocol that is not known.');
        return;
      case 0x95: // FRAME
        this.take(8);
        return;
      case 0x28: // MARK
        stack.push(MARK);
        return;
      case 0x30: // POP
        if (stack.at(-1) === MARK) stack.pop();
        else this.pop();
        return;
      case 0x31: // POP_MARK
        this.marked();
        return;
      case 0x32: // DUP
        stack.push(this.top());
        return;
      case 0x4e: // NONE
        stack.push(null);
        return;
      case 0x88: // NEWTRUE
        stack.push(true);
        return;
      case 0x89: // NEWFALSE
        stack.push(false);
        return;
      case 0x49: // INT
        stack.push(wholeOf(this.line()));
        return;
      case 0x4c: // LONG
        stack.push(wholeOf(this.line().replace(/L$/, '')));
        return;
      case 0x4a: // BININT
        stack.push(this.i32());
        return;
      case 0x4b: // BININT1
        stack.push(this.u8());
        return;
      case 0x4d: // BININT2
        stack.push(this.u16());
        return;
      case 0x8a: // LONG1
        stack.push(longOf(this.take(this.u8())));
        return;
      case 0x8b: // LONG4
        stack.push(longOf(this.take(this.i32())));
        return;
      case 0x46: // FLOAT
        stack.push(Number(this.line()));
        return;
      case 0x47: // BINFLOAT
        stack.push(this.view.getFloat64(this.skip(8)));
        return;
      case 0x53: // STRING
        stack.push(quoted(this.line()));
        return;
      case 0x55: // SHORT_BINSTRING, text or bytes of Python 2
        stack.push(latin1(this.take(this.u8())));
        return;
      case 0x54: // BINSTRING
        stack.push(latin1(this.take(this.i32())));
        return;
      case 0x56: // UNICODE
        stack.push(escaped(this.line()));
        return;
      case 0x8c: // SHORT_BINUNICODE
        stack.push(utf8(this.take(this.u8())));
        return;
      case 0x58: // BINUNICODE
        stack.push(utf8(this.take(this.u32())));
        return;
      case 0x8d: // BINUNICODE8
        stack.push(utf8(this.take(this.u64())));
        return;
      case 0x43: // SHORT_BINBYTES
        stack.push(this.take(this.u8()));
        return;
      case 0x42: // BINBYTES
        stack.push(this.take(this.u32()));
        return;
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        stack.push(this.take(this.u64()));
        return;
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        stack.push([]);
        return;
      case 0x7d: // EMPTY_DICT
        stack.push(new Map());
        return;
      case 0x6c: // LIST
      case 0x74: // TUPLE
        stack.push(this.marked());
        return;
      case 0x64: {
        // DICT
        const values = this.marked();
        stack.push(new Map());
        this.setItems(values);
        return;
      }
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        this.tuple(op - 0x84);
        return;
      case 0x61: // APPEND
        this.append([this.pop()]);
        return;
      case 0x65: // APPENDS
        this.append(this.marked());
        return;
      case 0x73: {
        // SETITEM
        const value = this.pop();
        const key = this.pop();
        this.setItems([key, value]);
        return;
      }
      case 0x75: // SETITEMS
        this.setItems(this.marked());
        return;
      case 0x63: {
        // GLOBAL
        const module = this.line();
        this.global(module, this.line());
        return;
      }
      case 0x93: {
        // STACK_GLOBAL
        const [name, module] = [this.pop(), this.pop()];
        if (typeof name !== 'string' || typeof module !== 'string')
          throw new DataError('the pickle names something by what is no text; it is forged.');
        this.global(module, name);
        return;
      }
      case 0x52: // REDUCE
        this.reduce();
        return;
      case 0x62: // BUILD
        this.build();
        return;
      case 0x51: // BINPERSID
        stack.push(this.names.persistent(this.pop()));
        return;
      case 0x70: // PUT
        this.keep(Number(this.line()));
        return;
      case 0x71: // BINPUT
        this.keep(this.u8());
        return;
      case 0x72: // LONG_BINPUT
        this.keep(this.u32());
        return;
      case 0x94: // MEMOIZE
        this.keep(this.memo.size);
        return;
      case 0x67: // GET
        stack.push(this.remembered(Number(this.line())));
        return;
      case 0x68: // BINGET
        stack.push(this.remembered(this.u8()));
        return;
      case 0x6a: // LONG_BINGET
        stack.push(this.remembered(this.u32()));
        return;
      default:
        throw new DataError(
          `the pickle has the instruction 0x${op.toString(16).padStart(2, '0')}, which makes objects or is none. It was not opened: save the arrays alone, as .npz or with torch.save.`,
        );
    }
  }
}

/** Bytes as text of as many characters. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

const utf8 = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function wholeOf(text: string): number | bigint | boolean {
  if (text === '00') return false;
  if (text === '01') return true;
  if (!/^\s*[-+]?\d{1,60}\s*$/.test(text))
    throw new DataError('the pickle has a number that is none; it is damaged.');
  return narrowed(BigInt(text.trim()));
}

const narrowed = (value: bigint): number | bigint =>
  Number.isSafeInteger(Number(value)) ? Number(value) : value;

/** Two's complement, least byte first. */
function longOf(bytes: Uint8Array): number | bigint {
  if (bytes.length > 64)
    throw new DataError('the pickle has a number of more than 64 bytes; it is forged.');
  const value = bytes.reduceRight((all, byte) => all * 256n + BigInt(byte), 0n);
  return narrowed(BigInt.asIntN(8 * bytes.length, value));
}

/** A Python string literal of ASCII; escapes of bytes are read, others stay. */
function quoted(text: string): string {
  const inner = /^(['"])(.*)\1$/s.exec(text.trim())?.[2];
  if (inner === undefined)
    throw new DataError('the pickle has a text without quotes; it is damaged.');
  const short: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
  return inner.replace(/\\(x([0-9a-fA-F]{2})|.)/g, (_all, one: string, hex?: string) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : (short[one] ?? one),
  );
}

/** Python's raw-unicode-escape. */
const escaped = (text: string): string =>
  text.replace(/\\u([0-9a-fA-F]{4})/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
