/** Before the routines are trusted on a machine, each way to convolve is compared with its definition. */
import * as tf from '@tensorflow/tfjs-core';
import { convolved, worstShare } from '../definition.ts';
import type { Folded, Pair, Work } from '../folded.ts';
import { heapOf, type Heap } from './heap.ts';
import { compileProgram } from './program.ts';

type Convolution = Extract<Work, { kind: 'convolution' | 'depthwise' }>;

/** Maps and strides that lead to each of the algorithms, and to plain sums. */
const CASES: readonly (readonly [map: number, stride: number])[] = [
  [2, 1],
  [6, 1],
  [8, 1],
  [5, 2],
];
const CHANNELS = 4;
const IMAGES = 9;
const TOLERANCE = 1e-5;

export interface CheckedHeap {
  /** Null where the routines cannot be used. */
  readonly heap: Heap | null;
  /** Why they are not used although they could be, as a sentence. */
  readonly problem: string | null;
}

const checked = new WeakMap<object, CheckedHeap>();

/** The heap of a backend on which the routines give what they should. */
export function checkedHeap(backend: tf.KernelBackend): CheckedHeap {
  const known = checked.get(backend);
  if (known) return known;
  const heap = heapOf(backend);
  const problem = heap && problemWith(heap);
  const result = { heap: problem === null ? heap : null, problem };
  checked.set(backend, result);
  return result;
}

/** A sentence where a routine is off by more than rounding, or fails; null where all is well. */
export function problemWith(heap: Heap): string | null {
  try {
    const worst = Math.max(...CASES.map((of) => errorOf(heap, of)));
    if (worst <= TOLERANCE) return null;
    return `The page's own WebAssembly routines were off by ${worst.toExponential(0)} on this machine; tfjs's are used.`;
  } catch (error) {
    return `The page's own WebAssembly routines failed on this machine (${String(error)}); tfjs's are used.`;
  }
}

function errorOf(heap: Heap, [side, stride]: readonly [number, number]): number {
  const both = (n: number): Pair => [n, n];
  const out = Math.floor((side - 1) / stride) + 1;
  const work: Convolution = {
    kind: 'convolution',
    window: {
      size: both(3),
      strides: both(stride),
      dilations: both(1),
      before: both(1),
      after: both(1),
    },
    kernel: numbers(9 * CHANNELS * CHANNELS, 0.7),
    kernelShape: [3, 3, CHANNELS, CHANNELS],
    bias: numbers(CHANNELS, 0.3),
    activation: 'relu',
  };
  const input = [side, side, CHANNELS];
  const folded: Folded & { work: Convolution } = {
    inputs: [0],
    output: 1,
    inputShapes: [input],
    shape: [out, out, CHANNELS],
    work,
  };
  const x = numbers(IMAGES * side * side * CHANNELS, 1);
  const program = compileProgram([folded], input, [1], heap)!;
  try {
    const got = tf.tidy(() => program.forward(tf.tensor(x, [IMAGES, ...input]))[0]!.dataSync());
    return worstShare(got, convolved(folded, x));
  } finally {
    program.dispose();
  }
}

/** Numbers of both signs that repeat themselves late. */
const numbers = (count: number, pace: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(pace * i + i * i));
