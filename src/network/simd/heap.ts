/** tfjs's own WebAssembly memory, so that what is computed here is a tensor without a copy. */
import * as tf from '@tensorflow/tfjs-core';
import { ALGORITHMS } from './bilinear.ts';
import { assemble } from './assembler.ts';
import { convolve } from './convolve.ts';
import { combine, interleave, pool } from './elements.ts';
import { ACTIVATIONS, FINISHES } from './finish.ts';
import { addRow, squaredDistances } from './rows.ts';
import { transformInput, transformOutput } from './transforms.ts';

/** Calls a routine by its name. Addresses and strides are in bytes. */
export type Call = (name: string, ...numbers: number[]) => void;

export interface Heap {
  readonly call: Call;
  /** @throws Error with a sentence when there is not so much memory. */
  reserve(bytes: number): number;
  release(address: number): void;
  floats(address: number, count: number): Float32Array;
  /** Numbers that stay there until they are released. */
  place(numbers: ArrayLike<number>, kind?: 'float' | 'int'): number;
  /** Where a tensor's numbers are. */
  addressOf(tensor: tf.TensorInfo): number;
  /** A tensor whose numbers are still to be written. */
  tensor(shape: [number, number]): tf.Tensor2D;
}

interface WasmBackend extends tf.KernelBackend {
  readonly wasm: {
    readonly asm: { readonly memory: WebAssembly.Memory };
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
  readonly dataIdMap: { get(id: object): { readonly memoryOffset: number } };
  makeOutput(shape: number[], dtype: 'float32'): tf.TensorInfo;
}

/** What of tfjs's wasm backend is used here is not in its types or may change: it is looked for before it is used. */
function isWasmBackend(backend: tf.KernelBackend): backend is WasmBackend {
  if (!('wasm' in backend && 'dataIdMap' in backend && 'makeOutput' in backend)) return false;
  const { wasm } = backend;
  if (typeof wasm !== 'object' || wasm === null) return false;
  if (!('asm' in wasm && '_malloc' in wasm && '_free' in wasm)) return false;
  const { asm } = wasm;
  if (typeof asm !== 'object' || asm === null || !('memory' in asm)) return false;
  // A memory that threads share would have to be imported as such.
  return asm.memory instanceof WebAssembly.Memory && asm.memory.buffer instanceof ArrayBuffer;
}

const compiled: { module?: WebAssembly.Module | null } = {};

function routines() {
  return [
    ...FINISHES.map((finish) => convolve(finish)),
    ...ALGORITHMS.flatMap((algorithm) => [
      transformInput(algorithm),
      ...FINISHES.map((finish) => transformOutput(algorithm, finish)),
    ]),
    ...ACTIVATIONS.flatMap((activation) => [
      combine('add', activation),
      combine('activate', activation),
    ]),
    ...[
      pool('maxPool'),
      pool('mean'),
      interleave('into'),
      interleave('outOf'),
      addRow,
      ...[1, 2, 3, 4].map(squaredDistances),
    ],
  ];
}

/** Null where there is no SIMD. */
function compile(): WebAssembly.Module | null {
  const bytes = assemble(routines());
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
}

const heaps = new WeakMap<object, Heap>();

/** The heap of tfjs's backend; null where that is not wasm, or not as it is expected to be. */
export function heapOf(backend: tf.KernelBackend): Heap | null {
  const known = heaps.get(backend);
  if (known) return known;
  if (!isWasmBackend(backend)) return null;
  compiled.module ??= compile();
  if (!compiled.module) return null;
  const heap = openHeap(backend, compiled.module);
  heaps.set(backend, heap);
  return heap;
}

function openHeap(backend: WasmBackend, module: WebAssembly.Module): Heap {
  const { wasm } = backend;
  const { memory } = wasm.asm;
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const calls = exports as Record<string, (...numbers: number[]) => void>;
  const reserve = (bytes: number): number => {
    const address = wasm._malloc(bytes) >>> 0;
    if (address === 0)
      throw new Error(
        `There is no room for ${Math.ceil(bytes / 2 ** 20)} MiB more in the memory of WebAssembly. Close other pages.`,
      );
    return address;
  };
  return {
    call: (name, ...numbers) => calls[name]!(...numbers),
    reserve,
    release: (address) => wasm._free(address),
    floats: (address, count) => new Float32Array(memory.buffer, address, count),
    place(numbers, kind = 'float') {
      const address = reserve(4 * Math.max(1, numbers.length));
      const Kind = kind === 'float' ? Float32Array : Int32Array;
      new Kind(memory.buffer, address, numbers.length).set(numbers);
      return address;
    },
    addressOf: ({ dataId }) => backend.dataIdMap.get(dataId).memoryOffset,
    tensor: (shape) =>
      tf
        .engine()
        .makeTensorFromTensorInfo(backend.makeOutput(shape, 'float32'), backend) as tf.Tensor2D,
  };
}
