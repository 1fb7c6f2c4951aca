/** Convolutions and dense layers as steps, packed for the routines when they are made. */
import { product } from '../cost.ts';
import type { Activation, Folded, Pair, Work } from '../folded.ts';
import { tapsOf } from '../products.ts';
import { algorithmFor, transformKernel, type Algorithm } from './bilinear.ts';
import { finishName } from './finish.ts';
import type { Heap } from './heap.ts';
import { blockBytes, LANES, pixelBytes, storageOf, type Step, type Storage } from './storage.ts';

type Convolution = Extract<Work, { kind: 'convolution' | 'depthwise' }>;
type Dense = Extract<Work, { kind: 'dense' }>;

/** What is read and written between two weights should stay in the second cache. */
const CACHE = 2 ** 19;

/** A step that takes the residual after its input where there is one. */
export type MakeStep = (
  heap: Heap,
  input: Storage,
  folded: Folded & { work: Convolution | Dense },
  finish: { readonly activation: Activation; readonly residual: boolean },
) => Omit<Step, 'inputs' | 'output'>;

/** [tap][in][out] → [group of four out][tap][stored in][4], as `convolve` reads it. */
function packed(
  kernel: ArrayLike<number>,
  taps: number,
  { channels, stored }: Storage,
  out: number,
): Float32Array {
  const groups = Math.ceil(out / 4);
  const rows = taps * stored;
  const weights = new Float32Array(groups * rows * 4);
  for (let tap = 0; tap < taps; tap++)
    for (let c = 0; c < channels; c++) {
      const from = (tap * channels + c) * out;
      for (let o = 0; o < out; o++)
        weights[((o >> 2) * rows + tap * stored + c) * 4 + (o & 3)] = kernel[from + o]!;
    }
  return weights;
}

function filledUp(bias: Float32Array | undefined, out: number): Float32Array {
  const filled = new Float32Array(4 * Math.ceil(out / 4));
  if (bias) filled.set(bias);
  return filled;
}

/**
 * What each output pixel sees, as `convolve` reads it; null where one sees nothing but padding. Neighbouring taps on
 * neighbouring pixels make one run.
 */
function runsOf(window: Convolution['window'], map: Pair, out: Pair, input: Storage) {
  const table: number[] = [];
  const step = pixelBytes(input);
  let pixel = -1;
  let head = 0;
  let last = { from: -2, tap: -2 };
  for (const { from, to, tap } of tapsOf(window, map, out)) {
    if (to !== pixel) {
      if (to !== pixel + 1) return null;
      pixel = to;
      head = table.push(0) - 1;
    } else if (from === last.from + 1 && tap === last.tap + 1) {
      table[table.length - 1]! += input.stored;
      last = { from, tap };
      continue;
    }
    table[head]!++;
    table.push(from * step, tap * input.stored * 16, input.stored);
    last = { from, tap };
  }
  return pixel === product(out) - 1 ? table : null;
}

/** Whether every output pixel sees something of the map, and the kernel is not a depthwise one. */
export function isConvolvable({ inputShapes, shape }: Folded, work: Convolution): boolean {
  const [height, width] = inputShapes[0] as readonly [number, number, number];
  const out = shape as readonly [number, number, number];
  return (
    work.kind === 'convolution' &&
    runsOf(work.window, [height, width], [out[0], out[1]], storageOf(1, 1)) !== null
  );
}

export const directStep: MakeStep = (heap, input, folded, finish) => {
  const { work, inputShapes, shape } = folded;
  const out = shape.at(-1)!;
  const output = storageOf(product(shape.slice(0, -1)), out);
  const isDense = work.kind === 'dense';
  const taps = isDense ? input.pixels : product(work.window.size);
  const [height, width] = inputShapes[0] as readonly [number, number, number];
  const table = isDense
    ? [1, 0, 0, input.pixels * input.stored]
    : runsOf(work.window, [height, width], [shape[0]!, shape[1]!], input)!;
  const weights = packed(work.kernel, taps, input, out);
  const [w, bias, runs] = [
    heap.place(weights),
    heap.place(filledUp(work.bias, out)),
    heap.place(table, 'int'),
  ];
  const groups = output.stored / 4;
  const [xBlock, yBlock, yPixel] = [blockBytes(input), blockBytes(output), pixelBytes(output)];
  const most = Math.max(1, Math.floor(CACHE / 2 / xBlock));
  const name = `convolve${finishName(finish)}`;
  return {
    storage: output,
    owned: [w, bias, runs],
    run([x, residual = 0], y, blocks) {
      for (let from = 0; from < blocks; from += most) {
        const count = Math.min(most, blocks - from);
        // prettier-ignore
        heap.call(name, x! + from * xBlock, y + from * yBlock, residual + from * yBlock, w, bias, runs,
          output.pixels, count, groups, xBlock, yBlock, yPixel, 16 * taps * input.stored);
      }
    },
  };
};

