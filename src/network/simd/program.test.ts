/** Folded operations in hand-written WebAssembly, beside their definition. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { product } from '../cost.ts';
import { convolved, worstShare } from '../definition.ts';
import type { Folded } from '../folded.ts';
import { tensorOp } from '../tensor-ops.ts';
import { foldedOf, manyCases, randomNumbers, windowOf } from '../testing.ts';
import { algorithmFor } from './bilinear.ts';
import { checkedHeap, problemWith } from './check.ts';
import { heapOf, type Heap } from './heap.ts';
import { compileProgram } from './program.ts';

/** Of the largest number; the roughest algorithm has a third of it. */
const TOLERANCE = 5e-6;

let heap: Heap;

beforeAll(async () => {
  await tf.setBackend('wasm');
  heap = heapOf(tf.backend())!;
});

/** Outputs of `kept` for `count` images of a shape. */
async function outputs(
  ops: readonly Folded[],
  shape: readonly number[],
  x: Float32Array,
  kept: readonly number[],
): Promise<Float32Array[]> {
  const program = compileProgram(ops, shape, kept, heap)!;
  const input = tf.tensor(x, [x.length / product(shape), ...shape]);
  const tensors = program.forward(input);
  const values = await Promise.all(tensors.map((t) => t.data() as Promise<Float32Array>));
  tf.dispose([input, ...tensors]);
  program.dispose();
  return values;
}

describe('a convolution', () => {
  it('is what its definition says, for every kernel, stride, padding, dilation, map and number of images', async () => {
    for (const [turn, of] of manyCases('convolution').entries()) {
      const folded = foldedOf(of, turn);
      const shape = folded.inputShapes[0]!;
      const x = randomNumbers([1, 3, 8, 11][turn % 4]! * product(shape), turn + 2);
      const program = compileProgram([folded], shape, [1], heap);
      program?.dispose();
      const seesNothing = of.window.size[0] === 1 && of.window.before[0] > 0;
      expect(program === null).toBe(seesNothing);
      const [got] = await outputs([folded], shape, x, [1]);
      expect(worstShare(got!, convolved(folded, x)), JSON.stringify(of)).toBeLessThan(TOLERANCE);
    }
  });

  it.each([2, 4, 6, 8, 12])(
    'with a map of %i a side is computed by the algorithm for it',
    async (side) => {
      expect(algorithmFor(side, side)!.outputs).toBe(side % 4 === 0 ? 4 : 2);
      for (const channels of [4, 6, 16]) {
        const folded = foldedOf(
          {
            kind: 'convolution',
            map: [side, side],
            channels,
            window: windowOf(3, 1, 1),
            filters: 12,
            activation: 'relu',
            hasBias: true,
          },
          side,
        );
        const x = randomNumbers(19 * side * side * channels, channels);
        const [got] = await outputs([folded], [side, side, channels], x, [1]);
        expect(worstShare(got!, convolved(folded, x))).toBeLessThan(TOLERANCE);
      }
    },
  );

  it('of many blocks and tiles is multiplied part by part', async () => {
    const folded = foldedOf(
      {
        kind: 'convolution',
        map: [8, 16],
        channels: 64,
        window: windowOf(3, 1, 1),
        filters: 32,
        activation: 'relu',
        hasBias: true,
      },
      5,
    );
    const x = randomNumbers(20 * 8 * 16 * 64, 6);
    const [got] = await outputs([folded], [8, 16, 64], x, [1]);
    expect(worstShare(got!, convolved(folded, x))).toBeLessThan(TOLERANCE);
  });
});

/** A block with a projection: 0 → pool 1 → conv 2, conv 3, projection 4, added 5 → mean 6 → dense 7. */
function block(channels: number, filters: number): Folded[] {
  const convolution = (map: number, from: number, size: number, stride: number) => {
    const of = {
      map: [map, map] as const,
      channels: from,
      window: windowOf(size, stride, size >> 1),
    };
    const { inputShapes, shape, work } = foldedOf(
      { ...of, kind: 'convolution', filters, activation: 'linear', hasBias: true },
      size,
    );
    return { inputShapes, shape, work };
  };
  const pooled = [4, 4, channels];
  const out = [2, 2, filters];
  const first = convolution(4, channels, 3, 2);
  return [
    {
      inputs: [0],
      output: 1,
      inputShapes: [[8, 8, channels]],
      shape: pooled,
      work: { kind: 'maxPool', window: windowOf(3, 2, 1) },
    },
    { inputs: [1], output: 2, ...first, work: { ...first.work, activation: 'relu' } },
    { inputs: [2], output: 3, ...convolution(2, filters, 3, 1) },
    { inputs: [1], output: 4, ...convolution(4, channels, 1, 2) },
    {
      inputs: [3, 4],
      output: 5,
      inputShapes: [out, out],
      shape: out,
      work: { kind: 'add', activation: 'relu' },
    },
    { inputs: [5], output: 6, inputShapes: [out], shape: [filters], work: { kind: 'mean' } },
    {
      inputs: [6],
      output: 7,
      inputShapes: [[filters]],
      shape: [10],
      work: {
        kind: 'dense',
        kernel: randomNumbers(filters * 10, 9),
        kernelShape: [filters, 10],
        bias: randomNumbers(10, 8),
        activation: 'linear',
      },
    },
  ];
}

