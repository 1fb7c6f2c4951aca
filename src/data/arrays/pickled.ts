/** Which names a pickle of arrays may use: NumPy's arrays, PyTorch's tensors, and dicts in order. Written from the files themselves. */
import { DataError } from '../errors.ts';
import { NdArray, type Content, type DType } from './array.ts';
import { arrayOver, countOf, widthOf } from './numbers.ts';
import { numpyArray } from './numpy-array.ts';
import { Callable, latin1, unpickle, type Buildable, type Names } from './pickle.ts';

/** Numbers of PyTorch that several tensors may share; their bytes may stand behind the pickle that names them. */
export class Storage {
  readonly dtype: DType;
  readonly key: string;
  /** Numbers, not bytes. */
  readonly count: number;
  readonly bytes: () => Uint8Array;

  constructor(dtype: DType, key: string, count: number, bytes: () => Uint8Array) {
    this.dtype = dtype;
    this.key = key;
    this.count = count;
    this.bytes = bytes;
  }
}

/** A view of a storage. */
class Tensor {
  readonly storage: Storage;
  readonly dtype: DType;
  readonly offset: unknown;
  readonly shape: unknown;
  readonly stride: unknown;

  constructor(storage: Storage, dtype: DType, offset: unknown, shape: unknown, stride: unknown) {
    this.storage = storage;
    this.dtype = dtype;
    this.offset = offset;
    this.shape = shape;
    this.stride = stride;
  }
}

/** What a pickle calls a type of PyTorch's storages. */
export class StorageType {
  readonly dtype: DType;

  constructor(dtype: DType) {
    this.dtype = dtype;
  }
}

/** numpy.dtype: its byte order comes after it was made. */
class NumpyType implements Buildable {
  readonly code: string;
  private order = '<';

  constructor(code: string) {
    this.code = code;
  }

  build(state: unknown): void {
    const order: unknown = Array.isArray(state) ? state[1] : null;
    if (typeof order !== 'string') throw new DataError('a NumPy type has a state that is none.');
    this.order = order;
  }

  get descr(): string {
    return this.order === '>' && !/^[<>|]/.test(this.code) ? `>${this.code}` : this.code;
  }
}

/** numpy.ndarray: made empty, filled by its state. */
class NumpyArray implements Buildable {
  content: Content | readonly unknown[] = null;

  build(state: unknown): void {
    if (!Array.isArray(state) || state.length !== 5)
      throw new DataError('a NumPy array has a state that is none; the file is damaged.');
    const [, shape, type, isFortran, data] = state as unknown[];
    this.content = arrayOf(type, shape, isFortran === true || isFortran === 1, data);
  }
}

function arrayOf(
  type: unknown,
  shape: unknown,
  isFortran: boolean,
  data: unknown,
): Content | readonly unknown[] {
  if (!(type instanceof NumpyType)) throw new DataError('a NumPy array has no type.');
  const axes = wholes(shape);
  if (type.code === 'O' || type.code === 'O8') {
    if (!Array.isArray(data)) throw new DataError('an array of objects holds none.');
    return data as readonly unknown[];
  }
  return numpyArray(type.descr, axes, isFortran, bytesOf(data));
}

const bytesOf = (data: unknown): Uint8Array => {
  if (data instanceof Uint8Array) return data;
  if (typeof data === 'string') return Uint8Array.from(data, (sign) => sign.charCodeAt(0));
  throw new DataError('a NumPy array has no bytes.');
};

function wholes(value: unknown): number[] {
  if (!Array.isArray(value) || value.some((n) => typeof n !== 'number'))
    throw new DataError('an array has a shape or stride that is none; the file is damaged.');
  return value as number[];
}

const STORAGES: Readonly<Record<string, DType>> = {
  ...{ FloatStorage: 'float32', DoubleStorage: 'float64', HalfStorage: 'float16' },
  ...{ BFloat16Storage: 'bfloat16', LongStorage: 'int64', IntStorage: 'int32' },
  ...{ ShortStorage: 'int16', CharStorage: 'int8', ByteStorage: 'uint8', BoolStorage: 'bool' },
};

