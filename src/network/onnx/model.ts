/** An ONNX file as it is written: nodes, attributes, tensors still in their bytes. Fields: onnx.proto3 of ONNX 1.16. */
import { fieldsOf, textOf, varintsOf, type Field } from './protobuf.ts';

/** A TensorProto; its numbers are read when they are needed. */
export interface TensorBytes {
  readonly name: string;
  readonly dims: readonly number[];
  /** TensorProto.DataType: 1 float, 6 int32, 7 int64, 9 bool, 10 float16, 11 double, … */
  readonly type: number;
  /** `raw_data`; empty where the numbers stand in fields of their own, or in another file. */
  readonly raw: Uint8Array;
  /** `float_data`, `double_data`, `int32_data` or `int64_data`. */
  readonly numbers: readonly number[];
  /** Where the numbers lie, of external data; null for those that are here. */
  readonly external: {
    readonly location: string;
    readonly offset: number;
    readonly length: number | null;
  } | null;
}

export interface Attribute {
  readonly name: string;
  readonly float: number;
  readonly int: number;
  readonly text: string;
  readonly floats: readonly number[];
  readonly ints: readonly number[];
  readonly tensor: TensorBytes | null;
  /** Whether it holds a graph: a branch or a loop's body. */
  readonly hasGraph: boolean;
}

export interface OnnxNode {
  readonly name: string;
  readonly type: string;
  /** Empty for ONNX's own operations. */
  readonly domain: string;
  /** Empty names stand for inputs that are left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** Module path as PyTorch's newer exporter writes it among the node's metadata; empty where it does not. */
  readonly scopes: readonly string[];
}

export interface OnnxValue {
  readonly name: string;
  readonly type: number;
  /** −1 for sizes that are open. */
  readonly dims: readonly number[];
}

