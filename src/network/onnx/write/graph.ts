/** ONNX graphs as they are written: nodes, constants, graphs inside of nodes. Opset 13. */
import { product } from '../../cost.ts';
import { Message } from './message.ts';

/** Version of ONNX's operations; the branches of `If` and reductions are as it has them. */
const OPSET = 13;
/** Of the file format: that of ONNX 1.8, which brought opset 13. */
const IR_VERSION = 7;

const ELEMENTS = { float: 1, uint8: 2, int64: 7, bool: 9 } as const;
export type Element = keyof typeof ELEMENTS;

/** Sizes; a text is a size that is open, under that name. */
export type Sizes = readonly (number | string)[];

/** What a node is told beside its inputs. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly text: string }
  | { readonly graph: GraphWriter };
export type Attributes = Readonly<Record<string, Attribute>>;

const TYPES = { float: 1, int: 2, text: 3, graph: 5, ints: 7 } as const;

/** A graph in the making. A graph inside of a node knows the names of those around it, which it may use. */
export class GraphWriter {
  readonly #nodes: Node[] = [];
  readonly #constants: Message[] = [];
  readonly #inputs: Message[] = [];
  readonly #outputs: Message[] = [];
  readonly #taken: Map<string, number>;
  /** Names that are others outside. */
  readonly #renamed: Map<string, string>;

  /**
   * @param around the graph in one of whose nodes this one is: no name is given twice.
   * @param kept names that `output` will give, and nothing else gets.
   */
  constructor(
    readonly name: string,
    around: GraphWriter | null = null,
    kept: readonly string[] = [],
  ) {
    this.#renamed = around ? around.#renamed : new Map<string, string>();
    this.#taken = around ? around.#taken : new Map(kept.map((name) => [name, 1] as const));
  }

  /** A name that nothing has yet. */
  free(wanted: string): string {
    const before = this.#taken.get(wanted) ?? 0;
    this.#taken.set(wanted, before + 1);
    return before === 0 ? wanted : this.free(`${wanted}_${before + 1}`);
  }

  /**
   * Adds a node with one output.
   * @param wanted the output's name, where it is free.
   * @returns the output's name.
   */
  node(kind: string, inputs: readonly string[], wanted: string, attributes: Attributes = {}) {
    const [name] = this.nodes(kind, inputs, [wanted], attributes);
    return name!;
  }

  /** The same with several outputs. */
  nodes(
    kind: string,
    inputs: readonly string[],
    wanted: readonly string[],
    attributes: Attributes = {},
  ): string[] {
    const outputs = wanted.map((name) => this.free(name));
    this.#nodes.push({ kind, inputs, outputs, attributes });
    return outputs;
  }

  /** Whether one of this graph's own nodes gives it. */
  makes(name: string): boolean {
    return this.#nodes.some(({ outputs }) => outputs.includes(name));
  }

  /** Numbers that belong to this graph. @returns their name. */
  floats(wanted: string, values: Float32Array, shape: readonly number[]): string {
    return this.#constant(wanted, 'float', shape, values);
  }

  ints(wanted: string, values: readonly number[], shape: readonly number[] = [values.length]) {
    return this.#constant(wanted, 'int64', shape, BigInt64Array.from(values, BigInt));
  }

  bools(wanted: string, values: readonly boolean[], shape: readonly number[] = [values.length]) {
    return this.#constant(wanted, 'bool', shape, Uint8Array.from(values, Number));
  }

  /** One number. */
  float(wanted: string, value: number): string {
    return this.floats(wanted, Float32Array.of(value), []);
  }

  #constant(
    wanted: string,
    element: Element,
    shape: readonly number[],
    values: Float32Array | BigInt64Array | Uint8Array,
  ): string {
    if (values.length !== product(shape))
      throw new Error(
        `${wanted} has ${values.length} numbers; its shape is [${shape.join(', ')}].`,
      );
    const name = this.free(wanted);
    const tensor = new Message();
    for (const size of shape) tensor.int(1, size);
    tensor.int(2, ELEMENTS[element]).text(8, name);
    tensor.bytes(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    this.#constants.push(tensor);
    return name;
  }

  input(name: string, element: Element, sizes: Sizes): string {
    this.#inputs.push(valueOf(name, element, sizes));
    this.#taken.set(name, 1);
    return name;
  }

  /**
   * Declares something to be an output of this graph.
   * @param as the name that it has outside, one of those that were kept; its own where that does not matter.
   */
  output(from: string, element: Element, sizes: Sizes, as = from): void {
    if (!this.makes(from))
      this.#nodes.push({ kind: 'Identity', inputs: [from], outputs: [as], attributes: {} });
    // Not by one more node: what optimises graphs has been seen to trip over those at an output.
    else if (as !== from) this.#renamed.set(from, as);
    this.#outputs.push(valueOf(as, element, sizes));
  }

  #message({ kind, inputs, outputs, attributes }: Node): Message {
    const node = new Message();
    const known = (name: string): string => this.#renamed.get(name) ?? name;
    for (const input of inputs) node.text(1, known(input));
    for (const output of outputs) node.text(2, known(output));
    node.text(3, outputs[0]!).text(4, kind);
    for (const [name, attribute] of Object.entries(attributes))
      node.message(5, attributeOf(name, attribute));
    return node;
  }

  /** All of it, once nothing more comes. */
  message(): Message {
    const graph = new Message();
    for (const node of this.#nodes) graph.message(1, this.#message(node));
    graph.text(2, this.name);
    for (const constant of this.#constants) graph.message(5, constant);
    for (const input of this.#inputs) graph.message(11, input);
    for (const output of this.#outputs) graph.message(12, output);
    return graph;
  }
}

interface Node {
  readonly kind: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}

/**
 * The file of a graph.
 * @param says what it is, in a sentence.
 * @param properties further words by name.
 */
export function onnxFile(
  graph: GraphWriter,
  says: string,
  properties: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const model = new Message();
  model.int(1, IR_VERSION).text(2, 'offramp').text(6, says).message(7, graph.message());
  model.message(8, new Message().text(1, '').int(2, OPSET));
  for (const [key, value] of Object.entries(properties))
    model.message(14, new Message().text(1, key).text(2, value));
  return model.finish();
}

function attributeOf(name: string, attribute: Attribute): Message {
  const message = new Message().text(1, name);
  if ('int' in attribute) return message.int(3, attribute.int).int(20, TYPES.int);
  if ('float' in attribute) return message.float(2, attribute.float).int(20, TYPES.float);
  if ('text' in attribute) return message.text(4, attribute.text).int(20, TYPES.text);
  if ('graph' in attribute)
    return message.message(6, attribute.graph.message()).int(20, TYPES.graph);
  for (const value of attribute.ints) message.int(8, value);
  return message.int(20, TYPES.ints);
}

function valueOf(name: string, element: Element, sizes: Sizes): Message {
  const shape = new Message();
  for (const size of sizes)
    shape.message(
      1,
      typeof size === 'number' ? new Message().int(1, size) : new Message().text(2, size),
    );
  const type = new Message().message(1, new Message().int(1, ELEMENTS[element]).message(2, shape));
  return new Message().text(1, name).message(2, type);
}
