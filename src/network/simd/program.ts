/**
 * A whole folded network in WebAssembly SIMD, written by hand, in tfjs's own memory. What it computes is what the folded
 * operations say; what a stage is said to cost stays the network's own count.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { product } from '../cost.ts';
import { tapsOf } from '../products.ts';
import type { Activation, Folded, Work } from '../folded.ts';
import { algorithmOf, bilinearStep, directStep, isConvolvable } from './convolution-steps.ts';
import type { Heap } from './heap.ts';
import { fromBlocks, toBlocks } from './layout.ts';
import { throughAll, type Underway } from '../underway.ts';
import { blockBytes, LANES, pixelBytes, type Step, type Storage } from './storage.ts';

export interface Program {
  /**
   * @param input float32 [B, height, width, channels].
   * @returns the outputs of the kept nodes, [B, D_j] each. The caller disposes of them.
   */
  forward(input: tf.Tensor): tf.Tensor2D[];
  /** The same step by step: from one kept node to the next. */
  start(input: tf.Tensor): Underway;
  dispose(): void;
}

/**
 * @param input shape of one image.
 * @param kept nodes whose outputs are wanted, in order.
 * @returns null where there is an operation that it does not know.
 */
export function compileProgram(
  ops: readonly Folded[],
  input: readonly number[],
  kept: readonly number[],
  heap: Heap,
): Program | null {
  if (!ops.every(isKnown)) return null;
  const storages = new Map<number, Storage>([[0, inputStorage(input)]]);
  const steps: Step[] = [];
  for (const { folded, finish, residual } of withResiduals(ops, new Set(kept))) {
    const step = stepOf(heap, folded, storages, finish);
    const inputs = residual === undefined ? folded.inputs : [...folded.inputs, residual];
    storages.set(folded.output, step.storage);
    steps.push({ ...step, inputs, output: folded.output });
  }
  const uses = new Map<number, number>();
  for (const node of [...steps.flatMap((step) => step.inputs), ...kept])
    uses.set(node, (uses.get(node) ?? 0) + 1);

  const start = (x: tf.Tensor): Underway => {
    const left = new Map(uses);
    const places = new Map<number, number>();
    let count = x.shape[0]!;
    /** The next step, and the kept node to which the last ones led. */
    let [at, reached, node] = [0, -1, 0];
    const blocks = () => Math.ceil(count / LANES);
    const make = (of: number) => {
      const address = heap.reserve(blocks() * blockBytes(storages.get(of)!));
      places.set(of, address);
      return address;
    };
    const drop = (of: number) => {
      const more = left.get(of)! - 1;
      left.set(of, more);
      if (more > 0) return;
      heap.release(places.get(of)!);
      places.delete(of);
    };
    toBlocks(heap, heap.addressOf(x), make(0), storages.get(0)!, count);
    return {
      get count() {
        return count;
      },
      next() {
        if (reached >= 0) drop(node);
        node = kept[++reached]!;
        for (let output = -1; output !== node;) {
          const step = steps[at++]!;
          output = step.output;
          const inputs = step.inputs.map((of) => places.get(of)!);
          step.run(inputs, make(output), blocks());
          for (const of of step.inputs) drop(of);
        }
      },
      rows: () => fromBlocks(heap, places.get(node)!, storages.get(node)!, count),
      keep(rows, which) {
        if (places.size !== 1)
          throw new Error(`More than one tensor leads on from here (${places.size}).`);
        heap.release(places.get(node)!);
        places.clear();
        count = which.length;
        const storage = storages.get(node)!;
        if (storage.stored !== storage.channels)
          heap.floats(make(node), (blocks() * blockBytes(storage)) / 4).fill(0);
        else make(node);
        const from = heap.addressOf(rows);
        toBlocks(heap, from, places.get(node)!, storage, count, (image) => which[image]!);
      },
      dispose() {
        for (const address of places.values()) heap.release(address);
        places.clear();
      },
    };
  };
  return {
    start,
    forward: (x) => throughAll(start(x), kept.length),
    dispose: () => steps.forEach(({ owned }) => owned.forEach((address) => heap.release(address))),
  };
}

/** Pixels as they come: no channels are filled up. */
function inputStorage(shape: readonly number[]): Storage {
  const [pixels, channels] =
    shape.length === 3 ? [shape[0]! * shape[1]!, shape[2]!] : [1, product(shape)];
  return { pixels, channels, stored: channels };
}

