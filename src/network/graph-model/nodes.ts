/** The nodes of a tfjs graph model as its model.json writes them: TensorFlow's NodeDef as JSON. */
import { isRecord } from '../manifest.ts';

export interface GraphDefNode {
  readonly name: string;
  /** TensorFlow's operation: "Conv2D", "_FusedMatMul", … */
  readonly op: string;
  /** What it takes: "name" or "name:1"; what it only waits for is left out. */
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** @throws Error with a sentence when the topology lists no nodes. */
export function nodesOf(topology: unknown): GraphDefNode[] {
  const list: unknown = isRecord(topology) ? topology.node : null;
  if (!Array.isArray(list) || list.length === 0)
    throw new Error('model.json is a graph model whose "modelTopology" lists no nodes.');
  return (list as readonly unknown[]).map((node) => {
    if (!isRecord(node) || typeof node.name !== 'string' || typeof node.op !== 'string')
      throw new Error('A node of the graph in model.json lacks its name or its operation.');
    const inputs = Array.isArray(node.input) ? (node.input as readonly unknown[]) : [];
    return {
      ...{ name: node.name, op: node.op },
      inputs: inputs
        .filter((input) => typeof input === 'string' && !input.startsWith('^'))
        .map((input) => tensorName(String(input))),
      attributes: isRecord(node.attr) ? node.attr : {},
    };
  });
}

/** "name:0" is "name". */
export const tensorName = (text: string): string => text.replace(/:0$/, '');

function valueOf({ attributes }: GraphDefNode, name: string, field: string): unknown {
  const value = attributes[name];
  return isRecord(value) ? value[field] : undefined;
}

/** Whole numbers stand there as text where they are of 64 bits. */
export function intOf(node: GraphDefNode, name: string, otherwise: number): number {
  const value = valueOf(node, name, 'i');
  return value === undefined ? otherwise : Number(value);
}

export function floatOf(node: GraphDefNode, name: string, otherwise: number): number {
  const value = valueOf(node, name, 'f');
  return value === undefined ? otherwise : Number(value);
}

export const isSet = (node: GraphDefNode, name: string): boolean =>
  valueOf(node, name, 'b') === true;

export function textOf(node: GraphDefNode, name: string, otherwise: string): string {
  const value = valueOf(node, name, 's');
  return value === undefined ? otherwise : decoded(value);
}

export function typeOf(node: GraphDefNode, name: string): string {
  const value = valueOf(node, name, 'type');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function listOf(node: GraphDefNode, name: string, field: string): readonly unknown[] {
  const list = valueOf(node, name, 'list');
  const values = isRecord(list) ? list[field] : undefined;
  return Array.isArray(values) ? (values as readonly unknown[]) : [];
}

export const intsOf = (node: GraphDefNode, name: string): number[] =>
  listOf(node, name, 'i').map(Number);

export const textsOf = (node: GraphDefNode, name: string): string[] =>
  listOf(node, name, 's').map(decoded);

/** Sizes of an attribute that is a shape; −1 for open ones. */
export function shapeOf(node: GraphDefNode, name: string): number[] {
  const shape = valueOf(node, name, 'shape');
  const dims = isRecord(shape) && Array.isArray(shape.dim) ? (shape.dim as readonly unknown[]) : [];
  return dims.map((dim) => (isRecord(dim) && dim.size !== undefined ? Number(dim.size) : -1));
}

/** Bytes are written in base64, by some writers as a list of numbers. */
function decoded(value: unknown): string {
  if (Array.isArray(value)) return String.fromCharCode(...(value as number[]));
  const text = String(value);
  try {
    return atob(text);
  } catch {
    return text;
  }
}