/** Tiles of a map: of each, the pixels that it reads (−1 outside) and those that it writes. */
function tilesOf({ outputs, before, input }: Algorithm, height: number, width: number) {
  const side = input[0]!.length;
  const reads: number[] = [];
  const writes: number[] = [];
  for (let top = 0; top < height; top += outputs)
    for (let left = 0; left < width; left += outputs) {
      for (let i = 0; i < side * side; i++) {
        const row = top - before + Math.floor(i / side);
        const column = left - before + (i % side);
        const isInside = row >= 0 && row < height && column >= 0 && column < width;
        reads.push(isInside ? row * width + column : -1);
      }
      for (let i = 0; i < outputs * outputs; i++)
        writes.push((top + Math.floor(i / outputs)) * width + left + (i % outputs));
    }
  return { count: (height * width) / outputs ** 2, reads, writes };
}

/** The algorithm with fewer multiplications for a layer; null where there is none. */
export function algorithmOf({ inputShapes, work }: Folded): Algorithm | null {
  if (work.kind !== 'convolution') return null;
  const { size, strides, dilations, before, after } = work.window;
  const isThree = size.every((n) => n === 3);
  const isOne = [...strides, ...dilations, ...before, ...after].every((n) => n === 1);
  const [height, width] = inputShapes[0] as readonly [number, number, number];
  return isThree && isOne ? algorithmFor(height, width) : null;
}

export const bilinearStep =
  (algorithm: Algorithm): MakeStep =>
  (heap, input, { work, inputShapes, shape }, finish) => {
    const [height, width] = inputShapes[0] as readonly [number, number, number];
    const out = shape.at(-1)!;
    const output = storageOf(height * width, out);
    const products = algorithm.input.length ** 2;
    const { count: tiles, reads, writes } = tilesOf(algorithm, height, width);
    const pairs = input.channels * out;
    const kernels = transformKernel(algorithm, work.kernel, pairs);
    const size = (output.stored / 4) * input.stored * 4;
    const weights = new Float32Array(products * size);
    for (let t = 0; t < products; t++)
      weights.set(packed(kernels.subarray(t * pairs, (t + 1) * pairs), 1, input, out), t * size);
    const spread = new Float32Array(LANES * output.stored);
    for (let i = 0; work.bias && i < LANES * out; i++)
      spread[i] = work.bias[Math.floor(i / LANES)]!;
    const [xPixel, yPixel] = [pixelBytes(input), pixelBytes(output)];
    const w = heap.place(weights);
    const bias = heap.place(spread);
    const none = heap.place(new Float32Array(output.stored));
    const zeros = heap.place(new Float32Array(LANES * input.stored));
    const from = heap.place(
      reads.map((pixel) => (pixel < 0 ? -1 : pixel * xPixel)),
      'int',
    );
    const to = heap.place(
      writes.map((pixel) => pixel * yPixel),
      'int',
    );
    // Tiles that are multiplied at a time: of some blocks, or some tiles of one.
    const fitting = Math.max(1, Math.floor(CACHE / (products * (xPixel + yPixel))));
    const part = Math.min(tiles, fitting);
    const blocksAtOnce = Math.max(1, Math.floor(fitting / tiles));
    const rows = part * blocksAtOnce;
    const runs = heap.place(
      Array.from({ length: rows }, (_, i) => [1, i * xPixel, 0, input.stored]).flat(),
      'int',
    );
    const [xBlock, yBlock] = [blockBytes(input), blockBytes(output)];
    const [vStep, mStep] = [rows * xPixel, rows * yPixel];
    const finishing = `output${algorithm.name}${finishName(finish)}`;
    return {
      storage: output,
      owned: [w, bias, none, zeros, from, to, runs],
      run([x, residual], y, blocks) {
        const v = heap.reserve(products * vStep);
        const m = heap.reserve(products * mStep);
        const delta = residual === undefined ? 0 : residual - y;
        for (let block = 0; block < blocks; block += blocksAtOnce) {
          const many = Math.min(blocksAtOnce, blocks - block);
          for (let tile = 0; tile < tiles; tile += part) {
            const some = Math.min(part, tiles - tile);
            const reading = from + 4 * tile * algorithm.input[0]!.length ** 2;
            const writing = to + 4 * tile * algorithm.outputs ** 2;
            // prettier-ignore
            heap.call(`input${algorithm.name}`, x! + block * xBlock, v, reading, some, many, xBlock,
              2 * input.stored, vStep, zeros);
            for (let t = 0; t < products; t++)
              // prettier-ignore
              heap.call('convolvelinear', v + t * vStep, m + t * mStep, 0, w + 4 * t * size, none, runs,
                some * many, 1, output.stored / 4, 0, 0, yPixel, 16 * input.stored);
            // prettier-ignore
            heap.call(finishing, m, y + block * yBlock, delta, bias, writing, some, many, yBlock,
              2 * output.stored, mStep);
          }
        }
        heap.release(v);
        heap.release(m);
      },
    };
  };