/** torch.float16 …, as files of PyTorch 2.3 and later name the types that have no storage class. */
const TYPES: readonly DType[] = [
  ...(['bool', 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32'] as const),
  ...(['uint64', 'float16', 'float32', 'float64', 'bfloat16'] as const),
];

const rebuild = ([storage, offset, shape, stride]: readonly unknown[], dtype?: unknown): Tensor => {
  if (!(storage instanceof Storage)) throw new DataError('a tensor has no storage.');
  const own = dtype instanceof StorageType ? dtype.dtype : storage.dtype;
  return new Tensor(storage, own, offset, shape, stride);
};

const scalar = ([type, data]: readonly unknown[]): unknown => {
  const found = arrayOf(type, [], false, data);
  return found instanceof NdArray ? found.values()[0] : found;
};

function pairs(args: readonly unknown[]): Map<unknown, unknown> {
  const entries = (args[0] ?? []) as unknown;
  if (entries instanceof Map) return new Map(entries);
  if (!Array.isArray(entries) || !entries.every((pair) => Array.isArray(pair) && pair.length === 2))
    throw new DataError('a dict is made of what are no pairs; the file is damaged.');
  return new Map(entries as [unknown, unknown][]);
}

const ndarray = new Callable('numpy.ndarray', () => new NumpyArray());

function names(loadBytes: (bytes: Uint8Array) => unknown): ReadonlyMap<string, unknown> {
  const call = (...[name, work]: ConstructorParameters<typeof Callable>): [string, Callable] => [
    name,
    new Callable(name, work),
  ];
  const both = (
    name: string,
    work: (args: readonly unknown[]) => unknown,
  ): [string, Callable][] => [call(`numpy.core.${name}`, work), call(`numpy._core.${name}`, work)];
  return new Map<string, unknown>([
    call('collections.OrderedDict', pairs),
    call('torch._utils._rebuild_tensor', (args) => rebuild(args)),
    call('torch._utils._rebuild_tensor_v2', (args) => rebuild(args)),
    call('torch._utils._rebuild_tensor_v3', (args) => rebuild(args, args[6])),
    call('torch._utils._rebuild_parameter', ([data]) => data),
    call('torch.Size', ([values]) => values ?? []),
    call('torch.storage._load_from_bytes', ([bytes]) => loadBytes(bytesOf(bytes))),
    ...Object.entries(STORAGES).map(([name, dtype]): [string, StorageType] => [
      `torch.${name}`,
      new StorageType(dtype),
    ]),
    ['torch.storage.UntypedStorage', new StorageType('uint8')],
    ...TYPES.map((dtype): [string, StorageType] => [`torch.${dtype}`, new StorageType(dtype)]),
    ['numpy.ndarray', ndarray],
    call('numpy.dtype', ([code]) => new NumpyType(String(code))),
    ...both('multiarray._reconstruct', ([of]) => {
      if (of !== ndarray) throw new DataError('it rebuilds something that is no array.');
      return new NumpyArray();
    }),
    ...both('multiarray.scalar', scalar),
    ...both('numeric._frombuffer', ([buffer, type, shape, order]) => {
      const array = new NumpyArray();
      array.content = arrayOf(type, shape, order === 'F', buffer);
      return array;
    }),
    call('_codecs.encode', ([text, coding]) => {
      if (typeof text !== 'string' || !/^latin-?1$/.test(String(coding)))
        throw new DataError('it encodes text in a way that is not known.');
      return bytesOf(text);
    }),
  ]);
}

/** Names for a file whose storages are found by `storage`; `loadBytes` reads a file of PyTorch within a pickle. */
export function namesFor(
  storage: (type: StorageType, key: string, count: number) => Storage,
  loadBytes: (bytes: Uint8Array) => unknown,
): Names {
  const allowed = names(loadBytes);
  return {
    find: (name) => allowed.get(name),
    persistent(id) {
      const [kind, type, key, , count, view] = Array.isArray(id) ? (id as unknown[]) : [];
      if (kind !== 'storage' || !(type instanceof StorageType))
        throw new DataError('it refers to something that is no storage of numbers.');
      if (view !== undefined && view !== null)
        throw new DataError(
          'it holds views of storages of very old versions; save it again with PyTorch 1.6 or later.',
        );
      if (typeof key !== 'string' || typeof count !== 'number' || count < 0)
        throw new DataError('it refers to a storage without a name or a size.');
      return storage(type, key, count);
    },
  };
}

/** The content of a plain pickle of arrays. @throws DataError with a sentence without the file's name. */
export function unpickled(
  bytes: Uint8Array,
  loadBytes: (bytes: Uint8Array) => unknown = refuse,
): Content {
  const none = (): never => {
    throw new DataError('it refers to storages of PyTorch that are not in it.');
  };
  return settled(unpickle(bytes, namesFor(none, loadBytes)).value);
}

function refuse(): never {
  throw new DataError('it holds a file of PyTorch within an array; save the tensors alone.');
}

/** Values that are walked through after reading: lists that hold each other again and again grow without end. */
const MOST_VALUES = 5_000_000;
const DEEPEST = 50;

/** What a pickle made as what a file may hold, each part once. */
export function settled(root: unknown): Content {
  const done = new Map<unknown, Content>();
  let left = MOST_VALUES;
  const walk = (value: unknown, depth: number): Content => {
    const known = done.get(value);
    if (known !== undefined) return known;
    if (--left < 0 || depth > DEEPEST)
      throw new DataError('it holds lists in lists without end; it is damaged or forged.');
    const result = part(value, (inner) => walk(inner, depth + 1));
    if (typeof value === 'object' && value !== null) done.set(value, result);
    return result;
  };
  return walk(root, 0);
}

function part(value: unknown, walk: (inner: unknown) => Content): Content {
  if (value instanceof Tensor) return arrayOfTensor(value);
  if (value instanceof NumpyArray) return walk(value.content);
  if (value instanceof NdArray) return value;
  if (value instanceof Map)
    return new Map(
      [...value].map(([key, inner]) => [
        key instanceof Uint8Array ? latin1(key) : String(key),
        walk(inner),
      ]),
    );
  if (Array.isArray(value)) return value.map(walk);
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint8Array) return value.length < 200 ? latin1(value) : null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  return null;
}

function arrayOfTensor({ storage, dtype, offset, shape, stride }: Tensor): NdArray {
  const axes = wholes(shape);
  const room = storage.count * widthOf(storage.dtype);
  if (typeof offset !== 'number') throw new DataError('a tensor begins nowhere.');
  if (countOf(axes) === 0) return new NdArray(dtype, axes, () => new Float32Array(0));
  const layout = { dtype, isLittle: true, shape: axes, strides: wholes(stride), offset };
  return arrayOver(layout, room, () => {
    const bytes = storage.bytes();
    if (bytes.length < room)
      throw new DataError(
        `the storage ${storage.key} claims ${room} bytes, but there are ${bytes.length}. The file is cut off or damaged.`,
      );
    return bytes;
  });
}