describe('a residual block', () => {
  it.each([
    [8, 8],
    [6, 10],
  ])(
    'of %i and %i channels gives what tfjs gives, kept inside or not',
    async (channels, filters) => {
      const ops = block(channels, filters);
      const x = randomNumbers(13 * 64 * channels, 3);
      const values = new Map<number, tf.Tensor>([[0, tf.tensor(x, [13, 8, 8, channels])]]);
      for (const op of ops) {
        const { run } = tensorOp(op, { gathered: 0 });
        values.set(op.output, run(op.inputs.map((node) => values.get(node)!)));
      }
      for (const kept of [[7], [1, 2, 3, 4, 5, 6, 7]]) {
        const got = await outputs(ops, [8, 8, channels], x, kept);
        for (const [j, node] of kept.entries())
          expect(worstShare(got[j]!, values.get(node)!.dataSync()), `node ${node}`).toBeLessThan(
            2e-6,
          );
      }
    },
  );

  it('gives an image the same bits in a batch of any size', async () => {
    const ops = block(8, 10);
    const image = 64 * 8;
    const x = randomNumbers(29 * image, 5);
    const whole = await outputs(ops, [8, 8, 8], x, [5, 7]);
    for (const size of [1, 7, 8, 16, 20]) {
      const some: Float32Array[][] = [];
      for (let from = 0; from < 29; from += size)
        some.push(
          await outputs(ops, [8, 8, 8], x.slice(from * image, (from + size) * image), [5, 7]),
        );
      for (const [j, all] of whole.entries())
        expect(
          some.flatMap((one) => [...one[j]!]),
          `batches of ${size}`,
        ).toEqual([...all]);
    }
  });

  it('gives back all memory that it took', async () => {
    let held = 0;
    const counting: Heap = {
      ...heap,
      reserve: (bytes) => (held++, heap.reserve(bytes)),
      place: (numbers, kind) => (held++, heap.place(numbers, kind)),
      release: (address) => (held--, heap.release(address)),
    };
    const program = compileProgram(block(8, 8), [8, 8, 8], [1, 5, 7], counting)!;
    const placed = held;
    const tensors = tf.memory().numTensors;
    tf.tidy(() => {
      program.forward(tf.zeros([5, 8, 8, 8]));
    });
    expect(held).toBe(placed);
    expect(tf.memory().numTensors).toBe(tensors);
    program.dispose();
    expect(held).toBe(0);
  });
});

it('leaves what it does not know to tfjs', () => {
  const depthwise = foldedOf({ ...manyCases('depthwise')[0]! }, 1);
  expect(compileProgram([depthwise], depthwise.inputShapes[0]!, [1], heap)).toBeNull();
});

describe('the check', () => {
  it('finds the routines in order, once a backend', () => {
    const first = checkedHeap(tf.backend());
    expect(first.problem).toBeNull();
    expect(first.heap).not.toBeNull();
    expect(checkedHeap(tf.backend())).toBe(first);
  });

  it('says in a sentence that one is off, or fails', () => {
    const skipping = (routine: string): Heap => ({
      ...heap,
      call: (name, ...numbers) => {
        if (name !== routine) heap.call(name, ...numbers);
      },
    });
    for (const routine of ['convolverelu', 'inputPair', 'outputTworelu', 'inputFour', 'intoBlock'])
      expect(problemWith(skipping(routine)), routine).toMatch(
        /routines were off by .* tfjs's are used\.$/,
      );
    const failing = {
      ...heap,
      reserve: () => {
        throw new Error('No room.');
      },
    };
    expect(problemWith(failing)).toMatch(/failed on this machine \(Error: No room\.\)/);
  });
});