function isKnown(folded: Folded): boolean {
  const { work } = folded;
  switch (work.kind) {
    case 'convolution':
    case 'depthwise':
      return isConvolvable(folded, work);
    case 'add':
      return folded.inputs.length === 2;
    case 'layer':
      return false;
    case 'maxPool': {
      const seen = new Set([...placesOf(folded, work)].map(({ to }) => to));
      return seen.size === folded.shape[0]! * folded.shape[1]!;
    }
    default:
      return true;
  }
}

interface Planned {
  readonly folded: Folded;
  readonly finish: { readonly activation: Activation; readonly residual: boolean };
  /** Node that is added before the activation. */
  readonly residual?: number;
}

/** An addition disappears into the convolution before it where nobody else takes that one's output. */
function withResiduals(ops: readonly Folded[], kept: ReadonlySet<number>): Planned[] {
  const byOutput = new Map(ops.map((op) => [op.output, op]));
  const takers = new Map<number, number>();
  for (const node of ops.flatMap((op) => op.inputs)) takers.set(node, (takers.get(node) ?? 0) + 1);
  const absorbed = new Set<number>();
  const planned = ops.map((op): Planned => {
    const { work, inputs } = op;
    const plain: Planned = {
      folded: op,
      finish: { activation: activationOf(work), residual: false },
    };
    if (work.kind !== 'add') return plain;
    const candidates = inputs.filter((node) => {
      const before = byOutput.get(node);
      return (
        before?.work.kind === 'convolution' &&
        before.work.activation === 'linear' &&
        takers.get(node) === 1 &&
        !kept.has(node)
      );
    });
    const node = candidates.length > 0 ? Math.max(...candidates) : undefined;
    if (node === undefined) return plain;
    absorbed.add(node);
    const before = byOutput.get(node)!;
    const residual = inputs.find((other) => other !== node)!;
    const finish = { activation: work.activation, residual: true };
    return { folded: { ...before, output: op.output }, finish, residual };
  });
  return planned.filter(({ folded }) => !absorbed.has(folded.output));
}

const activationOf = (work: Work): Activation =>
  'activation' in work ? work.activation : 'linear';

/** The pixels that a pool sees, by output pixel. */
const placesOf = ({ inputShapes, shape }: Folded, { window }: Extract<Work, { kind: 'maxPool' }>) =>
  tapsOf(window, [inputShapes[0]![0]!, inputShapes[0]![1]!], [shape[0]!, shape[1]!]);

function stepOf(
  heap: Heap,
  folded: Folded,
  storages: ReadonlyMap<number, Storage>,
  finish: Planned['finish'],
): Omit<Step, 'inputs' | 'output'> {
  const { work, inputs } = folded;
  const input = storages.get(inputs[0]!)!;
  const vectors = (storage: Storage, blocks: number) => (blocks * blockBytes(storage)) / 16;
  switch (work.kind) {
    case 'convolution':
    case 'depthwise':
    case 'dense': {
      const algorithm = algorithmOf(folded);
      const make = algorithm ? bilinearStep(algorithm) : directStep;
      return make(heap, input, { ...folded, work }, finish);
    }
    case 'maxPool': {
      const table: number[] = [];
      let [pixel, head] = [-1, 0];
      for (const { from, to } of placesOf(folded, work)) {
        if (to !== pixel) head = table.push(0) - 1;
        pixel = to;
        table[head]!++;
        table.push(from * pixelBytes(input));
      }
      const [height, width] = folded.shape as readonly [number, number, number];
      return poolStep(heap, 'maxPool', input, height * width, table);
    }
    case 'mean': {
      const places = Array.from({ length: input.pixels }, (_, i) => i * pixelBytes(input));
      return poolStep(heap, 'mean', input, 1, [input.pixels, ...places]);
    }
    case 'add':
      return {
        storage: input,
        owned: [],
        run: ([a, b], y, blocks) =>
          heap.call(`add${work.activation}`, a!, b!, y, vectors(input, blocks)),
      };
    case 'same':
    case 'activation':
      return {
        storage: input,
        owned: [],
        run: ([x], y, blocks) =>
          heap.call(`activate${finish.activation}`, x!, x!, y, vectors(input, blocks)),
      };
    case 'layer':
      throw new Error(`The layer ${work.node.name} is not known to the program.`);
  }
}

function poolStep(
  heap: Heap,
  kind: 'maxPool' | 'mean',
  input: Storage,
  pixels: number,
  places: number[],
): Omit<Step, 'inputs' | 'output'> {
  const storage = { ...input, pixels };
  const table = heap.place(places, 'int');
  const share = heap.place([1 / input.pixels]);
  return {
    storage,
    owned: [table, share],
    run: ([x], y, blocks) =>
      // prettier-ignore
      heap.call(kind, x!, y, table, pixels, blocks, blockBytes(input), 2 * input.stored, share),
  };
}
