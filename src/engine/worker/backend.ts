/** Chooses what computes: WebGPU when there is a hardware adapter, else wasm. */
import * as tf from '@tensorflow/tfjs-core';
import { FetchError } from '../../fetch/file.ts';
import { checkedHeap } from '../../network/simd/check.ts';
import { describeAdapter, findAdapter, isSoftware, PATIENCE, within } from '../adapter.ts';
import type { BackendChoice, WorkerBackend } from '../protocol.ts';

/** Where the .wasm files are: one address a file, or a folder. */
export type WasmPaths = string | Record<string, string>;

export interface ChosenBackend extends WorkerBackend {
  /** Settles with a reason when the device is lost; never, on wasm. */
  readonly lost: Promise<string>;
}

/**
 * Loads the code of one backend and makes it tfjs's.
 * @throws Error with a sentence when the choice cannot be had.
 */
export async function chooseBackend(
  choice: BackendChoice,
  wasmPaths: WasmPaths,
): Promise<ChosenBackend> {
  if (choice === 'wasm') return startWasm(wasmPaths, null);
  if (choice === 'cpu') return startJavaScript();
  const instead = (reason: string): Promise<ChosenBackend> => {
    if (choice === 'webgpu') throw new Error(reason);
    return startWasm(wasmPaths, reason);
  };
  const { adapter, problem } = await findAdapter();
  if (!adapter) return instead(problem);
  if (choice === 'auto' && isSoftware(adapter))
    return instead(
      `The only WebGPU adapter is software (${describeAdapter(adapter)}), which is slower than wasm.`,
    );
  try {
    return await startWebGpu(adapter);
  } catch (error) {
    return instead(
      `WebGPU did not start: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

async function startWebGpu(adapter: GPUAdapter): Promise<ChosenBackend> {
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  const isTaken = await within(PATIENCE.device, tf.setBackend('webgpu'));
  if (!isTaken) throw new Error('tfjs refused the adapter');
  await tf.ready();
  const backend = tf.backend();
  if (!(backend instanceof WebGPUBackend)) throw new Error('tfjs took another backend');
  const { device } = backend;
  return {
    name: 'webgpu',
    device: describeAdapter(adapter),
    software: isSoftware(adapter),
    fallback: null,
    trainsConvolutions: trainsConvolutions(),
    largestTensor: Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize),
    lost: device.lost.then(
      ({ message, reason }) =>
        `the GPU took its device away: ${(message || reason).replace(/\.$/, '')}`,
    ),
  };
}

async function startWasm(paths: WasmPaths, fallback: string | null): Promise<ChosenBackend> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(paths);
  // One thread a worker: the pool shares the images, and tfjs's threads break where a page is cross-origin isolated.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await tf.setBackend('wasm'))) {
    const hasSimd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
    const file = `tfjs-backend-wasm${hasSimd ? '-simd' : ''}.wasm`;
    throw new FetchError(
      'unreachable',
      `The wasm backend did not start: ${file} could not be loaded, or was refused by the browser. Try again when you are ` +
        'online, or run few images on JavaScript, which needs no such file and is far slower: under “What computes”.',
    );
  }
  await tf.ready();
  const hasSimd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  const slow = 'This browser’s WebAssembly has no SIMD: everything works, several times slower.';
  return {
    name: 'wasm',
    device: 'wasm',
    software: false,
    fallback: fallback ?? (hasSimd ? checkedHeap(tf.backend()).problem : slow),
    trainsConvolutions: trainsConvolutions(),
    largestTensor: null,
    lost: new Promise(() => undefined),
  };
}

/** Tensors in plain JavaScript: for browsers, or moments, in which neither of the others can be had. */
async function startJavaScript(): Promise<ChosenBackend> {
  await import('@tensorflow/tfjs-backend-cpu');
  await tf.setBackend('cpu');
  return {
    name: 'cpu',
    device: 'JavaScript',
    software: true,
    fallback: 'Plain JavaScript computes, a hundred times slower than wasm: choose few images.',
    trainsConvolutions: trainsConvolutions(),
    largestTensor: null,
    lost: new Promise(() => undefined),
  };
}

/** Whether the backend in use has the gradients that training a network from its images takes. */
export function trainsConvolutions(): boolean {
  const needed = ['Conv2DBackpropFilter', 'Conv2DBackpropInput', 'MaxPoolGrad'];
  return needed.every((name) => Boolean(tf.getKernel(name, tf.getBackend())));
}
