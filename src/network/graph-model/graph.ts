/** The graph that is being written: ONNX's nodes, in whose terms TensorFlow's are said. */
import { constantOf, type Constant } from '../onnx/constants.ts';
import type { Attribute, OnnxNode, TensorBytes } from '../onnx/model.ts';

type Given = number | string | readonly number[];

/** NHWC as NCHW, and back. */
const FIRST = [0, 3, 1, 2];
const LAST = [0, 2, 3, 1];

const nothing = { float: 0, int: 0, text: '', floats: [], ints: [], tensor: null, hasGraph: false };

/** Floats are told from whole numbers by their names. */
const FLOATS = new Set(['epsilon', 'alpha', 'beta', 'min', 'max']);

function attributeOf(name: string, value: Given): Attribute {
  if (typeof value === 'string') return { ...nothing, name, text: value };
  if (typeof value !== 'number') return { ...nothing, name, ints: value };
  return FLOATS.has(name) ? { ...nothing, name, float: value } : { ...nothing, name, int: value };
}

export class GraphWriter {
  readonly nodes: OnnxNode[] = [];
  readonly #tensors: ReadonlyMap<string, TensorBytes>;
  /** Names that stand for another: those of identities of weights. */
  readonly #same = new Map<string, string>();
  /** Convolutions and products that still take a bias, by the name of what they give. */
  readonly #open = new Map<string, number>();
  readonly #turned = new Set<string>();
  #scopes: readonly string[] = [];

  constructor(tensors: ReadonlyMap<string, TensorBytes>) {
    this.#tensors = tensors;
  }

  /** Of the node that is being translated: what layers are named after. */
  set scopes(scopes: readonly string[]) {
    this.#scopes = scopes;
  }

  /** @returns the name of what it gives. */
  add(
    type: string,
    inputs: readonly string[],
    output: string,
    attributes: Readonly<Record<string, Given>> = {},
    outputs: readonly string[] = [output],
  ): string {
    const all = Object.entries(attributes).map(
      ([name, value]) => [name, attributeOf(name, value)] as const,
    );
    this.nodes.push({
      ...{ name: output, type, domain: '', inputs, outputs },
      attributes: new Map(all),
      scopes: this.#scopes,
    });
    return output;
  }

  /** Weights under another name. */
  alias(name: string, of: string): void {
    if (this.weights(of)) this.#same.set(name, of);
  }

  /** The weights that a name stands for; undefined where it is computed. */
  weights(name: string): TensorBytes | undefined {
    return this.#tensors.get(this.#same.get(name) ?? name);
  }

  /** Numbers of the file. @throws Error that names them by `what` when they are computed. */
  numbers(name: string | undefined, what: string): Constant {
    const tensor = name === undefined ? undefined : this.weights(name);
    if (!tensor) throw new Error(`its ${what} are computed, not numbers of the file`);
    return constantOf(tensor, () => {
      throw new Error('there is no other file');
    });
  }

  /** A map in ONNX's order. */
  first(name: string): string {
    return this.#moved(name, 'first', FIRST);
  }

  /** A map of ONNX's order in TensorFlow's, under a name. */
  last(name: string, output: string): string {
    return this.add('Transpose', [name], output, { perm: LAST });
  }

  #moved(name: string, how: string, perm: readonly number[]): string {
    const output = `${name}/${how}`;
    if (this.#turned.has(output)) return output;
    this.#turned.add(output);
    return this.add('Transpose', [name], output, { perm });
  }

  /** Says that what `name` stands for comes of the node that was added `back` before the last one, which may take a bias. */
  takesBias(name: string, back: number): void {
    this.#open.set(name, this.nodes.length - 1 - back);
  }

  /** Gives a convolution or product its bias; false where there is none at that name, or the bias is computed. */
  addBias(name: string, bias: string): boolean {
    const at = this.#open.get(name);
    const tensor = this.weights(bias);
    if (at === undefined || !tensor) return false;
    const node = this.nodes[at]!;
    this.nodes[at] = { ...node, inputs: [...node.inputs, tensor.name] };
    this.#open.delete(name);
    return true;
  }
}