export interface OnnxModel {
  readonly producer: string;
  readonly opset: number;
  readonly nodes: readonly OnnxNode[];
  readonly tensors: ReadonlyMap<string, TensorBytes>;
  /** Without those that tensors of the file stand for. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** `metadata_props` of the model. */
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * @param name of the file, for messages.
 * @throws Error with a sentence when the bytes are no ONNX model.
 */
export function parseOnnx(bytes: Uint8Array, name: string): OnnxModel {
  try {
    return readModel(bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `${name} cannot be read as an ONNX model: ${why}. Export or download it again.`,
      {
        cause: error,
      },
    );
  }
}

/**
 * A tensor that is a file of its own.
 * @param name of the file, for messages.
 * @throws Error with a sentence when the bytes are none.
 */
export function parseTensor(bytes: Uint8Array, name: string): TensorBytes {
  try {
    return { ...readTensor(bytes), name };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${name} cannot be read as a tensor of ONNX: ${why}.`, { cause: error });
  }
}

function readModel(bytes: Uint8Array): OnnxModel {
  let producer = '';
  let opset = 0;
  let graph: Uint8Array | null = null;
  const metadata = new Map<string, string>();
  for (const field of fieldsOf(bytes)) {
    if (field.number === 2) producer = textOf(field);
    else if (field.number === 7) graph = field.bytes;
    else if (field.number === 8) {
      const [domain, version] = readOpset(field.bytes);
      if (domain === '' || domain === 'ai.onnx') opset = version;
    } else if (field.number === 14) {
      const [key, value] = readEntry(field.bytes);
      metadata.set(key, value);
    }
  }
  if (!graph || graph.length === 0) throw new Error('it holds no graph');
  const nodes: OnnxNode[] = [];
  const tensors = new Map<string, TensorBytes>();
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  for (const field of fieldsOf(graph)) {
    if (field.number === 1) nodes.push(readNode(field.bytes));
    else if (field.number === 5) {
      const tensor = readTensor(field.bytes);
      tensors.set(tensor.name, tensor);
    } else if (field.number === 11) inputs.push(readValue(field.bytes));
    else if (field.number === 12) outputs.push(readValue(field.bytes));
  }
  if (nodes.length === 0) throw new Error('its graph has no nodes');
  if (opset === 0) throw new Error('it names no operation set of ONNX');
  const given = inputs.filter((input) => !tensors.has(input.name));
  return { producer, opset, nodes, tensors, inputs: given, outputs, metadata };
}

function readOpset(bytes: Uint8Array): [domain: string, version: number] {
  let [domain, version] = ['', 0];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) domain = textOf(field);
    else if (field.number === 2) version = field.value;
  }
  return [domain, version];
}

function readEntry(bytes: Uint8Array): [key: string, value: string] {
  let [key, value] = ['', ''];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) key = textOf(field);
    else if (field.number === 2) value = textOf(field);
  }
  return [key, value];
}

function readNode(bytes: Uint8Array): OnnxNode {
  let [name, type, domain] = ['', '', ''];
  let scopes: string[] = [];
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, Attribute>();
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) inputs.push(textOf(field));
    else if (field.number === 2) outputs.push(textOf(field));
    else if (field.number === 3) name = textOf(field);
    else if (field.number === 4) type = textOf(field);
    else if (field.number === 5) {
      const attribute = readAttribute(field.bytes);
      attributes.set(attribute.name, attribute);
    } else if (field.number === 7) domain = textOf(field);
    else if (field.number === 9) {
      const [key, value] = readEntry(field.bytes);
      if (key === 'pkg.torch.onnx.name_scopes') scopes = readScopes(value);
    }
  }
  return {
    name,
    type,
    domain: domain === 'ai.onnx' ? '' : domain,
    inputs,
    outputs,
    attributes,
    scopes,
  };
}

/** "['', 'layer1', 'layer1.0']" → its texts. */
function readScopes(list: string): string[] {
  return [...list.matchAll(/'([^']*)'|"([^"]*)"/g)].map((match) => match[1] ?? match[2] ?? '');
}

function readAttribute(bytes: Uint8Array): Attribute {
  let [name, text] = ['', ''];
  let [float, int] = [0, 0];
  let tensor: TensorBytes | null = null;
  let hasGraph = false;
  const floats: number[] = [];
  const ints: number[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) name = textOf(field);
    else if (field.number === 2) float = field.value;
    else if (field.number === 3) int = field.value;
    else if (field.number === 4) text = textOf(field);
    else if (field.number === 5) tensor = readTensor(field.bytes);
    else if (field.number === 6 || field.number === 11) hasGraph = true;
    else if (field.number === 7) floats.push(...floatsOf(field));
    else if (field.number === 8) ints.push(...varintsOf(field));
  }
  return { name, float, int, text, floats, ints, tensor, hasGraph };
}

/** Floats of a packed repeated field, or the one of an unpacked one. */
function floatsOf({ bytes, value }: Field): number[] {
  if (bytes.length === 4)
    return [value || new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true)];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 2 }, (_, i) => view.getFloat32(4 * i, true));
}

function doublesOf({ bytes, value }: Field): number[] {
  if (bytes.length === 8 && value !== 0) return [value];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 3 }, (_, i) => view.getFloat64(8 * i, true));
}

function readTensor(bytes: Uint8Array): TensorBytes {
  let name = '';
  let type = 0;
  let raw: Uint8Array = new Uint8Array(0);
  let isExternal = false;
  const dims: number[] = [];
  const numbers: number[] = [];
  const places = new Map<string, string>();
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) dims.push(...varintsOf(field));
    else if (field.number === 2) type = field.value;
    else if (field.number === 4) append(numbers, floatsOf(field));
    else if (field.number === 5 || field.number === 7 || field.number === 11)
      append(numbers, varintsOf(field));
    else if (field.number === 8) name = textOf(field);
    else if (field.number === 9)
      raw = new Uint8Array(field.bytes.buffer, field.bytes.byteOffset, field.bytes.length);
    else if (field.number === 10) append(numbers, doublesOf(field));
    else if (field.number === 13) places.set(...readEntry(field.bytes));
    else if (field.number === 14) isExternal = field.value === 1;
  }
  const location = places.get('location');
  const external =
    isExternal && location !== undefined
      ? {
          location,
          offset: Number(places.get('offset') ?? 0),
          length: places.has('length') ? Number(places.get('length')) : null,
        }
      : null;
  return { name, dims, type, raw, numbers, external };
}

function append(all: number[], more: readonly number[]): void {
  for (const one of more) all.push(one);
}

function readValue(bytes: Uint8Array): OnnxValue {
  let name = '';
  let type = 0;
  const dims: number[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) name = textOf(field);
    if (field.number !== 2) continue;
    for (const kind of fieldsOf(field.bytes)) {
      if (kind.number !== 1) continue;
      for (const of of fieldsOf(kind.bytes)) {
        if (of.number === 1) type = of.value;
        if (of.number !== 2) continue;
        for (const dim of fieldsOf(of.bytes)) if (dim.number === 1) dims.push(readSize(dim.bytes));
      }
    }
  }
  return { name, type, dims };
}

/** A size; −1 where it is a name, or is not said. */
function readSize(bytes: Uint8Array): number {
  for (const field of fieldsOf(bytes)) if (field.number === 1) return field.value;
  return -1;
}
